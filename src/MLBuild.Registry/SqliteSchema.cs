using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>The tables of a registry in SQLite, and which of them are there.</summary>
internal static class SqliteSchema
{
    /// <summary>Brings a database to the current schema, from any older one or from none.</summary>
    public static void Upgrade(DbConnection connection, int from) => RegistryTables.Upgrade(
        connection,
        from,
        new("TEXT", "REAL", " STRICT"),
        protect: table =>
        {
            foreach (var verb in new[] { "UPDATE", "DELETE" })
                connection.Execute(
                    $"""
                    CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
                    BEGIN SELECT RAISE(ABORT, '{RegistryTables.AppendOnly}'); END
                    """);
        });

    /// <summary>The schema that is there. A file may have none, which is 0: the process that created it died before its
    /// first commit.</summary>
    /// <exception cref="RegistryException">The database is somebody else's or a later version's.</exception>
    public static int VersionOf(DbConnection connection, string path) => RegistryTables.SchemaOf(
        connection,
        connection.Rows("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.GetString(0)),
        registry: $"Registry '{path}'",
        foreign: $"'{path}' is a SQLite database but not a model registry. Choose another file.",
        another: "a registry file of your own");
}
