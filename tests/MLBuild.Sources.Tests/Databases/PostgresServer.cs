using MLBuild.Sources.Databases;
using Npgsql;

namespace MLBuild.Sources.Tests.Databases;

/// <summary>The server that <c>MLBUILD_TEST_POSTGRES</c> names, with a database of these tests' own, which is dropped
/// after them. Connects when it is first asked for anything.</summary>
public sealed class PostgresServer : IDisposable
{
    public const string Collection = "PostgreSQL";
    public const string Variable = "MLBUILD_TEST_POSTGRES";

    public const string WhyAbsent =
        $"{Variable} names no PostgreSQL server. Start one that may be thrown away (.ci/postgres start FOLDER) and set "
        + $"{Variable} to what it prints, such as Host=127.0.0.1;Port=25432;Username=ml;Database=postgres";

    private readonly Lazy<string> _database;
    private readonly List<string> _users = [];
    private string? _accessRules;

    public PostgresServer() => _database = new(Create);

    public static string? ConnectionString => Environment.GetEnvironmentVariable(Variable);

    public string Database => _database.Value;

    public static NpgsqlConnectionStringBuilder Server =>
        new(ConnectionString ?? throw new InvalidOperationException(WhyAbsent))
        {
            Pooling = false,
            // Seconds: not even a busy machine is to be a fault of the server.
            Timeout = 300,
            CommandTimeout = 300,
        };

    public DatabasePlace.PostgreSql Place => new(Server.Host!, Database, Server.Username!) { Port = Server.Port };

    public string Label => $"PostgreSQL database '{Database}' on {Server.Host}:{Server.Port}";

    public NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server.ToString())
        {
            Database = Database,
        }.ToString());
        connection.Open();
        return connection;
    }

    public PostgresServer Execute(string sql)
    {
        using var connection = Open();
        Execute(connection, sql);
        return this;
    }

    public static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public DatabaseOptions Table(string name, string key, string? highWater = null) => new()
    {
        Place = Place,
        Content = new DatabaseContent.Table(name),
        Key = [key],
        HighWater = highWater,
    };

    public DatabaseOptions Query(string sql, string key) => new()
    {
        Place = Place,
        Content = new DatabaseContent.Query(sql),
        Key = [key],
    };

    /// <summary>A user who may connect and read nothing.</summary>
    /// <param name="settings">Of a role: <c>statement_timeout = '10ms'</c>.</param>
    public string User(string? settings = null)
    {
        var name = $"{Database}_{_users.Count}";
        Execute($"create role {name} login");
        _users.Add(name);
        if (settings is not null)
            Execute($"alter role {name} set {settings}");
        return name;
    }

    /// <summary>A user whom the server asks for a password.</summary>
    public string UserWithPassword(string password)
    {
        var name = User();
        Execute($"set password_encryption = 'scram-sha-256'; alter role {name} password '{password}'");
        _accessRules ??= Scalar("select pg_read_file(current_setting('hba_file'))");
        WriteAccessRules($"host all {name} all scram-sha-256\n{_accessRules}");
        return name;
    }

    public string Scalar(string sql)
    {
        using var connection = Open();
        using var command = new NpgsqlCommand(sql, connection);
        return $"{command.ExecuteScalar()}";
    }

    public void Dispose()
    {
        if (!_database.IsValueCreated)
            return;
        if (_accessRules is not null)
            WriteAccessRules(_accessRules);
        foreach (var user in _users)
            Execute($"drop owned by {user}; drop role {user}");
        using var connection = new NpgsqlConnection(Server.ToString());
        connection.Open();
        Execute(connection, $"drop database {Database} with (force)");
    }

    // By the server itself: its folder is its own user's.
    private void WriteAccessRules(string text)
    {
        var file = Scalar("select current_setting('hba_file')");
        Execute($"copy (select regexp_split_to_table($rules${text.TrimEnd('\n')}$rules$, '\\n')) to '{file}'; "
            + "select pg_reload_conf()");
    }

    private static string Create()
    {
        var name = $"mlbuild_{Guid.NewGuid():N}";
        using var connection = new NpgsqlConnection(Server.ToString());
        connection.Open();
        Execute(connection, $"create database {name}");
        return name;
    }
}

/// <summary>Tests with PostgreSQL run one after the other and beside no others: some measure memory.</summary>
[CollectionDefinition(PostgresServer.Collection, DisableParallelization = true)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>;

/// <summary>A test against a real PostgreSQL server. Where none is named it is skipped, except in CI, where it fails.
/// </summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresTheoryAttribute.WhySkipped;
}

/// <inheritdoc cref="PostgresFactAttribute"/>
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = WhySkipped;

    internal static string? WhySkipped =>
        PostgresServer.ConnectionString is null && Environment.GetEnvironmentVariable("CI") != "true"
            ? PostgresServer.WhyAbsent
            : null;
}
