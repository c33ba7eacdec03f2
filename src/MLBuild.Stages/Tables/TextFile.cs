using System.Globalization;
using System.Text;
using System.Text.Unicode;
using MLBuild.Engine.Stages;

namespace MLBuild.Stages.Tables;

/// <summary>A file that should be UTF-8 text, perhaps packed. Opened, it says what it is instead where its first block
/// shows that.</summary>
/// <param name="Path">Where the file is.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="Rows">What kind of text it should be.</param>
internal sealed record TextFile(string Path, string Name, RowFormat Rows, Packing Packing = Packing.None)
{
    private const int FirstBlockBytes = 64 * 1024;
    private const int LongestUtf8Character = 4;

    /// <summary>The lines that are meant, behind the header; null means all.</summary>
    public LineRange? Range { get; init; }

    /// <summary>How many lines of the file come between the header and those that are read.</summary>
    public long SkippedLines => Range is { } range ? range.FirstLine - 1 - range.HeaderLines : 0;

    /// <summary>Whether the lines that are meant come after others, so that what they hold says nothing of the file:
    /// anything wrong there is a fault of its line.</summary>
    public bool IsContinued => SkippedLines > 0;

    private string Expected => $"{FileFormat.NameOf(Rows)} in UTF-8";

    /// <summary>The file's bytes, as they are on the disk.</summary>
    /// <exception cref="TableException">It is not there.</exception>
    public static FileStream OpenBytes(string path, string name)
    {
        try
        {
            // No buffer of its own: blocks are large.
            // Who writes it may go on: what was changed meanwhile is found by who compares it.
            return new(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
                FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TableException($"'{name}' does not exist: there is no file {path}.", fault);
        }
    }

    /// <summary>The text, from its start.</summary>
    /// <param name="expected">What an empty file lacks, for its message.</param>
    public Stream Open(string expected)
    {
        var stream = OpenText();
        try
        {
            var block = new byte[FirstBlockBytes];
            var length = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (length == 0)
                throw new TableException($"'{Name}' is empty: {expected}.");
            if (!IsContinued)
                Check(block.AsSpan(0, length), isWhole: length < block.Length);
            return new HeadedStream(block.AsMemory(0, length), stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private Stream OpenText()
    {
        var bytes = OpenBytes(Path, Name);
        try
        {
            return Packing switch
            {
                Packing.None => Range is { } range ? Lines(bytes, range) : bytes,
                Packing.Gzip => new GunzipStream(bytes, Name),
                Packing.Zip => ZipMember.Open(bytes, Name),
                _ => throw new InvalidOperationException($"BUG: unknown packing {Packing}."),
            };
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private HeadedStream Lines(FileStream file, LineRange range)
    {
        if (file.Length < range.Offset + range.Bytes)
            throw new TableException(string.Create(CultureInfo.InvariantCulture,
                $"'{Name}' has {file.Length:N0} bytes, fewer than when its lines were found: it was replaced. ")
                + "Run the same command again.");
        var header = new byte[range.HeaderBytes];
        file.ReadExactly(header);
        file.Position = range.Offset;
        return new(header, file, range.Bytes);
    }

    private void Check(ReadOnlySpan<byte> block, bool isWhole)
    {
        if (OtherFormat(block) is var (what, extension))
            throw new TableException($"'{Name}' is {what}: expected {Expected}. Name it by what it is, '{extension}'.");
        if (IsPage(block))
            throw new TableException(
                $"'{Name}' is a web page or XML: expected {Expected}. Was it fetched without signing in?");
        if (IsUtf16(block))
            throw new TableException($"'{Name}' is UTF-16 text: expected UTF-8. Convert it: iconv -f UTF-16 -t UTF-8.");
        if (block.IndexOf((byte)0) is var zero and >= 0)
            throw new TableException($"'{Name}' is not text: byte {zero + 1} is zero. Expected {Expected}.");
        if (FirstInvalid(block, isWhole) is { } bad)
            throw new TableException(
                $"'{Name}' is not text in UTF-8: byte {bad + 1} is 0x{block[bad]:X2}. "
                + "Convert it, from Latin-1 for example: iconv -f LATIN1 -t UTF-8.");
    }

    private static (string What, string Extension)? OtherFormat(ReadOnlySpan<byte> block) =>
        block.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? ("packed with gzip", ".gz")
        : block.StartsWith("PK\x3\x4"u8) ? ("a zip file", ".zip")
        : block.StartsWith("PAR1"u8) ? ("Parquet", ".parquet")
        : null;

    private static bool IsPage(ReadOnlySpan<byte> block)
    {
        var start = block.StartsWith(Encoding.UTF8.Preamble) ? block[Encoding.UTF8.Preamble.Length..] : block;
        start = start.TrimStart(" \t\r\n"u8);
        return Begins(start, "<!doctype"u8) || Begins(start, "<html"u8) || Begins(start, "<?xml"u8);

        static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
            text.Length >= word.Length && Ascii.EqualsIgnoreCase(text[..word.Length], word);
    }

    // Without a byte order mark, UTF-16 of mostly Latin text shows as zeros in every second byte and nowhere else.
    private static bool IsUtf16(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith(Encoding.Unicode.Preamble) || block.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return true;
        Span<int> zeros = [0, 0];
        for (var i = 0; i < block.Length; i++)
            zeros[i % 2] += block[i] == 0 ? 1 : 0;
        return block.Length > 1 && zeros[0] + zeros[1] > block.Length / 4 && (zeros[0] == 0 || zeros[1] == 0);
    }

    private static int? FirstInvalid(ReadOnlySpan<byte> block, bool isWhole)
    {
        if (Utf8.IsValid(block))
            return null;
        var position = 0;
        while (Rune.DecodeFromUtf8(block[position..], out _, out var used) == System.Buffers.OperationStatus.Done)
            position += used;
        // The end of the block may cut a character in two, the end of the file may not.
        return isWhole || position <= block.Length - LongestUtf8Character ? position : null;
    }
}
