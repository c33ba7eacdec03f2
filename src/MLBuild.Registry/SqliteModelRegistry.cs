namespace MLBuild.Registry;

/// <summary>A model registry in one SQLite file, for one machine: file locks are not to be trusted on network drives.
/// Only registering creates the file.</summary>
public sealed class SqliteModelRegistry : SqlModelRegistry
{
    /// <param name="file">The full path of the database file.</param>
    /// <param name="busyTimeoutSeconds">How long to wait for another writer; at least 1.</param>
    public SqliteModelRegistry(string file, TimeProvider clock, int busyTimeoutSeconds = 30)
        : base(FileAt(file, busyTimeoutSeconds), clock)
    {
    }

    private static SqliteRegistryFile FileAt(string file, int busyTimeoutSeconds)
    {
        if (!Path.IsPathFullyQualified(file))
            throw new ArgumentException($"BUG: registry path '{file}' is relative, expected a full path.");
        ArgumentOutOfRangeException.ThrowIfLessThan(busyTimeoutSeconds, 1);
        return new(file, busyTimeoutSeconds);
    }
}
