using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MLBuild.Sources.Http;

/// <summary>Writes rows as lines, and keeps one of those that have the same id.</summary>
/// <param name="repeated">What it means that an id comes twice.</param>
internal sealed class RowFile(string path, RepeatedIds repeated) : IDisposable
{
    private const int BufferBytes = 81_920;

    private readonly FileStream _file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);

    // By the hash of the id: that of its row, and its line.
    private readonly Dictionary<UInt128, (UInt128 Row, long Line)> _ids = [];
    private readonly HashSet<long> _superseded = [];
    private long _lines;

    /// <summary>Rows left out for an equal one.</summary>
    public long Repeated { get; private set; }

    /// <summary>Rows left out for a later one.</summary>
    public long Superseded => _superseded.Count;

    /// <summary>Rows that stay.</summary>
    public long Kept => _lines - _superseded.Count;

    /// <param name="row">Without a line break.</param>
    /// <param name="id">Its text; empty for none.</param>
    /// <param name="place">As messages call it: <c>row 3 of page 2 of …</c>.</param>
    /// <exception cref="DuplicateRowsException">The id was there before and may not be.</exception>
    public void Add(ReadOnlySpan<byte> row, ReadOnlySpan<byte> id, Func<string> place)
    {
        if (id.Length > 0 && IsRepeated(row, id, place))
        {
            Repeated++;
            return;
        }
        _file.Write(row);
        _file.WriteByte((byte)'\n');
        _lines++;
    }

    /// <summary>Ends the file. Without it, the file holds rows that others took the place of.</summary>
    public void Complete()
    {
        _file.Dispose();
        if (_superseded.Count == 0)
            return;
        var whole = path + ".whole";
        File.Move(path, whole, overwrite: true);
        using (var from = new FileStream(whole, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes))
        using (var to = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
            CopyLines(from, to);
        File.Delete(whole);
    }

    public void Dispose() => _file.Dispose();

    private bool IsRepeated(ReadOnlySpan<byte> row, ReadOnlySpan<byte> id, Func<string> place)
    {
        var (key, hash) = (Hash(id), Hash(row));
        if (_ids.TryGetValue(key, out var before))
        {
            var isEqual = before.Row == hash;
            if (repeated == RepeatedIds.Refuse || repeated == RepeatedIds.DropEqual && !isEqual)
                throw Fault(place(), Encoding.UTF8.GetString(id), before.Line + 1, isEqual);
            if (isEqual)
                return true;
            _superseded.Add(before.Line);
        }
        _ids[key] = (hash, _lines);
        return false;
    }

    private static DuplicateRowsException Fault(string place, string id, long before, bool isEqual) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{place} has the id {id}, which row {before:N0} of the " +
            $"fetch has too{(isEqual ? "" : ", with other values")}. If rows may change or shift to the next page " +
            $"while they are read, set Repeated to LaterWins; else ask the owner of the API."));

    private void CopyLines(FileStream from, FileStream to)
    {
        var buffer = new byte[BufferBytes];
        var line = 0L;
        while (from.Read(buffer) is > 0 and var read)
        {
            for (var rest = buffer.AsSpan(0, read); rest.Length > 0;)
            {
                var end = rest.IndexOf((byte)'\n');
                var piece = end < 0 ? rest : rest[..(end + 1)];
                if (!_superseded.Contains(line))
                    to.Write(piece);
                if (end >= 0)
                    line++;
                rest = rest[piece.Length..];
            }
        }
    }

    // Half of a SHA-256: no two of a source's rows will ever share one.
    private static UInt128 Hash(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
