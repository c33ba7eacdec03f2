using System.Globalization;
using System.IO.Compression;

namespace MLBuild.Stages.Tables;

/// <summary>The one file in a zip file, checked against its length and check sum when it has been read to its end.
/// </summary>
/// <remarks>One, because rows are named by their line: of several files, lines have the same numbers. The framework
/// checks neither.</remarks>
internal sealed class ZipMember : ReadingStream
{
    private const int NamesShown = 3;

    private readonly ZipArchive _archive;
    private readonly ZipArchiveEntry _entry;
    private readonly Stream _bytes;
    private readonly string _name;
    private Crc32 _crc = new();
    private long _length;

    private ZipMember(ZipArchive archive, ZipArchiveEntry entry, string name) =>
        (_archive, _entry, _name, _bytes) = (archive, entry, name, entry.Open());

    /// <summary>What kind of text the member is.</summary>
    /// <exception cref="TableException">The file is no zip file with one text file of rows.</exception>
    public static RowFormat RowsOf(string path, string name)
    {
        using var file = TextFile.OpenBytes(path, name);
        return Readable(name, () =>
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return Rows(Only(archive, name), name);
        });
    }

    /// <param name="file">Is closed with the member.</param>
    public static ZipMember Open(Stream file, string name) => Readable(name, () =>
    {
        var archive = new ZipArchive(file, ZipArchiveMode.Read);
        try
        {
            return new ZipMember(archive, Only(archive, name), name);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    });

    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = _bytes.Read(buffer);
        }
        catch (InvalidDataException fault)
        {
            throw Corrupt(fault);
        }
        _crc.Add(buffer[..read]);
        _length += read;
        return read > 0 || buffer.IsEmpty || (_length == _entry.Length && _crc.Value == _entry.Crc32)
            ? read
            : throw Corrupt(null);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _bytes.Dispose();
            _archive.Dispose();
        }
        base.Dispose(disposing);
    }

    private static ZipArchiveEntry Only(ZipArchive archive, string name)
    {
        // Folders, and what one system adds beside each file.
        var files = archive.Entries
            .Where(entry => entry.Name.Length > 0
                && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal))
            .ToArray();
        if (files is not [var only])
            throw new TableException(files.Length == 0
                ? $"'{name}' has no file in it. Expected one."
                : $"'{name}' has {files.Length} files in it: "
                    + string.Join(", ", files.Take(NamesShown).Select(file => file.FullName))
                    + (files.Length > NamesShown ? ", …" : "")
                    + ". Expected one. Unpack it, and name the folder.");
        if (only.IsEncrypted)
            throw new TableException($"'{name}' is encrypted. Unpack it, or pack it without a password.");
        return only;
    }

    private static RowFormat Rows(ZipArchiveEntry entry, string name) =>
        FileFormat.TextOf(entry.Name) ?? throw new TableException(
            $"'{name}' has '{entry.Name}' in it, whose extension says no format of text. Known are "
            + string.Join(", ", FileFormat.Extensions.Where(extension => FileFormat.TextOf(extension) is not null))
            + ".");

    // The framework finds faults of the list of files by what it stumbles over.
    private static T Readable<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentException or EndOfStreamException
            or NotSupportedException or OverflowException or IOException { HResult: NoCode })
        {
            throw new TableException(
                $"'{name}' is no zip file, or it is cut off or corrupt: {fault.Message.TrimEnd('.')}. "
                + "Fetch or pack it again.",
                fault);
        }
    }

    // COR_E_IO: an IOException that comes from no operating system.
    private const int NoCode = unchecked((int)0x80131620);

    private TableException Corrupt(Exception? cause) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"'{_name}' could be unpacked up to byte {_length:N0} of '{_entry.Name}', and length or check sum are ")
        + "not those that the file says: it is corrupt. Fetch or pack it again.",
        cause);
}
