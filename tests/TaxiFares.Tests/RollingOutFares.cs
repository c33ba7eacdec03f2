using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Serving;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;

namespace TaxiFares.Tests;

/// <summary>Trained models behind two servers with requests all the while: a good one takes over step by step, one that
/// was made worse on purpose is rolled back by itself.</summary>
public sealed class RollingOutFares : IAsyncLifetime
{
    private static readonly CanaryOptions Canary = new()
    {
        Steps = [20, 50, 100],
        MinRequests = 150,
        MaxErrorIncrease = 0.05,
        // What other programs do on the machine is not what is tested.
        MaxSlowShare = 0.9,
        MaxScoreDistance = 0.3,
    };

    private readonly PipelineSpace _space = new();
    private readonly TaxiBuild _build;
    private readonly List<string> _said = [];

    public RollingOutFares() => _build = new(_space, _space.Data);

    private string LogFolder => Path.Combine(_space.Workspace.StoreFolder, "..", "predictions");

    private IModelRegistry Registry => _space.Place.Open(TimeProvider.System);

    public async Task InitializeAsync()
    {
        _space.Write("nothing.txt", "");
        SampleTrips.Write(_space.Data);
        await RegisterAsync(iterations: 40, rate: 0.1);
        await RegisterAsync(iterations: 50, rate: 0.1);
        // Every quote is near the mean fare.
        await RegisterAsync(iterations: 1, rate: 0.01);
        DeployCommand.Run(Registry, _space.Workspace.Artifacts, Wish(1));
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task AGoodModelTakesOverAndOneMadeWorseIsRolledBackAtItsFirstStepByScoresOrLabels()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        var answers = new Dictionary<int, int>();
        using var done = new CancellationTokenSource();
        var traffic = AskAsync([one, other], answers, done.Token);

        Assert.Equal(
            "'production' now serves taxi-fare version 2 instead of version 1; 2 servers answer with it",
            await DeployAsync(2));
        Assert.Equal(
            [0, 20, 50, 100, 100], Registry.Rollouts("taxi-fare", "production").Select(entry => entry.Percent));

        var error = await Assert.ThrowsAsync<RolloutException>(() => DeployAsync(3));
        // Whatever it scores, trips tell what it is worth.
        var byLabels = await Assert.ThrowsAsync<RolloutException>(() =>
            DeployAsync(3, Canary with { MaxScoreDistance = 1 }, new ArrivingLabels<TaxiTrip>(
                TaxiModel.Definition, LogFolder, [_space.Data], _said.Add)));

        await done.CancelAsync();
        await traffic;
        // They write what they logged.
        await one.StopAsync();
        await other.StopAsync();
        Assert.StartsWith(
            "Version 3 of taxi-fare was rolled back by ann: 'production' serves version 2. Mean absolute error: ",
            byLabels.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Version 3 of taxi-fare was rolled back by ann: 'production' serves version 2. Distance between the scores "
            + "of both versions: ",
            error.Message, StringComparison.Ordinal);
        var bad = Registry.Rollouts("taxi-fare", "production").Where(entry => entry.Candidate == 3).ToArray();
        Assert.Equal(
            [
                RolloutChange.Started, RolloutChange.Shared, RolloutChange.RolledBack,
                RolloutChange.Started, RolloutChange.Shared, RolloutChange.RolledBack,
            ],
            bad.Select(entry => entry.Change));
        Assert.Equal(20, bad.Max(entry => entry.Percent));
        // Of the requests of its step at most its part: it had none before, and the others had theirs long before.
        Assert.InRange(answers[3], Canary.MinRequests, 0.3 * answers.Values.Sum());
        Assert.Equal([1, 2, 3], answers.Keys.Order());
    }

    private async Task RegisterAsync(int iterations, double rate)
    {
        _build.Train = new() { Iterations = iterations, Leaves = 15, LearningRate = rate };
        await _build.Done("Evaluate");
        // Its gate may not pass with so few trees; that is another test's.
        await _space.Run(_build.Pipeline, "Register");
    }

    private static DeployOptions Wish(int version) => new("taxi-fare", version, "production", "ann", "to see it go");

    private Task<string> DeployAsync(int version, CanaryOptions? canary = null, IArrivingLabels? labels = null) =>
        new RolloutCommand(Registry, _space.Workspace.Artifacts, TimeProvider.System, _said.Add, labels).RunAsync(
            Wish(version),
            new()
            {
                Canary = canary ?? Canary,
                PollInterval = TimeSpan.FromSeconds(0.1),
                Patience = TimeSpan.FromMinutes(5),
            },
            CancellationToken.None);

    private async Task<WebApplication> StartAsync()
    {
        var app = ModelServer.Build(
            new()
            {
                Store = _space.Workspace.StoreFolder,
                Registry = _space.Place,
                Urls = ["http://127.0.0.1:0"],
                PollInterval = TimeSpan.FromSeconds(0.1),
                Limits = new() { DrainTime = TimeSpan.Zero },
                PredictionLog = new() { Folder = LogFolder, FileInterval = TimeSpan.FromSeconds(1) },
            },
            TaxiModel.Definition, new ServedRow<TaxiTrip>(TaxiModel.KnownAtStart), TimeProvider.System);
        await app.StartAsync();
        return app;
    }

    // One trip a request, in turn to the servers, until told to end.
    private async Task AskAsync(WebApplication[] servers, Dictionary<int, int> answers, CancellationToken done)
    {
        var clients = servers.Select(app => new HttpClient { BaseAddress = new(app.Urls.Single()) }).ToArray();
        var bodies = RowTable.Read<TaxiTrip>(_space.Output("Split", SplitStage.Train))
            .Select(row => Quote.Of(row.Row).ToJsonString()).ToArray();
        for (var i = 0; !done.IsCancellationRequested; i++)
        {
            using var content = new StringContent(bodies[i % bodies.Length], Encoding.UTF8, "application/json");
            using var answer = await clients[i % clients.Length].PostAsync("/predict", content, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None));
            var version = json.RootElement.GetProperty("version").GetInt32();
            answers[version] = answers.GetValueOrDefault(version) + 1;
        }
        foreach (var client in clients)
            client.Dispose();
    }
}
