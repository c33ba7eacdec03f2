using System.Globalization;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Predictions;

namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>A canary whose requests turn out to be known: what its servers log is joined with files of
/// labels.</summary>
public sealed class JudgingByLabels(TwoVersions versions) : IClassFixture<TwoVersions>, IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.1);

    private readonly string _environment = versions.NewEnvironment();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-labels-");
    private readonly List<string> _said = [];
    private readonly WaitingClock _clock = new();
    private readonly CancellationTokenSource _end = new();

    private string LogFolder => Path.Combine(_folder.FullName, "log");

    private string LabelFolder => Path.Combine(_folder.FullName, "labels");

    public void Dispose()
    {
        _end.Cancel();
        _folder.Delete(recursive: true);
    }

    // As fast, without failures, and its scores are the champion's, each of another row: nothing but labels tells.
    [Fact]
    public async Task ACandidateThatIsWrongIsRolledBackByLabelsAloneAtItsFirstStep()
    {
        WriteLabels("a.csv", 0, 400);
        var servers = Serve(sale => 100 + ((sale * 7 + 200) % 400));

        var error = await Assert.ThrowsAsync<RolloutException>(() => Deploy(TimeSpan.FromMinutes(1)));

        Assert.StartsWith(
            $"Version 2 of sales was rolled back by ann: '{_environment}' serves version 1. Mean absolute error: ",
            error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, versions.Registry.Rollouts("sales", _environment).Max(entry => entry.Percent));
        await servers;
    }

    [Fact]
    public async Task AGoodCandidateGoesThroughAllSteps()
    {
        WriteLabels("a.csv", 0, 400);
        var servers = Serve(RightPrice);

        await Deploy(TimeSpan.FromMinutes(1));

        Assert.Equal(
            [0, 5, 25, 50, 100, 100],
            versions.Registry.Rollouts("sales", _environment).Select(entry => entry.Percent));
        Assert.Equal(5, _said.Count(line => line.Contains("Mean absolute error: 2 of 400 rows with labels")
            || line.StartsWith("Canary rollout", StringComparison.Ordinal)));
        await servers;
    }

    [Fact]
    public async Task LabelsThatComeLaterAreWaitedFor()
    {
        Directory.CreateDirectory(LabelFolder);
        var servers = Serve(RightPrice);
        var deploy = Deploy(TimeSpan.FromMinutes(1));
        await SaidOnceAsync(deploy, line => line == "0 rows of the candidate and 0 of the champion have labels, " +
            "expected 100 of each before their mean absolute error is compared.");
        // Half written: it is read when it is whole.
        await File.WriteAllTextAsync(Path.Combine(LabelFolder, "a.csv"), "id,so");
        await SaidOnceAsync(deploy, line => line.StartsWith(
            "Nothing of it is judged yet, and it is looked for again: 'a.csv' ", StringComparison.Ordinal));

        WriteLabels("a.csv", 0, 40);
        WriteLabels("b.csv", 40, 360);

        Assert.StartsWith($"'{_environment}' now serves", await deploy, StringComparison.Ordinal);
        await servers;
    }

    [Fact]
    public async Task WithoutLabelsItIsHeld()
    {
        WriteLabels("a.csv", 0, 40);
        var servers = Serve(RightPrice, logged: () => _clock.Speed = 50);
        var error = await Assert.ThrowsAsync<RolloutException>(() => Deploy(TimeSpan.FromMinutes(1)));
        Assert.Contains(" rows of it with labels; the next look is at 100. It keeps its share", error.Message);
        versions.Registry.RollOut(Wish(RolloutChange.RolledBack));
        await servers;
    }

    [Fact]
    public async Task LabelsJudgeACanaryOnly()
    {
        var error = await Assert.ThrowsAsync<RolloutException>(() =>
            Deploy(TimeSpan.FromMinutes(1), RolloutStrategy.Shadow));
        Assert.Equal(
            "Labels judge a canary, and this rollout is Shadow: no answer of the candidate is logged in it. Leave " +
            "out --canary-labels, or choose --strategy canary.",
            error.Message);
        Assert.Empty(versions.Registry.Rollouts("sales", _environment));
    }

    [Fact]
    public void WhoNamesLabelsDeploysACanary()
    {
        foreach (var other in (string[])["direct", "blue-green", "shadow"])
            Assert.Equal(
                $"--canary-labels judge a canary, and --strategy is {other}. Leave them out, or choose --strategy " +
                "canary.",
                Assert.Throws<RolloutException>(() => DeployStrategy.Parse(other, areLabelsNamed: true)).Message);
        Assert.Equal(RolloutStrategy.Canary, DeployStrategy.Parse("canary", areLabelsNamed: true));
        Assert.Null(DeployStrategy.Parse("direct"));
    }

    private static double RightPrice(int sale) => 100 + (sale % 400) + (sale % 2 == 0 ? 2 : -2);

    private Task<string> Deploy(TimeSpan patience, RolloutStrategy strategy = RolloutStrategy.Canary) =>
        new RolloutCommand(
            versions.Registry, versions.Space.Workspace.Artifacts, _clock, Say,
            new ArrivingLabels<Sale>(Sales.Model, LogFolder, [LabelFolder], Say)).RunAsync(
            new("sales", 2, _environment, "ann", null),
            new() { Strategy = strategy, PollInterval = Moment, Patience = patience }, _end.Token);

    private void Say(string line)
    {
        lock (_said)
            _said.Add(line);
    }

    private async Task SaidOnceAsync(Task deploy, Func<string, bool> isIt)
    {
        while (true)
        {
            lock (_said)
            {
                if (_said.Any(isIt))
                    return;
            }
            Assert.False(deploy.IsCompleted);
            await Task.Delay(Moment);
        }
    }

    private RolloutRequest Wish(RolloutChange change) => new("sales", _environment, 2, change, "ann", "a test");

    // Sold for 100 to 499.
    private void WriteLabels(string name, int first, int count)
    {
        Directory.CreateDirectory(LabelFolder);
        File.WriteAllText(Path.Combine(LabelFolder, name), Sales.Header + string.Concat(
            Enumerable.Range(first, count).Select(sale => string.Create(
                CultureInfo.InvariantCulture, $"{sale},2019-01-01 10:00:00,west,50,2,{100 + sale}\n"))));
    }

    // Says that all went well for both versions, and logs 400 rows of each in each step: that both have the same keys
    // is no matter here.
    private async Task Serve(Func<int, double> candidate, Action? logged = null)
    {
        await Task.Yield();
        var (begun, position) = (false, 0);
        while (!_end.IsCancellationRequested)
        {
            var desired = versions.Registry.Desired("sales", _environment);
            var status = new ServerStatus("one", 1, ((Served.Version)desired.Serving).Model.Number, null);
            if (desired.Rollout is { } rollout)
            {
                begun = true;
                var counts = new TrafficCounts(
                    3_000, 0, [3_000, .. new long[LatencyBins.Count - 1]], [3_000, .. new long[9]]);
                status = status with { Candidate = new(rollout.Id, 2, null, rollout.Last.Position, counts, counts) };
                if (rollout.Percent > 0 && position != rollout.Last.Position)
                    Log(rollout, candidate);
                position = rollout.Last.Position;
            }
            else if (begun && status.Version == versions.Registry.History("sales", _environment)[^1].To)
            {
                Report(status with { HasEnded = true });
                return;
            }
            Report(status);
            if (position > 1)
                logged?.Invoke();
            await Task.Delay(Moment);
        }
    }

    // At 100 % the champion has nothing to log.
    private void Log(ActiveRollout rollout, Func<int, double> candidate)
    {
        var columns = new ServedColumns([], [.. Sales.Features.Names]);
        var file = Path.Combine(LogFolder, $"step{rollout.Last.Position}.writing");
        ServedFile.Write(file, columns,
        [
            .. rollout.Percent == 100 ? [] : Rows(1, RightPrice), .. Rows(2, candidate),
            // Of an hour before the step, and again of a key that there was.
            .. Rows(2, _ => 9e9, hoursAgo: 1), .. Rows(2, _ => 9e9),
        ]);
        File.Move(file, Path.ChangeExtension(file, ".parquet"));

        IEnumerable<ServedRow> Rows(int version, Func<int, double> price, int hoursAgo = 0) =>
            Enumerable.Range(0, 400).Select(sale => new ServedRow(
                "", $"{Sales.Key(new() { Id = sale })}", version, DateTime.UtcNow.AddHours(-hoursAgo), columns,
                [(float)price(sale)], [1, 2, 3]));
    }

    private void Report(ServerStatus status) =>
        versions.Registry.Report("sales", _environment, "one", status.ToJson());
}
