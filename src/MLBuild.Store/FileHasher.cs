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
        if (OperatingSystem.IsLinux() && LookAtSmall(path) is { } small)
            return small;
        using var file = Open(path, FileShare.Read | FileShare.Delete);
        return (FileIdentity.Of(file, path), Pump(file, into: null));
    }

    private static (FileIdentity Identity, ContentHash Hash)? LookAtSmall(string path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            return LinuxFile.TryRead(path, buffer) is { } read
                ? (read.Identity, ContentHash.Of(buffer.AsSpan(0, read.Bytes)))
                : null;
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
        using var file = Open(path, share);
        return Pump(file, into);
    }

    private static SafeFileHandle Open(string path, FileShare share) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, share, FileOptions.SequentialScan);

    private static ContentHash Pump(SafeFileHandle file, Stream? into)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var read = Fill(file, buffer, offset: 0);
            // Most files are small; to start an incremental hash costs more than to hash one of them.
            if (read < buffer.Length)
            {
                into?.Write(buffer, 0, read);
                return ContentHash.Of(buffer.AsSpan(0, read));
            }
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long offset = 0; read > 0; read = Fill(file, buffer, offset))
            {
                into?.Write(buffer, 0, read);
                sha.AppendData(buffer, 0, read);
                offset += read;
            }
            return ContentHash.FromDigest(sha.GetHashAndReset());
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
