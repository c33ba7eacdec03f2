using System.Buffers;
using System.Security.Cryptography;

namespace MLBuild.Store;

/// <summary>Hashes files, and copies them while hashing, in one pass with one pooled buffer.</summary>
public static class FileHasher
{
    private const int BufferBytes = 256 * 1024;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ContentHash Hash(string path) => Pump(path, into: null, FileShare.Read | FileShare.Delete);

    /// <summary>Hashes a file that nobody else may have open: what is still being written is not whole.</summary>
    /// <exception cref="StoreException">It is open.</exception>
    public static ContentHash HashClosed(string path)
    {
        try
        {
            return Pump(path, into: null, FileShare.None);
        }
        catch (IOException e) when (StoreLock.IsHeld(e))
        {
            throw new StoreException(
                $"'{path}' is still open, so it may not be whole. Dispose of what writes or reads it first.", e);
        }
    }

    /// <summary>Copies <paramref name="path"/> into a stream and returns the hash of what was copied.</summary>
    public static ContentHash Copy(string path, Stream into) => Pump(path, into, FileShare.Read | FileShare.Delete);

    private static ContentHash Pump(string path, Stream? into, FileShare share)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, share);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var first = RandomAccess.Read(file, buffer, 0);
            // Most files are small, and their hash takes no state.
            if (first < buffer.Length && RandomAccess.Read(file, buffer.AsSpan(first), first) == 0)
            {
                into?.Write(buffer, 0, first);
                return ContentHash.Of(buffer.AsSpan(0, first));
            }
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
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
