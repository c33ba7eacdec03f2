using MLBuild.Store;

namespace MLBuild.Registry.Tests;

/// <summary>A registry as the first released schema had it, with rows in every table: what MLBuild wrote then, kept as
/// text. It never changes.</summary>
internal static class FirstSchema
{
    public static string InSqlite => InSqliteTables + InSqliteTriggers + RowsWithHashes;

    public static string InPostgreSql => InPostgreSqlTables + InPostgreSqlTriggers + RowsWithHashes;

    /// <summary>The hash that the rows abbreviate with one digit.</summary>
    public static ContentHash Hash(char digit) => ContentHash.Parse(new(digit, 64));

    private static string RowsWithHashes => "0ABCDEF".Aggregate(
        Rows, (rows, digit) => rows.Replace($"'{digit}'", $"'{Hash(digit)}'", StringComparison.Ordinal));

    private const string InSqliteTables =
        """
        CREATE TABLE registry_schema (version INTEGER NOT NULL) STRICT;

        CREATE TABLE model_version (
            model       TEXT  NOT NULL,
            number      INTEGER NOT NULL CHECK (number >= 1),
            model_hash  TEXT  NOT NULL,
            created_utc TEXT  NOT NULL,
            PRIMARY KEY (model, number),
            UNIQUE (model, model_hash)
        ) STRICT;

        CREATE TABLE evidence (
            model             TEXT  NOT NULL,
            number            INTEGER NOT NULL,
            position          INTEGER NOT NULL CHECK (position >= 1),
            lineage_hash      TEXT  NOT NULL,
            evaluation_hash   TEXT  NOT NULL,
            input_schema_hash TEXT,
            gate              TEXT  NOT NULL CHECK (gate IN ('Passed', 'Failed', 'Inconclusive')),
            who               TEXT  NOT NULL,
            recorded_utc      TEXT  NOT NULL,
            PRIMARY KEY (model, number, position),
            FOREIGN KEY (model, number) REFERENCES model_version
        ) STRICT;

        CREATE TABLE metric (
            model    TEXT  NOT NULL,
            number   INTEGER NOT NULL,
            evidence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name     TEXT  NOT NULL,
            value    REAL  NOT NULL,
            PRIMARY KEY (model, number, evidence, position),
            UNIQUE (model, number, evidence, name),
            FOREIGN KEY (model, number, evidence) REFERENCES evidence
        ) STRICT;

        CREATE TABLE attachment (
            model    TEXT  NOT NULL,
            number   INTEGER NOT NULL,
            evidence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name     TEXT  NOT NULL,
            hash     TEXT  NOT NULL,
            PRIMARY KEY (model, number, evidence, position),
            UNIQUE (model, number, evidence, name),
            FOREIGN KEY (model, number, evidence) REFERENCES evidence
        ) STRICT;

        CREATE TABLE deployment (
            model         TEXT  NOT NULL,
            environment   TEXT  NOT NULL,
            position      INTEGER NOT NULL CHECK (position >= 1),
            from_number   INTEGER,
            to_number     INTEGER NOT NULL,
            evidence      INTEGER NOT NULL,
            who           TEXT  NOT NULL,
            why           TEXT  NOT NULL,
            forced_reason TEXT,
            deployed_utc  TEXT  NOT NULL,
            PRIMARY KEY (model, environment, position),
            FOREIGN KEY (model, from_number) REFERENCES model_version,
            FOREIGN KEY (model, to_number, evidence) REFERENCES evidence (model, number, position)
        ) STRICT;

        """;

    private const string InSqliteTriggers =
        """
        CREATE TRIGGER model_version_refuses_UPDATE BEFORE UPDATE ON model_version
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER model_version_refuses_DELETE BEFORE DELETE ON model_version
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER evidence_refuses_UPDATE BEFORE UPDATE ON evidence
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER evidence_refuses_DELETE BEFORE DELETE ON evidence
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER metric_refuses_UPDATE BEFORE UPDATE ON metric
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER metric_refuses_DELETE BEFORE DELETE ON metric
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER attachment_refuses_UPDATE BEFORE UPDATE ON attachment
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER attachment_refuses_DELETE BEFORE DELETE ON attachment
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER deployment_refuses_UPDATE BEFORE UPDATE ON deployment
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;
        CREATE TRIGGER deployment_refuses_DELETE BEFORE DELETE ON deployment
        BEGIN SELECT RAISE(ABORT, 'the history of a registry is append-only'); END;

        """;

    private const string InPostgreSqlTables =
        """
        CREATE TABLE registry_schema (version INTEGER NOT NULL);

        CREATE TABLE model_version (
            model       TEXT COLLATE "C"  NOT NULL,
            number      INTEGER NOT NULL CHECK (number >= 1),
            model_hash  TEXT COLLATE "C"  NOT NULL,
            created_utc TEXT COLLATE "C"  NOT NULL,
            PRIMARY KEY (model, number),
            UNIQUE (model, model_hash)
        );

        CREATE TABLE evidence (
            model             TEXT COLLATE "C"  NOT NULL,
            number            INTEGER NOT NULL,
            position          INTEGER NOT NULL CHECK (position >= 1),
            lineage_hash      TEXT COLLATE "C"  NOT NULL,
            evaluation_hash   TEXT COLLATE "C"  NOT NULL,
            input_schema_hash TEXT COLLATE "C",
            gate              TEXT COLLATE "C"  NOT NULL CHECK (gate IN ('Passed', 'Failed', 'Inconclusive')),
            who               TEXT COLLATE "C"  NOT NULL,
            recorded_utc      TEXT COLLATE "C"  NOT NULL,
            PRIMARY KEY (model, number, position),
            FOREIGN KEY (model, number) REFERENCES model_version
        );

        CREATE TABLE metric (
            model    TEXT COLLATE "C"  NOT NULL,
            number   INTEGER NOT NULL,
            evidence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name     TEXT COLLATE "C"  NOT NULL,
            value    DOUBLE PRECISION  NOT NULL,
            PRIMARY KEY (model, number, evidence, position),
            UNIQUE (model, number, evidence, name),
            FOREIGN KEY (model, number, evidence) REFERENCES evidence
        );

        CREATE TABLE attachment (
            model    TEXT COLLATE "C"  NOT NULL,
            number   INTEGER NOT NULL,
            evidence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name     TEXT COLLATE "C"  NOT NULL,
            hash     TEXT COLLATE "C"  NOT NULL,
            PRIMARY KEY (model, number, evidence, position),
            UNIQUE (model, number, evidence, name),
            FOREIGN KEY (model, number, evidence) REFERENCES evidence
        );

        CREATE TABLE deployment (
            model         TEXT COLLATE "C"  NOT NULL,
            environment   TEXT COLLATE "C"  NOT NULL,
            position      INTEGER NOT NULL CHECK (position >= 1),
            from_number   INTEGER,
            to_number     INTEGER NOT NULL,
            evidence      INTEGER NOT NULL,
            who           TEXT COLLATE "C"  NOT NULL,
            why           TEXT COLLATE "C"  NOT NULL,
            forced_reason TEXT COLLATE "C",
            deployed_utc  TEXT COLLATE "C"  NOT NULL,
            PRIMARY KEY (model, environment, position),
            FOREIGN KEY (model, from_number) REFERENCES model_version,
            FOREIGN KEY (model, to_number, evidence) REFERENCES evidence (model, number, position)
        );

        """;

    private const string InPostgreSqlTriggers =
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the history of a registry is append-only'; END $$;
        CREATE TRIGGER model_version_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON model_version
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER evidence_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER metric_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON metric
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER attachment_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON attachment
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER deployment_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON deployment
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

        """;

    private const string Rows =
        """
        INSERT INTO registry_schema VALUES (1);
        INSERT INTO model_version VALUES
            ('taxi-fare', 1, 'A', '2026-01-05T09:00:00.0000001Z'),
            ('taxi-fare', 2, 'B', '2026-02-05T09:00:00.0000000Z');
        INSERT INTO evidence VALUES
            ('taxi-fare', 1, 1, 'C', 'D', 'E', 'Passed', 'ann', '2026-01-05T09:00:00.0000001Z'),
            ('taxi-fare', 1, 2, 'C', 'F', NULL, 'Failed', 'bob', '2026-01-06T09:00:00.0000000Z'),
            ('taxi-fare', 2, 1, 'C', 'D', NULL, 'Inconclusive', 'ann', '2026-02-05T09:00:00.0000000Z');
        INSERT INTO metric VALUES ('taxi-fare', 1, 1, 1, 'rmse', 5.25), ('taxi-fare', 1, 1, 2, 'r2', -0.1);
        INSERT INTO attachment VALUES ('taxi-fare', 1, 1, 1, 'golden.json', '0');
        INSERT INTO deployment VALUES
            ('taxi-fare', 'production', 1, NULL, 1, 1, 'ann', 'first', NULL, '2026-01-05T10:00:00.0000000Z'),
            ('taxi-fare', 'production', 2, 1, 2, 1, 'bob', 'trial', 'Queens', '2026-02-05T10:00:00.0000000Z');
        """;
}
