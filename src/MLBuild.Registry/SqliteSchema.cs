using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>The tables of a registry in SQLite, and the check that a database has them.</summary>
internal static class SqliteSchema
{
    public static void Create(DbConnection connection)
    {
        RegistryTables.Create(connection, text: "TEXT", real: "REAL", end: " STRICT");
        foreach (var table in RegistryTables.Histories)
            foreach (var verb in new[] { "UPDATE", "DELETE" })
                connection.Execute(
                    $"""
                    CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
                    BEGIN SELECT RAISE(ABORT, '{RegistryTables.AppendOnly}'); END
                    """);
    }

    /// <summary>Whether the tables are there. A file may have none: the process that created it died before its first
    /// commit.</summary>
    /// <exception cref="RegistryException">The database is somebody else's or a later version's.</exception>
    public static bool IsPresent(DbConnection connection, string path) => RegistryTables.ArePresent(
        connection,
        connection.Rows("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.GetString(0)),
        registry: $"Registry '{path}'",
        foreign: $"'{path}' is a SQLite database but not a model registry. Choose another file.",
        another: "a registry file of your own");
}
