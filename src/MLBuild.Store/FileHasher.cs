using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace MLBuild.Store;

/// <summary>Hashes files, and copies them while hashing, in one pass with one pooled buffer.</summary>
public static class FileHasher
{
    private const int BufferBytes = 256 * 1024;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ContentHash Hash(string path) => Pump(path, into: null, FileShare.Read | FileShare.Delete);

    /// <summary>Hashes a file, and says what the system said of it before it was read.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    internal static (FileIdentity Identity, ContentHash Hash) Look(string path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            if (OperatingSystem.IsLinux() && LinuxFile.TryRead(path, buffer) is { } small)
                return (small.Identity, ContentHash.Of(buffer.AsSpan(0, small.Bytes)));
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var identity = FileIdentity.Of(file, path);
            if (identity.SizeBytes > BufferBytes)
                return (identity, Hash(path));
            // No further than it was long: what has been added since is another identity.
            var size = (int)identity.SizeBytes;
            return (identity, ContentHash.Of(buffer.AsSpan(0, Fill(file, buffer.AsSpan(0, size), offset: 0))));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

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
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Pump(path, into, share, digest);
        return ContentHash.FromDigest(digest);
    }

    private static void Pump(string path, Stream? into, FileShare share, Span<byte> digest)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, share, FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var read = Fill(file, buffer, offset: 0);
            into?.Write(buffer, 0, read);
            // Most files are small; to start an incremental hash costs more than to hash one of them.
            if (read < buffer.Length)
            {
                SHA256.HashData(buffer.AsSpan(0, read), digest);
                return;
            }
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long offset = 0; read > 0; read = Fill(file, buffer, offset))
            {
                if (offset > 0)
                    into?.Write(buffer, 0, read);
                sha.AppendData(buffer, 0, read);
                offset += read;
            }
            sha.GetHashAndReset(digest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Less than the whole buffer only at the end of the file.
    private static int Fill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var filled = 0;
        for (int read; filled < buffer.Length
            && (read = RandomAccess.Read(file, buffer[filled..], offset + filled)) > 0; filled += read)
        {
        }
        return filled;
    }
}
