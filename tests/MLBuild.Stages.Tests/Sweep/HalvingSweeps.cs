using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Sweep;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Sweep;

/// <summary>Each rung trains the points that go on, and a point that is added reruns those for which that changed.
/// </summary>
public sealed class HalvingSweeps : IDisposable
{
    private static readonly Halving Halving = new(8) { Rungs = 3, Eta = 2 };

    private readonly PipelineSpace _space = new();
    private readonly List<string> _trained = [];
    private int[] _leaves = [10, 20, 30, 40];

    public HalvingSweeps() => _space.Write("a.csv", Sales.Csv(400, seed: 1));

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task OnlyTheBestAreTrainedFully()
    {
        await _space.Done(Pipeline, "Halving");
        Assert.Equal(
            ["10 for 2", "20 for 2", "30 for 2", "40 for 2", "10 for 4", "20 for 4", "10 for 8"], Trained());
        var report = ReportFile.Read<SweepReport>(_space.Output("Halving", SweepStage.Report));
        Assert.Equal("leaves=10", report.Choice.Winner);
        Assert.Equal(["leaves=20 2", "leaves=30 1", "leaves=40 1"],
            report.Stopped.Select(point => $"{point.Key} {point.Value}"));
        Assert.Equal(8, ReportFile.Read<TrainingOptions>(_space.Output("Halving", SweepStage.Options)).Iterations);
        Assert.Contains("Rung1: 2 of 4 points go on from rung 1", _space.Log);
        Assert.Contains("Rung2: 1 of 2 points go on from rung 2", _space.Log);
        Assert.Matches("^Halving: 1 point, each scored on 1 of 5 folds of [0-9]+ training rows; 3 were stopped before$",
            _space.Log.First(line => line.StartsWith("Halving: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task APointThatDoesNotGoOnIsAllThatIsTrained()
    {
        await _space.Done(Pipeline, "Halving");
        _trained.Clear();
        _leaves = [.. _leaves, 50];
        await _space.Done(Pipeline, "Halving");
        Assert.Equal(["50 for 2"], Trained());
    }

    // 5 takes the place of 20 in the second rung, and that of 10 in the third; 10 was trained in the second already.
    [Fact]
    public async Task APointThatGoesOnIsAllThatIsTrained()
    {
        await _space.Done(Pipeline, "Halving");
        _trained.Clear();
        _leaves = [.. _leaves, 5];
        await _space.Done(Pipeline, "Halving");
        Assert.Equal(["5 for 2", "5 for 4", "5 for 8"], Trained());
        Assert.Equal("leaves=5",
            ReportFile.Read<SweepReport>(_space.Output("Halving", SweepStage.Report)).Choice.Winner);
    }

    // Fewer leaves are better, as it were.
    private IReadOnlyDictionary<string, MetricValue> Score(
        IFeatureSource training, IFeatureSource scored, TrainingOptions options, CancellationToken cancel)
    {
        lock (_trained)
            _trained.Add($"{options.Leaves} for {options.Iterations}");
        return new Dictionary<string, MetricValue> { ["rmse"] = MetricValue.Of(options.Leaves) };
    }

    // Side by side within a rung, hence in the order of rung and leaves.
    private string[] Trained() =>
        [.. _trained.OrderBy(text => int.Parse(text.Split(" for ")[1])).ThenBy(text => text, StringComparer.Ordinal)];

    private SweepPlan<TrainingOptions> Plan => new()
    {
        Points = new SweepSpace<TrainingOptions>()
            .With("leaves", SweepRange.Values(_leaves), (options, leaves) => options with { Leaves = leaves })
            .Grid(new()),
        Metric = ModelTrials.Metric("rmse"),
        ScoredFolds = 1,
    };

    private Pipeline Pipeline => new(
    [
        .. new SaleBuild(_space).Pipeline.InOrder,
        Trials(1, stage => stage.ForEach(() => Plan.Trials()), (run, trial) => TrialStage.Run(run, trial, Score)),
        Rung(1),
        Cut(1),
        Trials(2, stage => stage.ForEach(new StageName("Cut1"), CutStage.Decision),
            (run, trial) => TrialStage.RunIfGoingOn(run, trial, Score)),
        Rung(2),
        Cut(2),
        Trials(3, stage => stage.ForEach(new StageName("Cut2"), CutStage.Decision),
            (run, trial) => TrialStage.RunIfGoingOn(run, trial, Score)),
        new StageBuilder(new("Halving")).Reads(new("Trials3"), TrialStage.Score).Writes(SweepStage.Outputs)
            .Runs<SweepOptions>(SweepStage.Run<TrainingOptions>, () => Plan.Choice()).Build(),
    ]);

    private static Stage Trials(
        int rung, Func<StageBuilder, StageBuilder> partitioned,
        Action<StageRun, TrialOptions<TrainingOptions>> trial) =>
        partitioned(new StageBuilder(new($"Trials{rung}")))
            .Reads(new("Features"), FeaturesStage.Train, FeaturesStage.Schema).Writes(TrialStage.Outputs)
            .Runs(trial, (TrialOptions<TrainingOptions> options) => options with
            {
                Options = options.Options with { Iterations = Halving.Budget(rung) },
            }).Build();

    private Stage Rung(int rung) => new StageBuilder(new($"Rung{rung}"))
        .Reads(new($"Trials{rung}"), TrialStage.Score).Writes(RungStage.Outputs)
        .Runs<RungOptions>(RungStage.Run<TrainingOptions>, () => Plan.Rung(Halving, rung)).Build();

    private static Stage Cut(int rung) => new StageBuilder(new($"Cut{rung}"))
        .ForEach(new StageName($"Trials{rung}"), TrialStage.Score)
        .Reads(new($"Rung{rung}"), RungStage.Survivors).Writes(CutStage.Outputs)
        .Runs(CutStage.Run, (TrialOptions<TrainingOptions> trial) => new CutOptions(trial.Point)).Build();
}
