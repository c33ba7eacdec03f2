namespace MLBuild.Registry.Tests;

/// <summary>An empty place where a registry can be opened several times at once: what an implementation brings to pass
/// the contract.</summary>
public abstract class RegistryPlace : IDisposable
{
    public abstract IModelRegistry Open(TimeProvider clock);

    public abstract void Dispose();
}

/// <summary>A temporary folder with a registry file that does not exist yet.</summary>
public sealed class SqlitePlace : RegistryPlace
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-registry-");

    public string Folder => _folder.FullName;

    public string File => Path.Combine(Folder, "registry.db");

    public override IModelRegistry Open(TimeProvider clock) => new SqliteModelRegistry(File, clock);

    public override void Dispose() => _folder.Delete(recursive: true);
}
