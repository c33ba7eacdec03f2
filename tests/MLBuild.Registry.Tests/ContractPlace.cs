using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MLBuild.Registry.Tests;

/// <summary>An empty place where a registry can be opened several times at once: what an implementation brings to pass
/// the contract.</summary>
public abstract class ContractPlace : IDisposable
{
    /// <summary>What <c>--registry</c> takes: how another process finds the place.</summary>
    public abstract string Argument { get; }

    /// <param name="busyTimeoutSeconds">How long to wait for another writer.</param>
    public abstract IModelRegistry Open(TimeProvider clock, int busyTimeoutSeconds = 30);

    /// <summary>Does as another program would, with the registry's tables in reach.</summary>
    public abstract void Sql(string sql);

    /// <summary>Writes the registry of <see cref="FirstSchema"/>.</summary>
    public abstract void WriteFirstSchema();

    /// <summary>The version that the tables say they have.</summary>
    public abstract long SchemaVersion();

    /// <summary>Every table, column, key, check and trigger, as the database describes it.</summary>
    public abstract IReadOnlyList<string> Structure();

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

    public override void Sql(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public override void WriteFirstSchema() => Sql(FirstSchema.InSqlite);

    public override long SchemaVersion() =>
        long.Parse(Texts("SELECT version FROM registry_schema").Single(), CultureInfo.InvariantCulture);

    public override IReadOnlyList<string> Structure() =>
        Texts("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name");

    private List<string> Texts(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var texts = new List<string>();
        while (rows.Read())
            texts.Add(rows.GetString(0));
        return texts;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    public override void Dispose() => _folder.Delete(recursive: true);
}
