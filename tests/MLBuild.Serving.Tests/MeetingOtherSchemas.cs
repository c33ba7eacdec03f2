using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using MLBuild.Registry;

namespace MLBuild.Serving.Tests;

/// <summary>A server keeps serving while another process brings its registry to another schema: one that it knows, or
/// that of a later MLBuild.</summary>
public sealed class MeetingOtherSchemas : IDisposable
{
    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task AnUpgradeUnderTheServerIsNoFault()
    {
        _place.Deploy(RideModel.Trees);
        _place.Deploy(RideModel.Linear);
        _place.Rollback(1);
        foreach (var table in TablesThatTheFirstSchemaLacks())
            Sql($"DROP TABLE {table}");
        Sql("UPDATE registry_schema SET version = 1");
        await using var server = await RunningServer.StartAsync(_place.Options);
        await server.ServesAsync(1);

        _place.Registry.Annotate(new("ride-fare", 1, new Annotation.Note("upgraded"), "ann"));
        Assert.Single(_place.Registry.Annotations("ride-fare"));
        _place.Rollback(2);

        Assert.Equal("healthy", (await server.ServesAsync(2)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task ASchemaOfALaterVersionIsSaidAndTheModelServesOn()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);

        Sql("UPDATE registry_schema SET version = version + 1");
        var health = await server.HealthOnceAsync(IsDegraded);
        Assert.Matches(
            @"^Registry '.+' has schema \d+, expected \d+ or older\. A newer MLBuild wrote it: use that one, or a " +
            @"registry file of your own\.$",
            health.GetProperty("fault").GetString());
        Assert.Equal(1, health.GetProperty("version").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync(RideJson.Of(Ride.Number(4)).ToJsonString())).Status);

        Sql("UPDATE registry_schema SET version = version - 1");
        await server.HealthOnceAsync(health => !IsDegraded(health));
    }

    private List<string> TablesThatTheFirstSchemaLacks()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN
                ('registry_schema', 'model_version', 'evidence', 'metric', 'attachment', 'deployment')
            """;
        using var rows = command.ExecuteReader();
        var tables = new List<string>();
        while (rows.Read())
            tables.Add(rows.GetString(0));
        return tables;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_place.RegistryFile};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Sql(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static bool IsDegraded(JsonElement health) => health.GetProperty("status").GetString() == "degraded";
}
