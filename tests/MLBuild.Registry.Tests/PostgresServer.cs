using Npgsql;

namespace MLBuild.Registry.Tests;

/// <summary>The server that <c>MLBUILD_TEST_POSTGRES</c> names. Other test projects use it at the same time, so
/// schemas and users have names of their own and settings of the server stay as they are.</summary>
internal static class PostgresServer
{
    public const string Variable = "MLBUILD_TEST_POSTGRES";

    public const string WhyAbsent =
        $"{Variable} names no PostgreSQL server. Start one that may be thrown away (.ci/postgres start FOLDER) and set "
        + $"{Variable} to what it prints, such as Host=127.0.0.1;Port=25432;Username=ml;Database=postgres";

    /// <summary>Null where the server is named, and in CI, where tests without it have to fail.</summary>
    public static string? WhySkipped =>
        Environment.GetEnvironmentVariable(Variable) is null && Environment.GetEnvironmentVariable("CI") != "true"
            ? WhyAbsent
            : null;

    public static NpgsqlConnectionStringBuilder Settings =>
        new(Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidOperationException(WhyAbsent))
        {
            Pooling = false,
            // Seconds: not even a busy machine is to be a fault of the server, also where a writer is impatient.
            Timeout = 300,
            CommandTimeout = 300,
        };

    public static NpgsqlConnection Open(string? schema = null)
    {
        var settings = Settings;
        settings.SearchPath = schema;
        var connection = new NpgsqlConnection(settings.ToString());
        connection.Open();
        return connection;
    }

    public static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}

/// <summary>A test against a real PostgreSQL server. Where none is named it is skipped, except in CI, where it fails.
/// </summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.WhySkipped;
}

/// <inheritdoc cref="PostgresFactAttribute"/>
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.WhySkipped;
}
