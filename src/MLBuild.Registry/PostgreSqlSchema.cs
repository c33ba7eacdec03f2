using System.Data.Common;

namespace MLBuild.Registry;

/// <summary>The tables of a registry in a schema of PostgreSQL, and the check that the schema has them.</summary>
internal static class PostgreSqlSchema
{
    /// <summary>Creates the schema, unless it is there and empty, and the tables in it.</summary>
    public static void Create(DbConnection connection, string schema)
    {
        // Not "if not exists", which asks for the right to create schemas even if it is there.
        if (connection.Rows(
            "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = @schema",
            row => row.GetInt32(0),
            ("@schema", schema)).Count == 0)
            connection.Execute($"CREATE SCHEMA \"{schema}\"");
        RegistryTables.Create(connection, text: "TEXT COLLATE \"C\"", real: "DOUBLE PRECISION");
        connection.Execute(
            $"""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{RegistryTables.AppendOnly}'; END $$
            """);
        foreach (var table in RegistryTables.Histories)
            connection.Execute(
                $"""
                CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
                """);
    }

    /// <summary>Whether the tables are there.</summary>
    /// <exception cref="RegistryException">The schema is somebody else's, a later version's, or closed to this user.
    /// </exception>
    public static bool IsPresent(DbConnection connection, RegistryPlace.PostgreSql place)
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
        return RegistryTables.ArePresent(
            connection,
            tables.ConvertAll(table => table.Key),
            registry: $"Registry {place}",
            foreign: $"Schema '{place.Schema()}' of the registry {place} is not a model registry: it has other tables. "
                + "Name another schema in the connection string: Search Path=NAME.",
            another: "another schema: Search Path=NAME");
    }
}
