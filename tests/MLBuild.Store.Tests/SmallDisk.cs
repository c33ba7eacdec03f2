using System.Diagnostics;

namespace MLBuild.Store.Tests;

/// <summary>A disk in memory that is soon full, or read-only. Mounting needs root on Linux.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <param name="sizeKb">Rounded up to pages of 4 KB.</param>
    public SmallDisk(int sizeKb) => Mount("-t", "tmpfs", "-o", $"size={sizeKb}k", "tmpfs", Path);

    public string Path => _folder.Path;

    public void MakeReadOnly() => Mount("-o", "remount,ro", Path);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static void Mount(params string[] arguments) => Run("mount", arguments);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }
}

/// <summary>A test that mounts a disk; skipped, with the reason, where that is not possible.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Skip = "needs root on Linux, to mount a small disk";
    }
}
