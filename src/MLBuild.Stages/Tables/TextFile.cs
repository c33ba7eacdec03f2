using System.Text;
using System.Text.Unicode;

namespace MLBuild.Stages.Tables;

/// <summary>Opens a file that should be UTF-8 text, and says what it is instead where its first block shows that.
/// </summary>
internal static class TextFile
{
    private const int FirstBlockBytes = 64 * 1024;
    private const int LongestUtf8Character = 4;

    /// <summary>The file, at its start.</summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="expected">What an empty file lacks, for its message.</param>
    public static FileStream Open(string path, string name, string expected)
    {
        if (!File.Exists(path))
            throw new TableException($"'{name}' does not exist: there is no file {path}.");
        // No buffer of its own: the first block is read once, and the CSV reader has a larger one.
        var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            var block = new byte[FirstBlockBytes];
            var length = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (length == 0)
                throw new TableException($"'{name}' is empty: {expected}.");
            Check(block.AsSpan(0, length), name, isWhole: length < block.Length);
            stream.Position = 0;
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void Check(ReadOnlySpan<byte> block, string name, bool isWhole)
    {
        if (IsUtf16(block))
            throw new TableException($"'{name}' is UTF-16 text: expected UTF-8. Convert it: iconv -f UTF-16 -t UTF-8.");
        if (block.IndexOf((byte)0) is var zero and >= 0)
            throw new TableException($"'{name}' is not text: byte {zero + 1} is zero. Expected CSV in UTF-8.");
        if (FirstInvalid(block, isWhole) is { } bad)
            throw new TableException(
                $"'{name}' is not text in UTF-8: byte {bad + 1} is 0x{block[bad]:X2}. "
                + "Convert it, from Latin-1 for example: iconv -f LATIN1 -t UTF-8.");
    }

    // Without a byte order mark, UTF-16 of mostly Latin text shows as zeros in every second byte and nowhere else.
    private static bool IsUtf16(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith(Encoding.Unicode.Preamble) || block.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return true;
        Span<int> zeros = [0, 0];
        for (var i = 0; i < block.Length; i++)
            zeros[i % 2] += block[i] == 0 ? 1 : 0;
        return zeros[0] + zeros[1] > block.Length / 4 && (zeros[0] == 0 || zeros[1] == 0);
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
