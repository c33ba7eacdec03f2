namespace MLBuild.Engine.Stages;

/// <summary>Cuts a text file that only grows into ranges of whole lines, one partition each: those that are full stay
/// as they are, so only the last is read again after the file has grown.</summary>
internal static class SourceChunks
{
    private const int BlockBytes = 1 << 18;

    /// <summary>See <see cref="SourceFiles.Chunks"/>.</summary>
    public static IReadOnlyList<SourceFile> Of(string path, long chunkBytes, int headerLines, string key)
    {
        var (header, cuts) = Cuts(path, chunkBytes, headerLines);
        var chunks = new List<SourceFile>();
        for (var i = 0; i < cuts.Count; i++)
        {
            var (index, offset, firstLine) = cuts[i];
            var bytes = (i + 1 < cuts.Count ? cuts[i + 1].Offset : header.End) - offset;
            if (i + 1 == cuts.Count && bytes == 0 && i > 0)
                break;
            var hash = LineRange.HashOf(path, header.Bytes, offset, bytes)
                ?? throw new SourceException(
                    $"'{path}' became shorter while it was looked at. Run the same command again.");
            chunks.Add(new(FormattableString.Invariant($"{key}-{index:00000000}"), path)
            {
                Range = new(header.Bytes, headerLines, offset, bytes, firstLine) { Hash = hash },
            });
        }
        return chunks;
    }

    private sealed record Ends(long Bytes, long End);

    private sealed record Cut(long Index, long Offset, long FirstLine);

    // A cut is behind the first line end at or behind a multiple of the size: what is appended later moves none.
    private static (Ends Header, List<Cut> Cuts) Cuts(string path, long chunkBytes, int headerLines)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var block = new byte[BlockBytes];
        var cuts = new List<Cut>();
        var (offset, lines, end, header) = (0L, 0L, 0L, headerLines == 0 ? 0L : -1);
        var isAfterReturn = false;
        if (headerLines == 0)
            cuts.Add(new(0, 0, 1));
        while (RandomAccess.Read(file, block, offset) is > 0 and var read)
        {
            for (var i = 0; i < read;)
            {
                if (isAfterReturn)
                {
                    isAfterReturn = false;
                    i += block[i] == (byte)'\n' ? 1 : 0;
                    EndLine(offset + i);
                    continue;
                }
                var length = block.AsSpan(i, read - i).IndexOfAny((byte)'\n', (byte)'\r');
                if (length < 0)
                    break;
                i += length + 1;
                // Whether a line feed follows is perhaps not written yet.
                if (block[i - 1] == (byte)'\r')
                    isAfterReturn = true;
                else
                    EndLine(offset + i);
            }
            offset += read;
        }
        return header >= 0 && end > 0
            ? (new(header, end), cuts)
            : throw new SourceException($"'{path}' has no complete {(headerLines > 0 ? "header" : "line")} yet.");

        void EndLine(long at)
        {
            (lines, end) = (lines + 1, at);
            if (lines == headerLines)
            {
                header = at;
                cuts.Add(new(at / chunkBytes, at, lines + 1));
            }
            else if (lines > headerLines && at / chunkBytes > cuts[^1].Index)
            {
                cuts.Add(new(at / chunkBytes, at, lines + 1));
            }
        }
    }
}
