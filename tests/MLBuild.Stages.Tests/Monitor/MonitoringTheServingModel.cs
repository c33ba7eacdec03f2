using System.Text.Json;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Features;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Monitor;

/// <summary>Recent rows against those that the serving model learned from.</summary>
public sealed class MonitoringTheServingModel : IAsyncLifetime
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public MonitoringTheServingModel() => _build = new(_space) { Recent = "recent.csv" };

    public async Task InitializeAsync()
    {
        _space.Write("a.csv", Sales.Csv(4000, seed: 1));
        await _build.Done("Register");
        _build.Deploy(1);
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task RowsOfTheSameKindAreFine()
    {
        await Monitor(Sales.Csv(3000, seed: 2, firstId: 10_000));
        Verdict("Fine", "fine: the rows look like those that version 1 was trained on");
        Assert.Equal(4, _space.Log.Count(line => line.Contains(": no drift; PSI ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task LargerFlatsAreDrift()
    {
        await Monitor(Sales.Csv(3000, seed: 2, firstId: 10_000, area: 45));
        Verdict("Drift", "drift: train on recent data and let the gate compare; version 1 was trained on other rows");
        Assert.Contains(_space.Log, line => line.StartsWith("Monitor: area: drift; PSI ", StringComparison.Ordinal));
        Assert.Contains(_space.Log, line =>
            line.StartsWith("Monitor: prediction (prediction): drift; PSI ", StringComparison.Ordinal));
        Assert.Contains(_space.Log, line =>
            line.StartsWith("Monitor: district_code: no drift; PSI ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RowsThatBreakTheContractAreBadData()
    {
        await Monitor(Sales.Csv(3000, seed: 2, firstId: 10_000).Replace(",west,", ",west,-", StringComparison.Ordinal));
        Verdict("BadData", "bad data: mend it first; do not learn from it");
        Assert.Contains(_space.Log, line => line.StartsWith("Monitor:   no area ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TooManyUnreadableLinesAreBadData()
    {
        await Monitor(Sales.Csv(3000, seed: 2, firstId: 10_000) + string.Concat(Enumerable.Repeat("bad\n", 40)));
        Verdict("BadData", "bad data: mend it first; do not learn from it");
        Assert.Contains("Monitor: 1.32 % of the lines could not be read, the limit is 1.00 %.", _space.Log);
        using var report = Report();
        Assert.Equal(40 / 3040.0, report.RootElement.GetProperty("quarantinedShare").GetDouble());

        _build.Monitor = new() { MaxQuarantined = 0.02 };
        await _build.Done("Monitor");
        Verdict("Fine", "fine: the rows look like those that version 1 was trained on");
    }

    [Fact]
    public async Task AFileOfOtherColumnsIsBadData()
    {
        await Monitor(Sales.Csv(50, seed: 2, firstId: 10_000).Replace("\n", ",x\n", StringComparison.Ordinal));
        Verdict("BadData", "bad data: mend it first; do not learn from it");
    }

    [Fact]
    public async Task FewerRowsThanTheContractWantsAreTooFewToSay()
    {
        await Monitor(Sales.Csv(50, seed: 2, firstId: 10_000));
        Verdict("NotEnoughData", "not enough rows to say");
        Assert.Contains("Monitor: area: not enough data; n=", string.Join('\n', _space.Log));
    }

    [Fact]
    public async Task FewerRowsThanAComparisonWantsAreTooFewToSay()
    {
        _build.Monitor = new() { Drift = new() { MinRows = 2_000 } };
        await Monitor(Sales.Csv(400, seed: 2, firstId: 10_000));
        Verdict("NotEnoughData", "not enough rows to say");
    }

    [Fact]
    public async Task AnEmptyFileDoesNotHideThatTheOthersAreBad()
    {
        Directory.CreateDirectory(Path.Combine(_space.Data, "recent"));
        _build.Recent = "recent";
        Monitors(Sales.Contract.RowsPerFile(min: 1).Column(sale => sale.Price, price => price.Mean(max: 1)));
        _space.Write("recent/a.csv", Sales.Csv(3000, seed: 2, firstId: 10_000));
        _space.Write("recent/b.csv", Sales.Header);
        await _build.Done("Monitor");
        Verdict("BadData", "bad data: mend it first; do not learn from it");
    }

    [Fact]
    public async Task NoRowsAreTooFewToSay()
    {
        await Monitor(Sales.Header);
        Verdict("NotEnoughData", "not enough rows to say");
    }

    [Fact]
    public async Task WhereNothingServesThereIsNothingToMonitor()
    {
        _build.Evaluate = _build.Evaluate with { Environment = "staging" };
        _space.Write("recent.csv", Sales.Csv(400, seed: 2));
        Assert.Equal(
            "No model serves yet, so there is nothing to monitor. Deploy one with ./build.sh Deploy --model-version N.",
            await _build.Failure("Monitor"));
    }

    [Fact]
    public async Task CodeOfOtherFeaturesThanTheServingModelsIsRefused()
    {
        _build.Monitors = (run, options) => MonitorStage.Run(run,
            Sales.Model with
            {
                Features = new FeatureSet<Sale>().Numeric("area", sale => sale.Area).Numeric("age", sale => 3),
            },
            Sales.Contract, options);
        _space.Write("recent.csv", Sales.Csv(400, seed: 2));
        Assert.Equal(
            "The features computed are not those the model was trained with: 'rooms' is missing; 'district_code' is " +
            "missing; 'age' is extra. " +
            "Train again, or use the feature code that the model was trained with.",
            await _build.Failure("Monitor"));
    }

    [Fact]
    public async Task AProfileThatIsNotInTheStoreIsNamed()
    {
        var lost = _space.Registry.Find("sales", 1).Evidence.Attachments["profile.json"];
        _space.Lose(lost);
        _space.Write("recent.csv", Sales.Csv(400, seed: 2));
        Assert.Equal(
            $"Version 1 serves, but its 'profile.json' cannot be read. Artifact {lost.Short} is not in the store. " +
            "Use the store in which it was registered, or deploy a version that is in this one.",
            await _build.Failure("Monitor"));
    }

    [Fact]
    public async Task OptionsOutOfRangeAreRefused()
    {
        _space.Write("recent.csv", Sales.Csv(400, seed: 2));
        _build.Monitor = new() { MaxQuarantined = double.NaN };
        Assert.Equal("MaxQuarantined is NaN, expected 0 to 1.", await _build.Failure("Monitor"));
    }

    private void Monitors(Contract<Sale> contract) =>
        _build.Monitors = (run, options) => MonitorStage.Run(run, Sales.Model, contract, options);

    private Task Monitor(string csv)
    {
        _space.Write("recent.csv", csv);
        return _build.Done("Monitor");
    }

    private JsonDocument Report() => JsonDocument.Parse(_space.Text("Monitor", MonitorStage.Report));

    private void Verdict(string verdict, string logged)
    {
        using var report = Report();
        Assert.Equal(verdict, report.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(1, report.RootElement.GetProperty("version").GetInt32());
        Assert.Equal($"Monitor: {logged}", _space.Log[^1]);
    }
}
