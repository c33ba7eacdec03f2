namespace MLBuild.Store;

/// <summary>A lock that processes hold by having a file open: the system releases it when its holder dies, however it
/// dies.</summary>
public sealed class StoreLock : IDisposable
{
    private const string HolderSuffix = ".holder";

    // More in a row are none: some network file systems number a file anew at each look.
    private const int MostForgotten = 100;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Waits until the lock is free and takes it.</summary>
    /// <param name="path">The lock's file; it stays behind when released.</param>
    /// <param name="work">What this process does with it and since when, for those who then wait:
    /// <c>Train, since 10:42:07</c>.</param>
    /// <param name="waiting">Called once with who holds the lock, if it is taken.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be written.</exception>
    public static async Task<StoreLock> TakeAsync(
        string path, Action<string> waiting, CancellationToken cancel, string work = "")
    {
        for (var announced = false; ; await Task.Delay(PollInterval, cancel))
        {
            if (TryTake(path, work) is { } taken)
                return taken;
            if (!announced)
                waiting(HolderOf(path));
            announced = true;
        }
    }

    /// <summary>Takes the lock if it is free.</summary>
    public static StoreLock? TryTake(string path, string work = "")
    {
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            file = Open(path);
            // Beside the lock, because a locked file cannot be read by those who wait.
            AtomicFile.WriteText(HolderPath(path), $"process {Environment.ProcessId} on {Environment.MachineName}" +
                (work.Length > 0 ? $" ({work})" : ""));
            return new StoreLock(file);
        }
        catch (IOException e) when (file is null && IsHeld(e))
        {
            return null;
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            file?.Dispose();
            throw new StoreUnavailableException(Path.GetDirectoryName(path)!, e);
        }
    }

    /// <summary>Removes a lock that this process holds or nobody can want any more, and what stands beside it. The lock
    /// last: should this be cut short, it is found again.</summary>
    public static void Forget(string path)
    {
        File.Delete(HolderPath(path));
        File.Delete(path);
    }

    /// <summary>The lock that a file is, or stands beside.</summary>
    public static string Of(string file) =>
        file.EndsWith(HolderSuffix, StringComparison.Ordinal) ? file[..^HolderSuffix.Length] : file;

    public void Dispose() => _file.Dispose();

    /// <summary>True if a file could not be opened because another process has it open.</summary>
    // EWOULDBLOCK on Linux, on macOS; a sharing violation on Windows.
    public static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static FileStream Open(string path)
    {
        for (var again = MostForgotten; ; again--)
        {
            var file =
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            // Who held it may have forgotten it after it was opened here, and a lock that is gone keeps nobody out.
            if (FileIdentity.Of(path)?.Inode == FileIdentity.Of(file.SafeFileHandle, path).Inode || again == 0)
                return file;
            file.Dispose();
        }
    }

    private static string HolderPath(string path) => path + HolderSuffix;

    private static string HolderOf(string path)
    {
        try
        {
            return File.ReadAllText(HolderPath(path)) is { Length: > 0 } holder ? holder : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
