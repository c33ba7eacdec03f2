using System.Buffers;
using System.Security.Cryptography;

namespace MLBuild.Store;

/// <summary>Hashes files, and copies them while hashing, in one pass with one pooled buffer.</summary>
public static class FileHasher
{
    private const int BufferBytes = 256 * 1024;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ContentHash Hash(string path) => Pump(path, into: null);

    /// <summary>Copies <paramref name="path"/> into a stream and returns the hash of what was copied.</summary>
    public static ContentHash Copy(string path, Stream into) => Pump(path, into);

    private static ContentHash Pump(string path, Stream? into)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.SequentialScan);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long offset = 0;
            for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
            {
                sha.AppendData(buffer, 0, read);
                into?.Write(buffer, 0, read);
            }
            return ContentHash.FromDigest(sha.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
