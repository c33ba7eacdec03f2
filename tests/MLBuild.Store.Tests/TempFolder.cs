namespace MLBuild.Store.Tests;

/// <summary>A folder for one test, removed after it. Its name has what breaks careless code: a space, an umlaut, a
/// quote.</summary>
public sealed class TempFolder : IDisposable
{
    private const string Memory = "/dev/shm";

    public TempFolder()
        : this(System.IO.Path.GetTempPath())
    {
    }

    private TempFolder(string under)
    {
        Path = System.IO.Path.Combine(under, $"mlbuild tést 'ü' {Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>One in memory, where the system has that: for tests that write much.</summary>
    public static TempFolder InMemory() => Directory.Exists(Memory) ? new(Memory) : new();

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a text and returns its path.</summary>
    public string Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[relative])!);
        File.WriteAllText(this[relative], text);
        return this[relative];
    }

    public void Dispose() => LocalArtifactStore.RemoveReadOnly(Path);
}
