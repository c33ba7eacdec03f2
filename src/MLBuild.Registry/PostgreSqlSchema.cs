using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>The tables of a registry in a schema of PostgreSQL, and which of them are there.</summary>
internal static class PostgreSqlSchema
{
    /// <summary>What a server needs on <see cref="RegistryTables.Reports"/>.</summary>
    public const string RightsOnReports = "SELECT, INSERT, UPDATE, DELETE";

    /// <summary>Brings a schema to the current tables, from any older ones; or creates it, unless it is there and
    /// empty, with all of them.</summary>
    public static void Upgrade(DbConnection connection, string schema, int from)
    {
        if (from == 0)
        {
            // Not "if not exists", which asks for the right to create schemas even if it is there.
            if (connection.Rows(
                "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = @schema",
                row => row.GetInt32(0),
                ("@schema", schema)).Count == 0)
                connection.Execute($"CREATE SCHEMA \"{schema}\"");
            connection.Execute(
                $"""
                CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION '{RegistryTables.AppendOnly}'; END $$
                """);
        }
        RegistryTables.Upgrade(
            connection,
            from,
            new("TEXT COLLATE \"C\"", "DOUBLE PRECISION", ""),
            protect: table =>
            {
                connection.Execute(
                    $"""
                    CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
                    """);
                if (from > 0)
                    ShareAsDeployments(connection, table, toAdd: "INSERT");
            });
        if (from is > 0 and < RegistryTables.RolloutSchema)
            ShareAsDeployments(connection, RegistryTables.Reports, toAdd: RightsOnReports);
    }

    // What was granted on all tables was granted on those that were there: who may read and add deployments may read
    // and add what came later.
    private static void ShareAsDeployments(DbConnection connection, string table, string toAdd)
    {
        foreach (var (right, grantee) in connection.Rows(
            """
            SELECT a.privilege_type, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
            FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a
            WHERE c.oid = 'deployment'::regclass AND a.grantee <> c.relowner
              AND a.privilege_type IN ('SELECT', 'INSERT')
            """,
            row => KeyValuePair.Create(row.GetString(0), row.GetString(1))))
            connection.Execute($"GRANT {(right == "INSERT" ? toAdd : right)} ON {table} TO {grantee}");
    }

    /// <summary>The schema's version; 0 where no tables are there.</summary>
    /// <exception cref="RegistryException">The schema is somebody else's, a later version's, or closed to this user.
    /// </exception>
    public static int VersionOf(DbConnection connection, RegistryPlace.PostgreSql place)
    {
        var tables = connection.Rows(
            """
            SELECT c.relname::text, pg_catalog.has_schema_privilege(n.oid, 'USAGE')
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = @schema AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            """,
            row => KeyValuePair.Create(row.GetString(0), row.GetBoolean(1)),
            ("@schema", place.Schema()));
        // Without that right the tables would seem to be missing.
        if (tables.Any(table => !table.Value))
            throw new RegistryException(
                RegistryFault.Denied,
                $"Registry {place} may not be used by this user. "
                + $"Have its owner run: GRANT USAGE ON SCHEMA {place.Schema()}; and GRANT SELECT, and INSERT for who "
                + $"registers or deploys, ON ALL TABLES IN SCHEMA {place.Schema()}.");
        return RegistryTables.SchemaOf(
            connection,
            tables.ConvertAll(table => table.Key),
            registry: $"Registry {place}",
            foreign: $"Schema '{place.Schema()}' of the registry {place} is not a model registry: it has other tables. "
                + "Name another schema in the connection string: Search Path=NAME.",
            another: "another schema: Search Path=NAME");
    }
}
