using MLBuild.Engine.Running;
using MLBuild.Learning.Models;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Tests.Train;

/// <summary>Equal inputs give equal bytes, wherever and however often.</summary>
public sealed class TrainingStages : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData(RegressionTrainerKind.LightGbm)]
    [InlineData(RegressionTrainerKind.FastTree)]
    [InlineData(RegressionTrainerKind.Linear)]
    public async Task EqualInputsGiveEqualModelsInAnyFolder(RegressionTrainerKind trainer)
    {
        using var other = new PipelineSpace();
        foreach (var space in new[] { _space, other })
        {
            space.Write("a.csv", Sales.Csv(600, seed: 1));
            var build = new SaleBuild(space) { Train = new() { Trainer = trainer, Iterations = 10, Leaves = 8 } };
            var done = await build.Done("Train");
            Assert.True(done.Ran);
        }
        Assert.All(TrainStage.Outputs, output =>
            Assert.Equal(_space.Bytes("Train", output), other.Bytes("Train", output)));
    }

    [Fact]
    public async Task ASecondRunHasNothingToDo()
    {
        _space.Write("a.csv", Sales.Csv(600, seed: 1));
        var build = new SaleBuild(_space);
        await build.Done("Train");
        Assert.IsType<Verdict.UpToDate>(Assert.Single((await build.Done("Train")).Units).Verdict);
    }

    [Fact]
    public async Task TheReportSaysOnWhatAndHow()
    {
        _space.Write("a.csv", Sales.Csv(600, seed: 1));
        var build = new SaleBuild(_space) { Train = new() { Trainer = RegressionTrainerKind.Linear } };
        await build.Done("Train");
        var report = ReportFile.Read<TrainReport>(_space.Output("Train", TrainStage.Report));
        Assert.Equal(build.Train, report.Options);
        Assert.Equal(["area", "rooms", "district_code"], report.Features);
        Assert.InRange(report.Rows, 300, 550);
        Assert.Matches(@"^Microsoft\.ML\.\w+ \d+\.\d+\.\d+", report.Trainer);
        Assert.Matches("^(linux|windows|macos)-(x64|arm64)$", report.MachineClass);
        Assert.Equal([$"Train: Linear on {report.Rows} rows and 3 features"],
            _space.Log.Where(line => line.StartsWith("Train", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AnOptionOutOfRangeIsRefused()
    {
        _space.Write("a.csv", Sales.Csv(600, seed: 1));
        var build = new SaleBuild(_space) { Train = new() { Iterations = 0, LearningRate = double.NaN } };
        Assert.Equal(
            "Training cannot start: Iterations is 0, expected 1 to 10000; LearningRate is NaN, " +
            "expected above 0, up to 1.",
            await build.Failure("Train"));
    }
}
