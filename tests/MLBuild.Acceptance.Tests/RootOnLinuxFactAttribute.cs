namespace MLBuild.Acceptance.Tests;

/// <summary>A test that mounts; skipped, with the reason, where that is not possible.</summary>
internal sealed class RootOnLinuxFactAttribute : FactAttribute
{
    public RootOnLinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Skip = "needs root on Linux, to mount";
    }
}
