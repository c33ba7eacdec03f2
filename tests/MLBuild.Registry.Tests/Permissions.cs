namespace MLBuild.Registry.Tests;

/// <summary>Takes permissions on a file or folder away and gives them back.</summary>
internal sealed class Permissions : IDisposable
{
    private readonly string _path;

    public Permissions(string path, UnixFileMode mode)
    {
        _path = path;
        Set(mode);
    }

    public void Dispose() => Set(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private void Set(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_path, mode);
    }
}
