namespace MLBuild.Store.Tests;

/// <summary>A folder for one test, removed after it. Its name has what breaks careless code: a space, an umlaut, a
/// quote.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"mlbuild tést 'ü' {Guid.NewGuid():N}");

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
