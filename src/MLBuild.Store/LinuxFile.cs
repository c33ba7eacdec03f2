using System.Runtime.InteropServices;
using System.Text;

namespace MLBuild.Store;

/// <summary>Reads small files by the system's own calls: of many, .NET's handles cost more than their
/// bytes.</summary>
internal static class LinuxFile
{
    private const int LongestOnStack = 512;

    // The same on every Linux architecture that .NET runs on.
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int SharedWithoutWaiting = 1 | 4;
    private const int Unlock = 8;

    /// <summary>Reads a file, no further than it was long when it was opened: what is added since gives it another
    /// identity.</summary>
    /// <returns>Null if it does not fit, or cannot be read: .NET then says why.</returns>
    public static (FileIdentity Identity, int Bytes)? TryRead(string path, Span<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[LongestOnStack];
        if (!Encoding.UTF8.TryGetBytes(path, bytes[..^1], out _))
            return null;
        var file = open(in MemoryMarshal.GetReference(bytes), ReadOnly | CloseOnExec);
        if (file < 0)
            return null;
        try
        {
            // As .NET does: a program that shares its file with nobody is not done with it.
            return flock(file, SharedWithoutWaiting) == 0
                && FileIdentity.OfDescriptor(file) is { } identity && identity.SizeBytes <= buffer.Length
                && Fill(file, buffer[..(int)identity.SizeBytes]) is var filled and >= 0
                ? (identity, filled)
                : null;
        }
        finally
        {
            // A program that is just being started has it open too, and would keep the lock until it begins.
            _ = flock(file, Unlock);
            _ = close(file);
        }
    }

    private static int Fill(int file, Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var got = (int)read(file, ref buffer[filled], buffer.Length - filled);
            if (got < 0)
                return got;
            if (got == 0)
                break;
            filled += got;
        }
        return filled;
    }

    [DllImport("libc")]
    private static extern int open(in byte path, int flags);

    [DllImport("libc")]
    private static extern int flock(int file, int operation);

    [DllImport("libc")]
    private static extern nint read(int file, ref byte into, nint count);

    [DllImport("libc")]
    private static extern int close(int file);
}
