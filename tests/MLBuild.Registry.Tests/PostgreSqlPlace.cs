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
    public void Sql(string sql)
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
