using MLBuild.Learning.Features;
using MLBuild.Learning.Leakage;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Features;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Features;

/// <summary>Features are fitted on the training side alone, and leaks are found before anything is trained.</summary>
public sealed class FittingFeatureTables : IDisposable
{
    private static readonly History<Sale> Sold = new(
        "sales", sale => sale.District, sale => sale.Price, sale => sale.SoldAt,
        sale => sale.SoldAt.AddDays(sale.Id % 9));

    private static readonly ModelDefinition<Sale> Fitted = Sales.Model with
    {
        Features = Sales.Features
            .Encoded("district_price", sale => sale.District, sale => sale.Price)
            .Frequency("district_share", sale => sale.District)
            .Aggregate("district_mean_of_30_days", Sold, Aggregation.Mean, TimeSpan.FromDays(30)),
    };

    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public FittingFeatureTables()
    {
        _space.Write("a.csv", Spread(Sales.Csv(1000, seed: 1)));
        _build = new(_space)
        {
            Features = run => FeaturesStage.Run(run, Fitted),
            Counts = (run, options) => WindowsStage.Run(run, Fitted, Sales.Contract, Sales.Metrics, options),
        };
    }

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task BothSidesAreComputedByWhatTheTrainingSideTold()
    {
        await _build.Done("Features");
        var fit = Fitted.Features.BeginFit();
        foreach (var row in RowTable.Read<Sale>(_space.Output("Split", SplitStage.Train)))
            fit.Add(row.Row, Sales.Key(row.Row));
        var expected = fit.Complete();

        using var state = new MemoryStream();
        expected.State.Write(state);
        Assert.Equal(state.ToArray(), _space.Bytes("Features", FeaturesStage.State));
        var values = new float[6];
        Assert.Equal(
            RowTable.Read<Sale>(_space.Output("Split", SplitStage.Train)).SelectMany(row =>
            {
                expected.ComputeTraining(row.Row, Sales.Key(row.Row), values);
                return values.ToArray();
            }), Values(FeaturesStage.Train));
        var served = Fitted.Features.Using(State());
        Assert.Equal(
            RowTable.Read<Sale>(_space.Output("Split", SplitStage.HoldOut)).SelectMany(row =>
            {
                served.Compute(row.Row, values);
                return values.ToArray();
            }), Values(FeaturesStage.HoldOut));
    }

    [Fact]
    public async Task TheOrderOfRowsChangesNoByteOfTheState()
    {
        await _build.Done("Features");
        var before = _space.Bytes("Features", FeaturesStage.State);
        var lines = Spread(Sales.Csv(1000, seed: 1)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _space.Write("a.csv", string.Concat(lines[1..].Reverse().Prepend(lines[0]).Select(line => line + "\n")));
        await _build.Done("Features");
        Assert.Equal(before, _space.Bytes("Features", FeaturesStage.State));
    }

    [Fact]
    public async Task MonitoringComputesWithTheStateOfTheServingModel()
    {
        Directory.CreateDirectory(Path.Combine(_space.Data, "recent"));
        _space.Write(Path.Combine("recent", "b.csv"), Spread(Sales.Csv(1000, seed: 2, firstId: 5000)));
        await _build.Done("Register");
        _build.Deploy(1);
        await _build.Done("Monitor");
        var report = ReportFile.Read<MonitorReport>(_space.Output("Monitor", MonitorStage.Report));
        Assert.Equal(WindowVerdict.Fine, report.Verdict);
        Assert.Contains("Windows/b: the histories of version 1 end at 2019-06-26 10:00:00: what happened later is in "
            + "no feature until a model that learned from it serves", _space.Log);
    }

    [Fact]
    public async Task ACopyOfTheLabelEndsTheBuildAndTheReportSaysSo()
    {
        _build.Features = run => FeaturesStage.Run(
            run, Sales.Model with { Features = Sales.Features.Numeric("cents", sale => sale.Price * 100) });
        Assert.Equal(
            "Feature 'cents' is the label, or a + b times the label. Remove it.", await _build.Failure("Features"));
        Assert.Contains("\"feature\": \"cents\"", _space.FailedText("Features", FeaturesStage.Leakage));
    }

    [Fact]
    public async Task ASaleUnderTwoKeysOnBothSidesIsSaid()
    {
        var csv = Sales.Csv(1000, seed: 1);
        _space.Write("b.csv", csv.Split('\n')[0] + "\n" + string.Concat(
            csv.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..21].Select(line => $"9{line}\n")));
        _build.Features = run => FeaturesStage.Run(run, Sales.Model, new LeakageLimits { MaxTwinShare = 1 });
        await _build.Done("Features");
        Assert.Matches(
            "^Features: [0-9]+ of [0-9]+ held-out rows [(][0-9.]+ %, limit 100 %[)] have the features and the label of "
            + "a training row with another key, such as [0-9a-f]{32} and [0-9a-f]{32}[.] Remove duplicates before the "
            + "split, give them one key, or raise LeakageLimits.MaxTwinShare if rows are equal by chance[.]$",
            _space.Log[^1]);
    }

    // The label is one of few, and all that tells rows apart was fitted.
    [Fact]
    public async Task RowsThatDifferInFittedFeaturesAreNoTwins()
    {
        var fitted = Fitted with
        {
            Features = new FeatureSet<Sale>()
                .Encoded("area_price", sale => $"{sale.Area:0}", sale => sale.Price)
                .Aggregate("district_mean_of_30_days", Sold, Aggregation.Mean, TimeSpan.FromDays(30)),
            Label = sale => sale.Id % 5,
        };
        _build.Features = run => FeaturesStage.Run(run, fitted, new LeakageLimits { MaxTwinShare = 1 });

        await _build.Done("Features");

        var state = State();
        var learned = Rows(SplitStage.Train).ToHashSet();
        var twins = Rows(SplitStage.HoldOut).Count(learned.Contains);
        var found = ReportFile.Read<LeakageReport>(_space.Output("Features", FeaturesStage.Leakage)).Twins;
        Assert.Equal(twins, found.Rows);
        Assert.InRange(twins, 1, found.HeldOut / 2);

        IEnumerable<string> Rows(string side) => RowTable.Read<Sale>(_space.Output("Split", side)).Select(row =>
            $"{string.Join(' ', fitted.Features.Serve(state, row.Row))} {fitted.Label(row.Row)}");
    }

    [Fact]
    public async Task AFeatureThatSaysWhenItIsKnownNeedsATimeOfPrediction()
    {
        _build.Features = run => FeaturesStage.Run(run, Sales.Model with
        {
            Features = Sales.Features.Numeric("day", sale => sale.SoldAt.Day, knownAt: sale => sale.SoldAt),
        });
        Assert.Equal(
            "Features of model 'sales' say when they are known (day), but not when a row is predicted, which that is "
            + "compared with. Set PredictedAt of the model definition.", await _build.Failure("Features"));
    }

    [Fact]
    public async Task CleanRowsGiveAReportWithoutFindings()
    {
        await _build.Done("Features");
        var report = ReportFile.Read<LeakageReport>(_space.Output("Features", FeaturesStage.Leakage));
        Assert.Equal(LeakVerdict.None, report.Verdict);
        Assert.Empty(report.Sentences);
        Assert.Equal(Fitted.Features.Names, report.Labels.Features.Select(leak => leak.Feature));
        Assert.All(report.Labels.Features, leak => Assert.NotNull(leak.Told));
    }

    private FeatureState State()
    {
        using var state = File.OpenRead(_space.Output("Features", FeaturesStage.State));
        return FeatureState.Read(state);
    }

    private float[] Values(string table) => [.. FeatureTableReader.Open(_space.Output("Features", table)).ReadValues()
        .SelectMany(batch => batch.Values.Take(batch.Count * 6))];

    // Sales on one day have no history.
    private static string Spread(string csv) => string.Concat(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select((line, i) => line.Replace("2019-01-01", $"2019-0{1 + (i % 6)}-{10 + (i % 17)}") + "\n"));
}
