using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace MLBuild.Store;

/// <summary>What the file system says of a file without reading it. Equal identities mean equal bytes, unless the file
/// was changed within the clock's grain: see <see cref="IsSettled"/>.</summary>
/// <param name="ModifiedNs">Modification time in nanoseconds since 1970.</param>
/// <param name="ChangedNs">Inode change time, which no program can set back; 0 where the system does not tell.</param>
/// <param name="Inode">0 where the system does not tell.</param>
public readonly record struct FileIdentity(long SizeBytes, long ModifiedNs, long ChangedNs, ulong Inode)
{
    private const long NsPerSecond = 1_000_000_000;

    // Linux stamps files with the clock of its last timer tick, at most 10 ms old.
    private const long FineGrainNs = 20_000_000;
    private const long CoarseGrainNs = 2 * NsPerSecond;

    private const int LongestOnStack = 512;
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;

    /// <summary>The identity of a file, or null if there is none.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            FileSystemInfo file = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            return file.Exists
                ? new(file is FileInfo { Length: var length } ? length : 0, Nanoseconds(file.LastWriteTimeUtc), 0, 0)
                : null;
        }
        Span<byte> bytes = stackalloc byte[LongestOnStack];
        if (Encoding.UTF8.TryGetBytes(path, bytes[..^1], out var length8))
            return OfBytes(bytes[..(length8 + 1)]);
        return OfBytes(Encoding.UTF8.GetBytes(path + '\0'));
    }

    /// <summary>The identity of an open file, whatever its path leads to by now.</summary>
    internal static FileIdentity Of(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux())
            return Of(path) ?? throw new FileNotFoundException($"There is no file '{path}'.", path);
        return OfDescriptor((int)file.DangerousGetHandle())
            ?? throw new IOException($"The system does not tell what '{path}' is.");
    }

    /// <summary>As <see cref="Of(SafeFileHandle, string)"/>, on Linux; null if the system does not tell.</summary>
    internal static FileIdentity? OfDescriptor(int file)
    {
        byte none = 0;
        return statx(file, in none, EmptyPath, BasicStats, out var stat) == 0 ? Of(stat) : null;
    }

    /// <summary>As <see cref="Of(string)"/>, on Linux, for a path as UTF-8 that ends with a zero byte.</summary>
    internal static FileIdentity? OfBytes(ReadOnlySpan<byte> path) =>
        statx(CurrentFolder, in MemoryMarshal.GetReference(path), 0, BasicStats, out var stat) == 0 ? Of(stat) : null;

    private static FileIdentity Of(Statx stat) =>
        new((long)stat.Size, stat.Modified.Nanoseconds, stat.Changed.Nanoseconds, stat.Inode);

    /// <summary>True if a change after <paramref name="hashedAt"/> is certain to give another identity: the file's
    /// stamps are older than that by more than the grain of its file system's clock.</summary>
    public bool IsSettled(DateTimeOffset hashedAt)
    {
        // Whole seconds are either chance or a file system that counts in seconds.
        var grain = ModifiedNs % NsPerSecond == 0 && ChangedNs % NsPerSecond == 0 ? CoarseGrainNs : FineGrainNs;
        return Math.Max(ModifiedNs, ChangedNs) < Nanoseconds(hashedAt.UtcDateTime) - grain;
    }

    private static long Nanoseconds(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks * 100;

    // statx, because its layout is the same on every Linux architecture, unlike stat's.
    [DllImport("libc")]
    private static extern int statx(int folder, in byte path, int flags, uint mask, out Statx result);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(96)] public Timestamp Changed;
        [FieldOffset(112)] public Timestamp Modified;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timestamp
    {
        private readonly long _seconds;
        private readonly uint _nanoseconds;
        private readonly int _reserved;

        public readonly long Nanoseconds => (_seconds * NsPerSecond) + _nanoseconds;
    }
}
