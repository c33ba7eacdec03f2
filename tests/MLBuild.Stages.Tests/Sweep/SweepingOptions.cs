using MLBuild.Engine.Running;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Sweep;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Sweep;

/// <summary>Each point and fold is a piece of work of its own, and the best point's options are kept.</summary>
public sealed class SweepingOptions : IDisposable
{
    private readonly PipelineSpace _space = new();

    public SweepingOptions() => _space.Write("a.csv", Sales.Csv(600, seed: 1));

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task TheBestPointIsFoundAndItsOptionsAreKept()
    {
        var sweep = new SaleSweep(_space);
        await sweep.Done("Sweep");
        var report = ReportFile.Read<SweepReport>(_space.Output("Sweep", SweepStage.Report));
        // Ten trees of two leaves, or with a hundredth of each tree's correction, know little.
        Assert.Equal("leaves=8,rate=0.2", report.Choice.Winner);
        Assert.Equal(SaleSweep.Rest with { Leaves = 8, LearningRate = 0.2 },
            ReportFile.Read<TrainingOptions>(_space.Output("Sweep", SweepStage.Options)));
        Assert.Equal(6, report.Choice.Points.Count);
        Assert.All(report.Choice.Points, point => Assert.Equal(3, point.Folds.Count));
        var trainRows = FeatureTableReader.Open(_space.Output("Features", "train.features.parquet")).RowCount;
        Assert.Equal(trainRows, report.Rows);
        Assert.Equal($"Sweep: 6 points, each scored on 3 of 3 folds of {trainRows} training rows", SweepLines[0]);
        Assert.Matches("^Sweep: [0-9.]+ ± [0-9.]+ +leaves=8,rate=0.2  chosen$", SweepLines[1]);
        Assert.Matches("^Sweep: leaves=8,rate=0.2 has the smallest mean rmse of 6 points: [0-9.]+ ± [0-9.]+$",
            SweepLines[^1]);
    }

    [Fact]
    public async Task ATrialIsScoredOnItsFoldAndLearnsFromTheOthers()
    {
        var sweep = new SaleSweep(_space);
        await sweep.Done("Trials");
        var keys = RowTable.Read<Sale>(_space.Output("Split", SplitStage.Train)).Select(row => Sales.Key(row.Row))
            .ToArray();
        var folds = new KeyFolds { Count = 3 };
        foreach (var fold in Enumerable.Range(0, 3))
        {
            var score = Score($"leaves=4,rate=0.2,fold={fold}");
            Assert.Equal(("leaves=4,rate=0.2", fold), (score.Point, score.Fold));
            Assert.Equal(keys.Count(key => folds.Of(key) == fold), score.ScoredRows);
            Assert.Equal(keys.Length - score.ScoredRows, score.TrainRows);
            Assert.Contains(_space.Log, line => line.StartsWith(
                $"Trials/leaves=4,rate=0.2,fold={fold}: mae ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task ASampleLeavesRowsOutAndIsSaid()
    {
        var sample = new KeySample { Share = 0.5 };
        var sweep = new SaleSweep(_space);
        sweep.Plan = sweep.Plan with { Sample = sample };
        await sweep.Done("Sweep");
        var report = ReportFile.Read<SweepReport>(_space.Output("Sweep", SweepStage.Report));
        Assert.Equal(RowTable.Read<Sale>(_space.Output("Split", SplitStage.Train))
            .Count(row => sample.Has(Sales.Key(row.Row))), report.Rows);
        Assert.EndsWith($" {report.Rows} training rows, a share of 0.5 of them all", SweepLines[0]);
    }

    [Fact]
    public async Task ASecondRunHasNothingToDo()
    {
        var sweep = new SaleSweep(_space);
        await sweep.Done("Sweep");
        Assert.Empty(SaleSweep.Ran(await sweep.Done("Trials")));
        Assert.False((await sweep.Done("Sweep")).Ran);
    }

    [Fact]
    public async Task APointThatIsAddedIsAllThatIsTrained()
    {
        var sweep = new SaleSweep(_space);
        sweep.Plan = sweep.Plan with { Points = SaleSweep.Space.Random(SaleSweep.Rest, 2, seed: 1) };
        await sweep.Done("Sweep");
        sweep.Plan = sweep.Plan with { Points = SaleSweep.Space.Random(SaleSweep.Rest, 3, seed: 1) };
        var added = sweep.Plan.Points[2].Name;
        Assert.Equal([$"{added},fold=0", $"{added},fold=1", $"{added},fold=2"],
            SaleSweep.Ran(await sweep.Done("Trials")));
        Assert.True((await sweep.Done("Sweep")).Ran);
    }

    [Fact]
    public async Task AFoldMoreIsScoredForEachPointAndNothingElse()
    {
        var sweep = new SaleSweep(_space);
        sweep.Plan = sweep.Plan with { ScoredFolds = 1 };
        await sweep.Done("Sweep");
        sweep.Plan = sweep.Plan with { ScoredFolds = 2 };
        Assert.Equal(sweep.Plan.Points.Select(point => $"{point.Name},fold=1"),
            SaleSweep.Ran(await sweep.Done("Trials")));
    }

    [Fact]
    public async Task AnotherRuleOrMetricTrainsNothing()
    {
        var sweep = new SaleSweep(_space);
        await sweep.Done("Sweep");
        sweep.Plan = sweep.Plan with
        {
            Rule = ChoiceRule.OneStandardError,
            Metric = ModelTrials.Metric("mae"),
        };
        Assert.Empty(SaleSweep.Ran(await sweep.Done("Trials")));
        Assert.True((await sweep.Done("Sweep")).Ran);
    }

    [Fact]
    public async Task WhatAnInterruptedSweepHadTrainedIsNotTrainedAgain()
    {
        var sweep = new SaleSweep(_space);
        var breaks = true;
        sweep.Score = (training, scored, options, cancel) => options is { Leaves: 4, LearningRate: 0.2 } && breaks
            ? throw new SweepException("The power went out.")
            : ModelTrials.Score(training, scored, options, cancel);
        Assert.Equal(
            """
            3 of 18 partitions failed; the others are kept.
            leaves=4,rate=0.2,fold=0: The power went out.
            leaves=4,rate=0.2,fold=1: The power went out.
            leaves=4,rate=0.2,fold=2: The power went out.
            """, await sweep.Failure("Trials"));
        breaks = false;
        Assert.Equal(["leaves=4,rate=0.2,fold=0", "leaves=4,rate=0.2,fold=1", "leaves=4,rate=0.2,fold=2"],
            SaleSweep.Ran(await sweep.Done("Trials")));
    }

    [Fact]
    public async Task APointWithoutScoreIsReportedAndDoesNotWin()
    {
        var sweep = new SaleSweep(_space) { Score = Broken(options => options.Leaves == 8) };
        await sweep.Done("Sweep");
        var report = ReportFile.Read<SweepReport>(_space.Output("Sweep", SweepStage.Report));
        Assert.Equal("leaves=4,rate=0.2", report.Choice.Winner);
        Assert.Equal(["leaves=8,rate=0.01", "leaves=8,rate=0.2"], report.Choice.Points.Skip(4).Select(p => p.Point));
        Assert.Contains("Sweep: leaves=8,rate=0.2 has no score: fold 0: measured as NaN", SweepLines);
    }

    [Fact]
    public async Task ASweepInWhichNothingHasAScoreFails() =>
        Assert.Equal(
            "No point of the sweep has a finite rmse, so none can win: leaves=2,rate=0.01: fold 0: measured as NaN; "
            + "and 5 points more. Look at the scores and the ranges of the sweep.",
            await new SaleSweep(_space) { Score = Broken(_ => true) }.Failure("Sweep"));

    [Fact]
    public async Task AMetricThatTheTrialsLackIsNamed()
    {
        var sweep = new SaleSweep(_space);
        sweep.Plan = sweep.Plan with { Metric = new("auc", Learning.Gates.Direction.HigherIsBetter) };
        Assert.Equal(
            "The trials have no metric 'auc'. They have: mae, r2, rmse, within-10-percent. Rank the sweep by one of "
            + "them.",
            await sweep.Failure("Sweep"));
    }

    [Fact]
    public async Task AFoldWithoutRowsFails()
    {
        var sweep = new SaleSweep(_space);
        sweep.Plan = sweep.Plan with
        {
            Points = [sweep.Plan.Points[0]],
            ScoredFolds = 1,
            Sample = new() { Share = 1e-9 },
        };
        Assert.EndsWith(
            "leaves=2,rate=0.01,fold=0: Fold 0 of 3 leaves 0 rows to train on and 0 to score by; both need some. Give "
            + "the sweep more data, a larger share of it, or fewer folds.", await sweep.Failure("Trials"));
    }

    [Fact]
    public async Task TheLastChoiceIsTakenFromTheStoreAndNotFromTheCopy()
    {
        await new SaleSweep(_space).Done("Sweep");
        var copy = _space.Output("Sweep", SweepStage.Options);
        Store.LocalArtifactStore.RemoveReadOnly(copy);
        File.WriteAllText(copy, "{}");
        Assert.Equal(SaleSweep.Rest with { Leaves = 8, LearningRate = 0.2 },
            SweepStage.LastChosen<TrainingOptions>(_space.Workspace, "Sweep"));
    }

    [Fact]
    public async Task WhoTakesAChoiceThatIsNotThereIsToldWhatToRun()
    {
        Assert.Equal(
            "There are no options to take from a sweep: 'Sweep' has no result. Run Sweep first, or train with options "
            + "of your own.", Message());
        var done = await new SaleSweep(_space).Done("Sweep");
        var lost = done.Units[0].Record.Outputs.Single(output => output.Name == SweepStage.Options).Artifact.Hash;
        _space.Lose(lost);
        Assert.StartsWith("The options that 'Sweep' chose cannot be read. Run Sweep again. ", Message());

        string Message() => Assert.Throws<SweepException>(
            () => SweepStage.LastChosen<TrainingOptions>(_space.Workspace, "Sweep")).Message;
    }

    public static TheoryData<string, Func<SweepPlan<TrainingOptions>, SweepPlan<TrainingOptions>>> Mistakes => new()
    {
        { "A sweep without points has no winner. Give it one or more.", plan => plan with { Points = [] } },
        {
            "The sweep has a point more than once: leaves=2,rate=0.2; leaves=4,rate=0.01. Give it each point once.",
            plan => plan with { Points = [.. plan.Points, plan.Points[1], plan.Points[2]] }
        },
        { "The sweep scores 0 folds of 3, expected 1 to 3.", plan => plan with { ScoredFolds = 0 } },
        { "The sweep scores 4 folds of 3, expected 1 to 3.", plan => plan with { ScoredFolds = 4 } },
        {
            "The sweep has 1 folds, expected 2 to 100. To train each point once, score one fold of them.",
            plan => plan with { Folds = new() { Count = 1 } }
        },
        {
            "The sweep learns from a share of 0 of the training rows, expected above 0, up to 1.",
            plan => plan with { Sample = new() { Share = 0 } }
        },
        {
            "The rule of one standard error needs the spread over folds, and the sweep scores 1. Score 2 or more, or "
            + "choose the best.",
            plan => plan with { Rule = ChoiceRule.OneStandardError, ScoredFolds = 1 }
        },
        {
            "The rule of one standard error takes the simplest point, and the sweep does not say how complex one is. "
            + "Declare it with SimplestFirst, or choose the best.",
            plan => plan with { Rule = ChoiceRule.OneStandardError, Points = [new("one", SaleSweep.Rest, null)] }
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task AMistakeIsNamedBeforeAnythingIsTrained(
        string message, Func<SweepPlan<TrainingOptions>, SweepPlan<TrainingOptions>> mistake)
    {
        var sweep = new SaleSweep(_space);
        sweep.Plan = mistake(sweep.Plan);
        Assert.Equal(message, await sweep.Failure("Trials"));
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => sweep.Plan.Choice()).Message);
    }

    private string[] SweepLines =>
        [.. _space.Log.Where(line => line.StartsWith("Sweep: ", StringComparison.Ordinal))];

    private TrialScore<TrainingOptions> Score(string trial) =>
        ReportFile.Read<TrialScore<TrainingOptions>>(_space.Output($"Trials/{trial}", TrialStage.Score));

    // As if training had run into numbers that are too large.
    private static TrialScorer<TrainingOptions> Broken(Func<TrainingOptions, bool> isBroken) =>
        (training, scored, options, cancel) => isBroken(options)
            ? new Dictionary<string, MetricValue> { ["rmse"] = MetricValue.Of(double.NaN) }
            : ModelTrials.Score(training, scored, options, cancel);
}
