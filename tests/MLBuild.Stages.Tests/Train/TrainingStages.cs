using System.Globalization;
using MLBuild.Engine.Running;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Train;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Train;

/// <summary>Equal inputs give equal bytes, wherever and however often.</summary>
public sealed class TrainingStages : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData(TrainerKind.LightGbm)]
    [InlineData(TrainerKind.FastTree)]
    [InlineData(TrainerKind.FastForest)]
    [InlineData(TrainerKind.Linear)]
    public async Task EqualInputsGiveEqualModelsInAnyFolder(TrainerKind trainer)
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
        var build = new SaleBuild(_space) { Train = new() { Trainer = TrainerKind.Linear } };
        await build.Done("Train");
        var report = ReportFile.Read<TrainReport>(_space.Output("Train", TrainStage.Report));
        Assert.Equal(build.Train, report.Options);
        Assert.Equal(["area", "rooms", "district_code"], report.Features);
        Assert.InRange(report.Rows, 300, 550);
        Assert.Matches(@"^Microsoft\.ML\.\w+ \d+\.\d+\.\d+", report.Trainer);
        Assert.Matches("^(linux|windows|macos)-(x64|arm64)$", report.MachineClass);
        Assert.StartsWith(".NET ", report.Runtime);
        Assert.Equal(["Microsoft.ML.Data", "Microsoft.ML.FastTree", "Microsoft.ML.LightGbm"], report.Packages!.Keys);
        Assert.All(report.Packages.Values, version => Assert.Matches(@"^\d+\.\d+\.\d+", version));
        Assert.Equal(ContentHash.Of(_space.Bytes("Features", FeaturesStage.Train)).Hex, report.Table);
        Assert.Equal(ReportFile.Read<SplitReport>(_space.Output("Split", SplitStage.Report)), report.Split);
        Assert.Equal(report.Rows, report.Split!.TrainRows);
        Assert.InRange(report.Labels!.Mean, 150, 300);
        Assert.True(report.Labels.Smallest < report.Labels.Mean && report.Labels.Mean < report.Labels.Largest);
        Assert.Equal((null, 0L, null), (report.Course, report.ValidationRows, report.ValidationSplit));
        Assert.Equal([$"Train: Linear on {report.Rows} rows and 3 features"],
            _space.Log.Where(line => line.StartsWith("Train", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ItStopsByRowsThatTheHashOfTheirKeySetsAside()
    {
        _space.Write("a.csv", Sales.Csv(2_000, seed: 1));
        var options = new TrainingOptions { Iterations = 500, Leaves = 8, EarlyStoppingRounds = 5 };
        var build = new SaleBuild(_space) { Train = options };
        await build.Done("Train");
        var report = ReportFile.Read<TrainReport>(_space.Output("Train", TrainStage.Report));
        var keys = FeatureTableReader.Open(_space.Output("Features", FeaturesStage.Train)).Read()
            .SelectMany(batch => batch.Keys.Take(batch.Count).ToArray())
            .Select(key => new RowKey(UInt128.Parse(key, NumberStyles.AllowHexSpecifier, null)));
        Assert.Equal(keys.LongCount(options.ValidationSplit().IsHeldOut), report.ValidationRows);
        Assert.Equal(report.Split!.TrainRows, report.Rows + report.ValidationRows);
        Assert.InRange(report.ValidationRows, 80, 200);
        Assert.Equal(options.ValidationSplit(), report.ValidationSplit);
        Assert.InRange(report.Course!.Iterations, 1, 494);
        Assert.Equal(report.Course.Iterations + 5, report.Course.Losses[^1].Iteration);
        Assert.Matches(
            $@"^Train: kept {report.Course.Iterations} iterations of {report.Course.Losses[^1].Iteration}, " +
            @"RMSE [\d.]+, [\d.]+ on the rows to stop by$",
            _space.Log.Last(line => line.StartsWith("Train", StringComparison.Ordinal)));

        using var other = new PipelineSpace();
        other.Write("a.csv", Sales.Csv(2_000, seed: 1));
        await new SaleBuild(other) { Train = options }.Done("Train");
        Assert.All(TrainStage.Outputs, output =>
            Assert.Equal(_space.Bytes("Train", output), other.Bytes("Train", output)));
    }

    [Fact]
    public async Task NothingToStopByIsRefused()
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1));
        var options = new TrainingOptions { EarlyStoppingRounds = 5, ValidationShare = 1e-9 };
        Assert.Matches(
            @"^Of \d+ training rows 0 are set aside to stop by; that needs some, and not all\. Give it more rows, " +
            @"another ValidationShare than 1E-09, or another Seed\.$",
            await new SaleBuild(_space) { Train = options }.Failure("Train"));
    }

    [Fact]
    public void ReportsOfBeforeAreStillRead()
    {
        _space.Write("training.json", """
            {
              "rows": 412,
              "features": ["area"],
              "options": { "trainer": "Linear", "iterations": 300, "leaves": 127, "learningRate": 0.1,
                "minRowsPerLeaf": 20, "bins": 1023, "seed": 1, "threads": 1 },
              "trainer": "Microsoft.ML.Data 5.0.1",
              "machineClass": "linux-x64"
            }
            """);
        var report = ReportFile.Read<TrainReport>(Path.Combine(_space.Data, "training.json"));
        Assert.Equal(new() { Trainer = TrainerKind.Linear }, report.Options);
        Assert.Null(report.Split);
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
