using Microsoft.Data.Sqlite;

namespace MLBuild.Registry;

/// <summary>The tables of a registry in SQLite, and the check that a database has them.</summary>
internal static class SqliteSchema
{
    private const int Version = 1;

    // All history, no state: what serves is the last deployment, the evidence that counts is the last one. The triggers
    // hold that against other programs too. Times are ISO 8601 with seven decimals, which sort as text.
    private const string Tables =
        """
        CREATE TABLE registry_schema (version INTEGER NOT NULL) STRICT;

        CREATE TABLE model_version (
            model       TEXT    NOT NULL,
            number      INTEGER NOT NULL CHECK (number >= 1),
            model_hash  TEXT    NOT NULL,
            created_utc TEXT    NOT NULL,
            PRIMARY KEY (model, number),
            UNIQUE (model, model_hash)
        ) STRICT;

        CREATE TABLE evidence (
            model             TEXT    NOT NULL,
            number            INTEGER NOT NULL,
            position          INTEGER NOT NULL CHECK (position >= 1),
            lineage_hash      TEXT    NOT NULL,
            evaluation_hash   TEXT    NOT NULL,
            input_schema_hash TEXT,
            gate              TEXT    NOT NULL CHECK (gate IN ('Passed', 'Failed', 'Inconclusive')),
            who               TEXT    NOT NULL,
            recorded_utc      TEXT    NOT NULL,
            PRIMARY KEY (model, number, position),
            FOREIGN KEY (model, number) REFERENCES model_version
        ) STRICT;

        CREATE TABLE metric (
            model    TEXT    NOT NULL,
            number   INTEGER NOT NULL,
            evidence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name     TEXT    NOT NULL,
            value    REAL    NOT NULL,
            PRIMARY KEY (model, number, evidence, position),
            UNIQUE (model, number, evidence, name),
            FOREIGN KEY (model, number, evidence) REFERENCES evidence
        ) STRICT;

        CREATE TABLE attachment (
            model    TEXT    NOT NULL,
            number   INTEGER NOT NULL,
            evidence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name     TEXT    NOT NULL,
            hash     TEXT    NOT NULL,
            PRIMARY KEY (model, number, evidence, position),
            UNIQUE (model, number, evidence, name),
            FOREIGN KEY (model, number, evidence) REFERENCES evidence
        ) STRICT;

        CREATE TABLE deployment (
            model         TEXT    NOT NULL,
            environment   TEXT    NOT NULL,
            position      INTEGER NOT NULL CHECK (position >= 1),
            from_number   INTEGER,
            to_number     INTEGER NOT NULL,
            evidence      INTEGER NOT NULL,
            who           TEXT    NOT NULL,
            why           TEXT    NOT NULL,
            forced_reason TEXT,
            deployed_utc  TEXT    NOT NULL,
            PRIMARY KEY (model, environment, position),
            FOREIGN KEY (model, from_number) REFERENCES model_version,
            FOREIGN KEY (model, to_number, evidence) REFERENCES evidence (model, number, position)
        ) STRICT;
        """;

    private static readonly string[] HistoryTables =
        ["model_version", "evidence", "metric", "attachment", "deployment"];

    public static void Create(SqliteConnection connection)
    {
        connection.Execute(Tables);
        connection.Execute("INSERT INTO registry_schema VALUES ($version)", ("$version", Version));
        foreach (var table in HistoryTables)
            foreach (var verb in new[] { "UPDATE", "DELETE" })
                connection.Execute(
                    $"""
                    CREATE TRIGGER {table}_refuses_{verb} BEFORE {verb} ON {table}
                    BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END
                    """);
    }

    /// <summary>Whether the tables are there. A database without any table is a registry that nothing was written to:
    /// the process that created the file died before its first commit.</summary>
    /// <exception cref="RegistryException">The database is somebody else's or a later version's.</exception>
    public static bool IsPresent(SqliteConnection connection, string path)
    {
        var tables = connection.Rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table'",
            row => row.GetString(0));
        if (tables.Count == 0)
            return false;
        if (!tables.Contains("registry_schema"))
            throw new RegistryException(
                RegistryFault.NotARegistry,
                $"'{path}' is a SQLite database but not a model registry. Choose another file.");

        var version = connection.Rows("SELECT version FROM registry_schema", row => row.GetInt64(0)).Single();
        return version == Version
            ? true
            : throw new RegistryException(
                RegistryFault.NewerSchema,
                $"Registry '{path}' has schema {version}, expected {Version}. "
                + "A newer MLBuild wrote it: use that one, or a registry file of your own.");
    }
}
