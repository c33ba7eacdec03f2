using System.Security.Cryptography;
using MLBuild.Store;

namespace MLBuild.Engine.Stages;

/// <summary>Some whole lines of a text file, which its header goes with.</summary>
/// <param name="HeaderBytes">The file's first bytes, which belong to each range of it; 0 where it has no
/// header.</param>
/// <param name="HeaderLines">How many lines these are.</param>
/// <param name="Offset">Where the first line begins.</param>
/// <param name="Bytes">To the end of the last line.</param>
/// <param name="FirstLine">The number of the first line in the file, from 1.</param>
public sealed record LineRange(long HeaderBytes, int HeaderLines, long Offset, long Bytes, long FirstLine)
{
    private const int BlockBytes = 1 << 18;

    /// <summary>The hash of header and lines, as they were when the range was found.</summary>
    public required ContentHash Hash { get; init; }

    /// <summary>The hash of header and lines, as they are; null where the file is too short or gone.</summary>
    public static ContentHash? HashOf(string path, long headerBytes, long offset, long bytes)
    {
        try
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            return Add(file, 0, headerBytes, hash) && Add(file, offset, bytes, hash)
                ? ContentHash.FromDigest(hash.GetHashAndReset())
                : null;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    internal bool IsAsFound(string path) => HashOf(path, HeaderBytes, Offset, Bytes) == Hash;

    private static bool Add(
        Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, long bytes, IncrementalHash hash)
    {
        var block = new byte[BlockBytes];
        while (bytes > 0)
        {
            var read = RandomAccess.Read(file, block.AsSpan(0, (int)Math.Min(bytes, block.Length)), offset);
            if (read == 0)
                return false;
            hash.AppendData(block, 0, read);
            (offset, bytes) = (offset + read, bytes - read);
        }
        return true;
    }
}
