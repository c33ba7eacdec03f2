using MLBuild.Engine.Recipes;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Register;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Evaluate;

/// <summary>A model beside the best one that ever served: losses that are small enough one by one add up.</summary>
public sealed class ComparingWithTheBestEver : IDisposable
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public ComparingWithTheBestEver()
    {
        _space.Write("a.csv", Sales.Csv(2000, seed: 1));
        _build = new(_space);
        _build.Evaluate = _build.Evaluate with { Margin = 10, SliceMargin = 10, BestEverMargin = 10 };
    }

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task TheFirstModelEverHasNoneBeforeIt()
    {
        await _build.Done("Evaluate");
        Assert.Equal(
            ("none", 0, "Nothing served before: there is no best version ever.", null, null),
            (Best().Version, Best().Served, Best().Comparison, Best().Metrics, Best().Difference));
        Assert.Equal(
            (new Outcome.Pass(), "mean squared error overall has no version before it to compare with: thresholds "
                + "decide."),
            (Judged().Outcome, Judged().Sentence));
        Assert.True(Report().Gate.Passed);
    }

    [Fact]
    public async Task TheChampionAloneIsTheBestAndMeasuredOnce()
    {
        await Serve(30);
        _build.Train = _build.Train with { Iterations = 28 };
        await _build.Done("Evaluate");
        Assert.Equal(("v1", 1, "v1 is the best version ever: no other served."),
            (Best().Version, Best().Served, Best().Comparison));
        Assert.Equal(
            (Report().Overall.ChampionMetrics!.Loss, Report().Overall.Difference),
            (Best().Metrics!.Loss, Best().Difference));
    }

    [Fact]
    public async Task AModelAsGoodAsAWeakChampionFailsBesideTheBestThatServed()
    {
        await Serve(30);
        await Serve(20);
        _build.Train = _build.Train with { Iterations = 19 };
        _build.Evaluate = _build.Evaluate with { BestEverMargin = 0.1 };
        await _build.Done("Evaluate");
        Assert.Equal(("v2", "v1", 2, "v1 is the best of the 2 versions that served."),
            (Report().Champion, Best().Version, Best().Served, Best().Comparison));
        Assert.Contains("Evaluate: v1 is the best of the 2 versions that served.", _space.Log);
        var failed = Assert.Single(Report().Gate.Results, result => result.Outcome is not Outcome.Pass);
        Assert.Equal(
            (RuleKind.NotWorseThanBestEver, new Outcome.Fail(FailReason.WorseThanBestEver)),
            (failed.Rule, failed.Outcome));
        Assert.Contains(" against the best version ever's ", failed.Sentence);
        Assert.Equal(failed.Champion!.Value, ((MetricValue.Value)Best().Metrics!.Loss).Number, 1e-9);
    }

    // Of more than four versions a sample of the rows says which four are scored on all.
    [Fact]
    public async Task OfManyVersionsTheBestIsFoundWhereverItIsAmongThem()
    {
        _build.Evaluate = _build.Evaluate with
        {
            MaxRmse = 1000,
            MinR2 = -10,
            MinShareWithinTenPercent = 0,
            Margin = 1000,
            SliceMargin = 1000,
            BestEverMargin = 1000,
            MaxGain = 0.99,
            SampleRows = 100,
        };
        foreach (var iterations in (int[])[4, 5, 30, 6, 7, 8])
            await Serve(iterations);
        _build.Train = _build.Train with { Iterations = 9 };
        _build.Evaluate = _build.Evaluate with { BestEverMargin = 0.1 };
        await _build.Done("Evaluate");
        Assert.Equal(("v6", "v3", 6, "v3 is the best of the 6 versions that served."),
            (Report().Champion, Best().Version, Best().Served, Best().Comparison));
        Assert.Equal(new Outcome.Fail(FailReason.WorseThanBestEver), Judged().Outcome);
    }

    [Fact]
    public async Task TheVersionsThatServedAreInTheRecipe()
    {
        await Serve(30);
        await Serve(20);
        await _build.Done("Register");
        var evidence = _space.Registry.Find("sales", 2).Evidence;
        var recipe = Recipe.Parse(_space.Workspace.Artifacts.ReadText(
            evidence.Attachments[RegisterStage.RecipePrefix + "Evaluate"]));
        var observed = Assert.Single(
            recipe.Entries, entry => entry is { Kind: RecipeKind.Observed, Name: EvaluateStage.ServedObservation });
        Assert.Equal([1, 2], ServedVersions.Parse(observed.Value).Select(version => version.Version));
    }

    [Fact]
    public async Task AVersionThatIsLostFailsTheGateByType()
    {
        await Serve(30);
        await Serve(20);
        var first = _space.Registry.Find("sales", 1).ModelHash;
        _build.Train = _build.Train with { Iterations = 21 };
        await _build.Done("Train");
        _space.Lose(first);
        await _build.Done("Evaluate");
        Assert.Equal(new Outcome.Fail(FailReason.ChampionLost), Judged().Outcome);
        Assert.Equal(
            $"Not compared with the best version ever: of v1, it cannot be read (Artifact {first.Short} is not in the "
            + "store); use the store in which it was registered, or force a version: comparisons then begin with that "
            + "one.",
            Best().Comparison);
    }

    [Fact]
    public async Task AVersionThatTakesOtherFeaturesFailsTheGateUntilAPersonStartsAnew()
    {
        await Serve(30);
        var features = _build.Features;
        _build.Features = run => FeaturesStage.Run(run, Sales.Model with
        {
            Features = Sales.Features.Numeric("area_per_room", sale => sale.Area / sale.Rooms),
        });
        await _build.Failure("Register");
        _build.Deploy(2, reason: "trial");
        // Back to the first one, which needs no force.
        _build.Deploy(1);
        _build.Features = features;
        _build.Train = _build.Train with { Iterations = 31 };
        await _build.Failure("Register");
        Assert.Equal(new Outcome.Fail(FailReason.ChampionWithOtherFeatures), Judged().Outcome);
        Assert.Equal(
            "mean squared error overall was not judged: the best version ever cannot be compared with: of v2, it takes "
            + "other features (area, rooms, district_code, area_per_room), and this program has the code of today's "
            + "alone; force a version: comparisons then begin with that one.",
            Judged().Sentence);
        Assert.Equal("Compared with v1 on the same rows.", Report().Comparison);

        _build.Deploy(3, reason: "the trial is over");
        await _build.Done("Register");
        Assert.Equal(("v3", 1), (Best().Version, Best().Served));
    }

    private async Task Serve(int iterations)
    {
        _build.Train = _build.Train with { Iterations = iterations };
        await _build.Done("Register");
        _build.Deploy(_space.Registry.Versions("sales").Count);
    }

    private RuleResult Judged() =>
        Assert.Single(Report().Gate.Results, result => result.Rule == RuleKind.NotWorseThanBestEver);

    private BestEverReport Best() => Report().BestEver!;

    private EvaluateReport Report() => ReportFile.Read<EvaluateReport>(_space.Output("Evaluate", EvaluateStage.Report));
}
