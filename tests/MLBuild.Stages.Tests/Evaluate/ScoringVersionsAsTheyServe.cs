using System.Globalization;
using System.Text;
using MLBuild.Learning.Features;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Evaluate;

/// <summary>Features that are fitted say other things of a row when other rows were learned from: each version is
/// judged on those that it computes where it serves.</summary>
public sealed class ScoringVersionsAsTheyServe : IDisposable
{
    private const string Note = " Its features are those that it serves, fitted on its own training rows.";

    private static readonly ModelDefinition<Sale> Fitted = Sales.Model with { Features = FeaturesWith(smoothing: 20) };

    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public ScoringVersionsAsTheyServe()
    {
        _space.Write("a.csv", Csv(1, 2000, ("west", 30, 120), ("north", 30, 120), ("north", 30, 120)));
        _build = new(_space)
        {
            Features = run => FeaturesStage.Run(run, Fitted),
            Evaluates = (run, options) => EvaluateStage.Run(run, Fitted, options),
        };
        _build.Evaluate = _build.Evaluate with
        {
            MaxRmse = 1000,
            MinR2 = -10,
            MinShareWithinTenPercent = 0,
            SliceMargin = 1000,
            BestEverMargin = 1000,
            MaxGain = 0.99,
        };
    }

    public void Dispose() => _space.Dispose();

    // On today's features the champion takes each district for the other.
    [Fact]
    public async Task AChallengerThatTodaysFitWouldLetPassFails()
    {
        await Serve(40);
        // Large flats in the north make its mean the higher one; in the west flats are still worth more.
        _space.Write("b.csv", Csv(5000, 2000, ("west", 30, 75), ("north", 75, 120)));
        _build.Train = _build.Train with { Iterations = 16 };

        await _build.Done("Evaluate");

        var challenger = LossOf(Report().Overall.Metrics);
        Assert.InRange(challenger, 1.5 * LossOf(AsServed(1)), 0.5 * LossOf(OnTodaysTable(1)));
        Assert.Equal(AsServed(1).Summary, Report().Overall.ChampionMetrics!.Summary);
        Assert.NotEqual(OnTodaysTable(1).Summary, AsServed(1).Summary);
        Assert.Equal(["district=north", "district=west"], Report().Slices.Select(slice => slice.Slice));
        Assert.Equal(
            [AsServed(1, "north").Loss, AsServed(1, "west").Loss],
            Report().Slices.Select(slice => slice.ChampionMetrics!.Loss));
        var failed = Assert.Single(Report().Gate.Results, result => result.Outcome is not Outcome.Pass);
        Assert.Equal(
            (RuleKind.NonInferiority, "overall", new Outcome.Fail(FailReason.WorseThanChampion)),
            (failed.Rule, failed.Slice, failed.Outcome));
        Assert.Equal($"Compared with v1 on the same rows.{Note}", Report().Comparison);
        Assert.Contains($"Evaluate: Compared with v1 on the same rows.{Note}", _space.Log);
    }

    // On today's features the champion knows a district that it has never heard of.
    [Fact]
    public async Task AChallengerThatTodaysFitWouldLetFailPasses()
    {
        await Serve(40);
        _space.Write("b.csv", Csv(5000, 1000, ("harbour", 30, 120)));
        _build.Train = _build.Train with { Iterations = 25 };

        await _build.Done("Evaluate");

        var challenger = LossOf(Report().Overall.Metrics);
        Assert.InRange(challenger, 1.2 * LossOf(OnTodaysTable(1)), 0.5 * LossOf(AsServed(1)));
        Assert.Equal(AsServed(1).Summary, Report().Overall.ChampionMetrics!.Summary);
        Assert.True(Report().Gate.Passed);
    }

    [Fact]
    public async Task WhereTheFitIsTheSameNothingIsSaid()
    {
        await Serve(30);
        _build.Train = _build.Train with { Iterations = 31 };
        await _build.Done("Evaluate");
        Assert.Equal("Compared with v1 on the same rows.", Report().Comparison);
        Assert.Equal(AsServed(1).Summary, Report().Overall.ChampionMetrics!.Summary);
        Assert.Equal(OnTodaysTable(1).Summary, AsServed(1).Summary);
    }

    // Of more than four versions the likely ones are chosen on a sample, and there too each has its own features.
    [Fact]
    public async Task TheBestEverIsFoundOnTheFeaturesThatItServes()
    {
        _build.Evaluate = _build.Evaluate with { Margin = 1000, SampleRows = 100 };
        await Serve(40);
        _space.Write("b.csv", Csv(5000, 2000, ("west", 30, 75), ("north", 75, 120)));
        foreach (var iterations in (int[])[12, 13, 14, 15, 16])
            await Serve(iterations);
        _build.Train = _build.Train with { Iterations = 17 };

        await _build.Done("Evaluate");

        var best = Report().BestEver!;
        Assert.Equal(
            ("v1", $"v1 is the best of the 6 versions that served.{Note}"), (best.Version, best.Comparison));
        Assert.Equal(LossOf(AsServed(1)), LossOf(best.Metrics!));
        Assert.True(LossOf(OnTodaysTable(1)) > LossOf(Report().Overall.Metrics));
        Assert.Equal(("v6", "Compared with v6 on the same rows."), (Report().Champion, Report().Comparison));
    }

    [Fact]
    public async Task AVersionOfOtherFeatureCodeIsScoredOnTodaysFeaturesAndThatIsSaid()
    {
        await Serve(30);
        var other = Sales.Model with { Features = FeaturesWith(smoothing: 5) };
        _build.Features = run => FeaturesStage.Run(run, other);
        _build.Evaluates = (run, options) => EvaluateStage.Run(run, other, options);
        await _build.Done("Evaluate");
        Assert.Equal(
            "Compared with v1 on the same rows. Its features are computed by today's code, which it was not trained "
            + "with (captured 'FeatureSet<>._features[2].Input.target.smoothing' changed: 20 -> 5): where it serves it "
            + "may be better or worse.",
            Report().Comparison);
        Assert.Equal(OnTodaysTable(1).Summary, Report().Overall.ChampionMetrics!.Summary);
    }

    [Fact]
    public async Task AFitThatIsLostIsNoReasonToJudgeOtherwise()
    {
        await Serve(30);
        var state = _space.Registry.Find("sales", 1).Evidence.Attachments[FeaturesStage.State];
        _space.Write("b.csv", Csv(5000, 500, ("west", 30, 75)));
        await _build.Done("Features");
        _space.Lose(state);
        Assert.Equal(
            $"Version 1 serves, but its 'features.state' cannot be read. Artifact {state.Short} is not in the store. "
            + "Use the store in which it was registered, or deploy a version that is in this one.",
            await _build.Failure("Evaluate"));
    }

    [Fact]
    public async Task ADefinitionThatIsNotTheFeaturesStagesIsRefused()
    {
        await Serve(30);
        _space.Write("b.csv", Csv(5000, 500, ("west", 30, 75)));
        var other = Sales.Model with { Features = FeaturesWith(smoothing: 5) };
        _build.Evaluates = (run, options) => EvaluateStage.Run(run, other, options);
        Assert.Equal(
            "The features that the evaluation was given with the definition of 'sales' are not those in "
            + "'holdout.features.parquet': captured 'FeatureSet<>._features[2].Input.target.smoothing' changed: 20 -> "
            + "5. Give the stages that compute features and that evaluate one ModelDefinition.",
            await _build.Failure("Evaluate"));
    }

    private static FeatureSet<Sale> FeaturesWith(double smoothing) => new FeatureSet<Sale>()
        .Numeric("area", sale => sale.Area)
        .Numeric("rooms", sale => sale.Rooms)
        .Encoded("district_price", sale => sale.District, sale => sale.Price, smoothing)
        .Frequency("district_share", sale => sale.District);

    // What flats are worth never changes; where they are, and how large, does.
    private static string Csv(int firstId, int rows, params (string District, double From, double To)[] flats)
    {
        var random = new Random(firstId);
        var text = new StringBuilder(Sales.Header);
        for (var i = 0; i < rows; i++)
        {
            var (district, from, to) = flats[random.Next(flats.Length)];
            var worth = district == "north" ? 0 : 50;
            var area = from + (random.NextDouble() * (to - from));
            var rooms = (int)(area / 25);
            var price = (2 * area) + (10 * rooms) + worth + (random.NextDouble() * 30);
            text.Append(CultureInfo.InvariantCulture,
                $"{firstId + i},2019-01-01 10:00:00,{district},{area:0.0},{rooms},{price:0.00}\n");
        }
        return text.ToString();
    }

    // As a server answers: its model, on what is computed with the state that it was registered with.
    private ModelMetrics AsServed(int version, string? district = null)
    {
        using var file = File.OpenRead(Artifact(
            _space.Registry.Find("sales", version).Evidence.Attachments[FeaturesStage.State]));
        var state = FeatureState.Read(file);
        return Metrics(version, RowTable.Read<Sale>(_space.Output("Split", SplitStage.HoldOut))
            .Where(row => district is null || row.Row.District == district)
            .Select(row => (row.Row.Price, Fitted.Features.Serve(state, row.Row))));
    }

    private ModelMetrics OnTodaysTable(int version)
    {
        var table = FeatureTableReader.Open(_space.Output("Features", FeaturesStage.HoldOut));
        var width = table.Features.Count;
        return Metrics(version, table.ReadValues().SelectMany(batch => Enumerable.Range(0, batch.Count)
            .Select(row => (batch.Labels[row], batch.Values.AsSpan(row * width, width).ToArray()))));
    }

    private ModelMetrics Metrics(int version, IEnumerable<(double Label, float[] Features)> rows)
    {
        using var file = File.OpenRead(Artifact(_space.Registry.Find("sales", version).ModelHash));
        var scorer = new RowScorer(ScoringModel.Load(file));
        var (loss, metrics) = (
            RowLoss.Of(LearningTaskKind.Regression), TaskMetrics.Of(LearningTask.Regression, MetricDepth.Full));
        foreach (var (label, features) in rows)
        {
            var scores = scorer.Score(features);
            metrics.Add(label, scores, loss.Of(label, scores));
        }
        return metrics.ToMetrics();
    }

    private string Artifact(ContentHash hash) => _space.Workspace.Artifacts.Verified(hash);

    private async Task Serve(int iterations)
    {
        _build.Train = _build.Train with { Iterations = iterations };
        await _build.Done("Register");
        _build.Deploy(_space.Registry.Versions("sales").Count);
    }

    private static double LossOf(ModelMetrics metrics) => ((MetricValue.Value)metrics.Loss).Number;

    private EvaluateReport Report() => ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report));
}
