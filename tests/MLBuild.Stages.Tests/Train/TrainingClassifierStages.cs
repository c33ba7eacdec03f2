using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Sweep;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Sweep;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Tests.Train;

/// <summary>What a flat is called by its price, cheap or dear, or fair between, is learned by the same stages as the
/// price itself.</summary>
public sealed class TrainingClassifierStages : IDisposable
{
    private readonly PipelineSpace _space = new();

    public TrainingClassifierStages() => _space.Write("a.csv", Sales.Csv(900, seed: 1));

    private static LearningTask TwoClasses => LearningTask.Binary("cheap", "dear");

    private static LearningTask ThreeClasses => LearningTask.Multiclass("cheap", "fair", "dear");

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task TheTaskIsInTheModelAndItsRecord(int classes)
    {
        var task = TaskOf(classes);
        await Build(_space, task).Done("Train");
        using var file = File.OpenRead(_space.Output("Train", TrainStage.Model));
        var model = ScoringModel.Load(file);
        Assert.Equal(task, model.Schema.Task);
        var scores = new float[task.ScoreCount];
        model.Score([115, 5, 5], scores);
        // Large and at the harbour: dear.
        Assert.InRange(scores[^1], 0.8, 1);

        var report = ReportFile.Read<TrainReport>(_space.Output("Train", TrainStage.Report));
        Assert.Equal((task.Kind, null), (report.Task, report.Labels));
        Assert.Equal(task.Classes, report.ClassRows!.Keys);
        Assert.Equal(report.Split!.TrainRows, report.ClassRows.Values.Sum());
        Assert.All(report.ClassRows.Values, rows => Assert.InRange(rows, 100, 500));
        Assert.Equal(TrainingLoss.LogLoss, report.Course!.Loss);
        Assert.Equal(report.Course.Iterations, report.Course.Losses.MinBy(loss => loss.Validation)!.Iteration);
        var log = _space.Log.Where(line => line.StartsWith("Train", StringComparison.Ordinal)).ToArray();
        Assert.Equal($"Train: LightGbm on {report.Split.TrainRows} rows and 3 features: {task}", log[0]);
        Assert.Matches(
            $@"^Train: kept {report.Course.Iterations} iterations of {report.Course.Losses[^1].Iteration}, log loss " +
            @"0\.\d+, 0\.\d+ on the rows to stop by$", log[1]);
    }

    [Theory]
    [InlineData(TrainerKind.FastForest)]
    [InlineData(TrainerKind.Linear)]
    public async Task EqualInputsGiveEqualModelsInAnyFolder(TrainerKind trainer)
    {
        using var other = new PipelineSpace();
        foreach (var space in new[] { _space, other })
        {
            space.Write("a.csv", Sales.Csv(900, seed: 1));
            var build = Build(space, ThreeClasses);
            build.Train = new() { Trainer = trainer, Iterations = 5 };
            await build.Done("Train");
        }
        Assert.All(TrainStage.Outputs, output =>
            Assert.Equal(_space.Bytes("Train", output), other.Bytes("Train", output)));
    }

    [Fact]
    public async Task ALabelThatIsNoClassIsNamedByItsKey()
    {
        var model = Sales.Model with
        {
            Task = TwoClasses,
            Label = sale => sale.Id == 42 ? 2 : LabelOf(sale.Price, 2),
        };
        var build = new SaleBuild(_space) { Features = run => FeaturesStage.Run(run, model) };
        Assert.Equal(
            $"Row {Sales.Key(new() { Id = 42 })} has the label 2, expected 0 (cheap) or 1 (dear). Let the definition's "
            + "Label give the position of the row's class in its Task, or validate such rows away.",
            await build.Failure("Features"));
    }

    [Fact]
    public async Task FeaturesOfAPriceAreNotTakenForClasses()
    {
        var build = new SaleBuild(_space) { Trains = (run, options) => TrainStage.Run(run, options, TwoClasses) };
        Assert.Matches(
            @"^Feature row 0 \(the first is 0\) has the label [\d.]+, expected 0 \(cheap\) or 1 \(dear\)\. Compute the "
            + @"features by a definition whose Task has these classes\.$",
            await build.Failure("Train"));
    }

    [Fact]
    public async Task ASweepRanksByTheMetricsOfTheTask()
    {
        await Build(_space, ThreeClasses).Done("Features");
        var sweep = new SaleSweep(_space) { Score = ModelTrials.For(ThreeClasses) };
        sweep.Plan = sweep.Plan with { Metric = ModelTrials.Metric("log-loss", ThreeClasses) };
        var trials = sweep.Pipeline.InOrder.Where(stage => $"{stage.Name}" is "Trials" or "Sweep");
        var pipeline = new Pipeline(
            [.. Build(_space, ThreeClasses).Pipeline.InOrder, .. trials]);
        await _space.Done(pipeline, "Sweep");
        var report = ReportFile.Read<SweepReport>(_space.Output("Sweep", SweepStage.Report));
        // Ten trees with a hundredth of each tree's correction know little.
        Assert.EndsWith("rate=0.2", report.Choice.Winner);
        Assert.InRange(((MetricValue.Value)report.Choice.Points[0].Mean).Number, 0.01, 0.9);
    }

    private static LearningTask TaskOf(int classes) => classes == 2 ? TwoClasses : ThreeClasses;

    private static double LabelOf(double price, int classes) =>
        classes == 2 ? price > 220 ? 1 : 0 : price < 180 ? 0 : price < 250 ? 1 : 2;

    private static SaleBuild Build(PipelineSpace space, LearningTask task)
    {
        var model = Sales.Model with { Task = task, Label = sale => LabelOf(sale.Price, task.Classes.Count) };
        return new(space)
        {
            // Flats of one size and one class are many, and no leak.
            Features = run => FeaturesStage.Run(run, model),
            Train = new() { Iterations = 100, Leaves = 8, EarlyStoppingRounds = 5 },
            Trains = (run, options) => TrainStage.Run(run, options, task),
        };
    }
}
