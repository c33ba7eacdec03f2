using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using MLBuild.Store;

namespace MLBuild.Serving.Tests;

/// <summary>A server changes to the version that is deployed while it runs, if that may serve.</summary>
public sealed class FollowingTheRegistry : IDisposable
{
    private readonly ModelPlace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task VersionsChangeUnderLoadWithoutAFailedRequest()
    {
        _place.Deploy(RideModel.Trees);
        // The clock of this test runs while requests are answered. In small steps: one that a busy machine keeps
        // waiting has thousands of them before it is told that it took too long.
        var step = TimeSpan.FromSeconds(0.1);
        await using var server = await RunningServer.StartAsync(_place.Options with
        {
            PollInterval = step,
            Limits = _place.Options.Limits with { MaxScoring = 8, RequestTimeout = TimeSpan.FromMinutes(10) },
        });
        var rides = Enumerable.Range(0, 500).Select(Ride.Number).ToArray();
        var body = RideJson.Of(rides);
        var expected = new Dictionary<int, float[]>
        {
            [1] = [.. rides.Select(ride => ride.ScoreBy(RideModel.Trees.Model))],
            [2] = [.. rides.Select(ride => ride.ScoreBy(RideModel.Linear.Model))],
        };
        var answers = new ConcurrentBag<Answer>();
        using var done = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                answers.Add(await server.PredictAsync(body));
        })).ToArray();

        _place.Deploy(RideModel.Linear);
        await server.ServesAsync(2, step);
        for (var change = 0; change < 30; change++)
        {
            var version = 1 + change % 2;
            _place.Rollback(version);
            await server.ServesAsync(version, step);
        }
        await done.CancelAsync();
        await Task.WhenAll(clients);

        Assert.All(answers, answer =>
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal(expected[answer.Version], answer.Predictions);
        });
        Assert.Equal([1, 2], answers.Select(answer => answer.Version).Distinct().Order());
    }

    [Fact]
    public async Task AReportThatFailsInAWayThatNobodyThoughtOfEndsNothing()
    {
        _place.Deploy(RideModel.Trees);
        using (var registry = new SqliteConnection($"Data Source={_place.RegistryFile};Pooling=False"))
        {
            registry.Open();
            using var command = registry.CreateCommand();
            command.CommandText =
                "CREATE TRIGGER odd BEFORE INSERT ON server_report BEGIN SELECT RAISE(ABORT, 'not today'); END";
            command.ExecuteNonQuery();
        }
        await using var server = await RunningServer.StartAsync(_place.Options);

        _place.Deploy(RideModel.Linear);

        await server.ServesAsync(2);
    }

    [Fact]
    public async Task AVersionThatFailsItsChecksIsRefusedAndTheOldOneServes()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.Deploy(RideModel.Linear, golden: "[]");

        var health = await server.HealthOnceAsync(IsDegraded);

        Assert.Equal(
            """{"status":"degraded","version":1,"fault":"Version 2 of model 'ride-fare' must not serve. """
            + """These are not golden rows: there are none."}""",
            health.GetRawText());
        var ride = Ride.Number(4);
        var answer = await server.PredictAsync(RideJson.Of(ride).ToJsonString());
        Assert.Equal(1, answer.Version);
        Assert.Equal([ride.ScoreBy(RideModel.Trees.Model)], answer.Predictions);
    }

    [Fact]
    public async Task ARefusedVersionIsTakenUpOnceItIsRepaired()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.Deploy(RideModel.Linear, golden: "[]");
        await server.HealthOnceAsync(IsDegraded);

        // The same bytes with better evidence: still version 2, and no new deployment.
        _place.Deploy(RideModel.Linear);

        Assert.Equal("""{"status":"healthy","version":2,"fault":null}""", (await server.ServesAsync(2)).GetRawText());
    }

    [Fact]
    public async Task ALostModelIsTakenUpOnceItIsBack()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.Deploy(RideModel.Linear);
        _place.Damage(RideModel.Linear);
        Assert.Equal(1, (await server.HealthOnceAsync(IsDegraded)).GetProperty("version").GetInt32());

        _place.Restore(RideModel.Linear);

        Assert.False(IsDegraded(await server.ServesAsync(2)));
    }

    [Fact]
    public async Task AFaultyDeploymentThatIsTakenBackIsNoFault()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.Deploy(RideModel.Linear, golden: "[]");
        await server.HealthOnceAsync(IsDegraded);

        _place.Rollback(1);

        var health = await server.HealthOnceAsync(health => !IsDegraded(health));
        Assert.Equal(1, health.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task WithoutItsRegistryTheServerAnswersAndSaysSo()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);
        var registry = await File.ReadAllBytesAsync(_place.RegistryFile);

        await File.WriteAllTextAsync(_place.RegistryFile, new string('x', 5000));
        var health = await server.HealthOnceAsync(IsDegraded);
        Assert.StartsWith($"Registry '{_place.RegistryFile}' is damaged: ", health.GetProperty("fault").GetString());
        File.Delete(_place.RegistryFile);
        await server.HealthOnceAsync(
            health => health.GetProperty("fault").GetString()
                == "The registry has no deployments to 'production' any more. Restore the registry, or deploy again: "
                + "./build.sh Deploy --model-version 1.");
        Assert.Equal(HttpStatusCode.OK, (await server.PredictAsync(RideJson.Of(Ride.Number(4)).ToJsonString())).Status);

        await File.WriteAllBytesAsync(_place.RegistryFile, registry);
        await server.HealthOnceAsync(health => !IsDegraded(health));
    }

    [Fact]
    public async Task TheModelSaysWhereItComesFrom()
    {
        _place.Deploy(RideModel.Trees);
        await using var server = await RunningServer.StartAsync(_place.Options);

        var status = await server.GetAsync("/model");

        Assert.Equal(
            $$"""
            {"name":"ride-fare","version":1,"hash":"{{ContentHash.Of(RideModel.Trees.Bytes)}}",
            "task":{"kind":"Regression","classes":[]},"environment":"production",
            "deployed":{"at":"2026-11-20T08:30:15Z","who":"ann","why":"weekly release","forced":null},"gate":"Passed",
            "metrics":{"rmse":5.25,"r2":0.5},
            "features":[{"name":"distance","kind":"Numeric"},{"name":"zone","kind":"Categorical"},
            {"name":"hour","kind":"Numeric"},{"name":"passengers","kind":"Numeric"},
            {"name":"shared","kind":"Categorical"},{"name":"flagged","kind":"Numeric"},
            {"name":"meter","kind":"Numeric"}],
            "fields":[{"name":"distance","type":"Double","required":true},
            {"name":"zone","type":"Int32","required":true},{"name":"pickup","type":"DateTime","required":true},
            {"name":"passengers","type":"Int32","required":false},{"name":"shared","type":"Boolean","required":false},
            {"name":"flag","type":"String","required":false},{"name":"meter","type":"Int64","required":false}],
            "lineage":"{{ContentHash.Of("recipe of Train")}}","rollout":null}
            """.ReplaceLineEndings(""),
            status.Json.GetRawText());
    }

    private static bool IsDegraded(JsonElement health) => health.GetProperty("status").GetString() == "degraded";
}
