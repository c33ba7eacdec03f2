using Npgsql;

namespace MLBuild.Registry.Tests;

/// <summary>A schema that does not exist yet, on the server of these tests, and users who may do less.</summary>
public sealed class PostgreSqlPlace : ContractPlace
{
    private readonly List<string> _users = [];

    public string Schema { get; } = $"registry_{Guid.NewGuid():N}";

    public override string Argument => ArgumentOf(PostgresServer.Settings.Username!);

    /// <summary>How messages begin.</summary>
    public string Registry => $"Registry {Place}";

    public RegistryPlace.PostgreSql Place => new(Argument);

    public override IModelRegistry Open(TimeProvider clock, int busyTimeoutSeconds = 30) =>
        Place.Open(clock, busyTimeoutSeconds);

    internal IModelRegistry OpenAs(string user) =>
        new RegistryPlace.PostgreSql(ArgumentOf(user)).Open(new SettableClock());

    /// <summary>A user who may connect and nothing else.</summary>
    /// <param name="settings">Of the role: <c>default_transaction_read_only = on</c>.</param>
    public string User(string? settings = null)
    {
        var name = $"{Schema}_{_users.Count}";
        Sql($"CREATE ROLE {name} LOGIN");
        _users.Add(name);
        if (settings is not null)
            Sql($"ALTER ROLE {name} SET {settings}");
        return name;
    }

    /// <summary>Does as the owner of the registry, with its tables in reach.</summary>
    public override void Sql(string sql)
    {
        using var connection = Connect();
        PostgresServer.Execute(connection, sql);
    }

    public long Number(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }

    public override void WriteFirstSchema() => Sql($"CREATE SCHEMA {Schema}; {FirstSchema.InPostgreSql}");

    public override long SchemaVersion() => Number("SELECT version::bigint FROM registry_schema");

    public override IReadOnlyList<string> Structure() =>
    [
        .. Texts(
            $"""
            SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(collation_name, '') || ' '
                || is_nullable
            FROM information_schema.columns WHERE table_schema = '{Schema}'
            """),
        .. Texts(
            $"""
            SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = '{Schema}'::regnamespace
            """),
        .. Texts(
            $"""
            SELECT replace(pg_get_triggerdef(t.oid), '{Schema}.', '') FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = '{Schema}'::regnamespace AND NOT t.tgisinternal
            """),
    ];

    private IEnumerable<string> Texts(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var texts = new List<string>();
        while (rows.Read())
            texts.Add(rows.GetString(0));
        return texts.Order(StringComparer.Ordinal);
    }

    public NpgsqlConnection Connect() => PostgresServer.Open(Schema);

    public override void Dispose()
    {
        Sql($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        foreach (var user in _users)
            Sql($"DROP OWNED BY {user}; DROP ROLE {user}");
    }

    private string ArgumentOf(string user)
    {
        var settings = PostgresServer.Settings;
        settings.SearchPath = Schema;
        settings.Username = user;
        return settings.ToString();
    }
}
