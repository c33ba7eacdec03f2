namespace MLBuild.Registry.Tests;

/// <summary>An empty place where a registry can be opened several times at once: what an implementation brings to pass
/// the contract.</summary>
public abstract class ContractPlace : IDisposable
{
    /// <summary>What <c>--registry</c> takes: how another process finds the place.</summary>
    public abstract string Argument { get; }

    /// <param name="busyTimeoutSeconds">How long to wait for another writer.</param>
    public abstract IModelRegistry Open(TimeProvider clock, int busyTimeoutSeconds = 30);

    public abstract void Dispose();
}

/// <summary>A temporary folder with a registry file that does not exist yet.</summary>
public sealed class SqlitePlace : ContractPlace
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-registry-");

    public string Folder => _folder.FullName;

    public string File => Path.Combine(Folder, "registry.db");

    public override string Argument => File;

    public override IModelRegistry Open(TimeProvider clock, int busyTimeoutSeconds = 30) =>
        new SqliteModelRegistry(File, clock, busyTimeoutSeconds);

    public override void Dispose() => _folder.Delete(recursive: true);
}
