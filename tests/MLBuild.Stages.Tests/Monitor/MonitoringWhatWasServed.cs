using System.Globalization;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Features;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Predictions;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Tests.Monitor;

/// <summary>A prediction log against what the serving model learned from, with labels that come later.</summary>
public sealed class MonitoringWhatWasServed : IClassFixture<MonitoringTheServingModel.Served>, IDisposable
{
    private static readonly string[] Names = [.. Sales.Features.Names];

    private readonly PipelineSpace _space;
    private readonly SaleBuild _build;
    private readonly string _history = Directory.CreateTempSubdirectory("mlbuild-history-").FullName;

    public MonitoringWhatWasServed(MonitoringTheServingModel.Served served)
    {
        _space = served.Space;
        _build = new(_space) { Recent = "recent.csv", Monitor = new() { History = _history } };
        if (Directory.Exists(_build.PredictionLog))
            Directory.Delete(_build.PredictionLog, recursive: true);
        _space.Write("labels.csv", Sales.Header);
    }

    public void Dispose() => Directory.Delete(_history, recursive: true);

    [Fact]
    public async Task WhatIsInTheLogIsCountedAsIfItWereComputedAndScoredAgain()
    {
        var byFile = new WindowRule(WindowKind.File, 0);
        _build.ServedWindows = _build.ServedWindows with { Window = byFile };
        _space.Write("recent.csv", Sales.Csv(600, seed: 3));
        _space.Write("labels.csv", Sales.Csv(600, seed: 3));
        Log("recent", Rows(Sales.Csv(600, seed: 3)));

        await _build.Done("MonitorServed");
        await _build.Done("Monitor");

        var served = Assert.Single(Tallies("ServedWindows").Windows);
        var computed = Assert.Single(Tallies("Windows/recent").Windows);
        Assert.Equal(600, served.Errors.Labelled);
        Assert.Equal(
            ReportFile.Text(computed with { Quality = served.Quality }), ReportFile.Text(served));
        Assert.Equal(Report.Verdict, ReportFile.Read<MonitorReport>(
            _space.Output("Monitor", MonitorStage.Report)).Verdict);
    }

    [Fact]
    public async Task LabelsMayComeDaysLater()
    {
        var rows = Rows(Sales.Csv(900, seed: 3));
        Log("a", rows);
        _space.Write("labels.csv", Sales.Csv(50, seed: 9, firstId: 90_000));
        await _build.Done("MonitorServed");
        Assert.Equal(
            (WindowVerdict.NotEnoughData, 900L, 0L),
            (Report.Verdict, Report.Windows[^1].Rows, Report.Windows[^1].Performance.Labelled));
        Assert.Contains(
            "MonitorServed: none of 50 rows with labels has the key of a served one: none has arrived yet, or they are "
            + "other rows than those that are served", _space.Log);

        _space.Write("labels.csv", Sales.Csv(900, seed: 3));
        await _build.Done("MonitorServed");
        Assert.Equal((WindowVerdict.Fine, 900L), (Report.Verdict, Report.Windows[^1].Performance.Labelled));
        Assert.Equal(900, Report.Windows[^1].Metrics.Single().Rows);
        Assert.Contains("MonitorServed: 900 served rows in the log, all of version 1", _space.Log);
        Assert.DoesNotContain(_space.Log, line => line.StartsWith("Predictions", StringComparison.Ordinal));
    }

    // The later one is the corrected one; one that breaks the contract is none.
    [Fact]
    public async Task OfSeveralLabelsOfAKeyTheLastCountsAndABrokenOneDoesNot()
    {
        Log("a", Rows(Sales.Csv(300, seed: 3)));
        _build.Labels = "late";
        Directory.CreateDirectory(Path.Combine(_space.Data, "late"));
        _space.Write("late/1.csv", Sales.Csv(300, seed: 3));
        _space.Write("late/2.csv", Sales.Header + "7,2019-01-01 10:00:00,west,50.0,2,999999.00\n"
            + "8,2019-01-01 10:00:00,west,50.0,2,-5.00\n");
        await _build.Done("MonitorServed");
        Assert.Contains("MonitorServed: labels of 1 row are left out: the contract is broken there", _space.Log);
        var errors = Tallies("ServedWindows").Windows.Single().Errors;
        Assert.Equal(300, errors.Labelled);
        Assert.InRange(errors.Errors.Mean * 300, 990_000, 1_010_000);
    }

    [Fact]
    public async Task ARepeatedRequestCountsOnceAlsoFromAnotherServer()
    {
        var rows = Rows(Sales.Csv(400, seed: 3));
        Log("a", [.. rows, .. rows.Take(30)]);
        Log("b", [.. rows.Take(20).Select(row => row with { TimeUtc = row.TimeUtc.AddDays(1) })]);
        await _build.Done("MonitorServed");
        Assert.Equal(
            ("2019-03-01", 400L), (Assert.Single(Report.Windows).Window.Name, Report.Windows[0].Rows));
        Assert.Contains("MonitorServed: 50 served rows had the key of an earlier one, which counts", _space.Log);
    }

    [Fact]
    public async Task RowsOfOtherVersionsAreNotJudgedAndSaid()
    {
        var rows = Rows(Sales.Csv(400, seed: 3));
        Log("a", [.. rows.Take(300), .. rows.Skip(300).Select(row => row with { Version = 2 })]);
        // Another version's, with other features.
        Log("b", ["x"], [rows[0] with { Version = 7, Features = [1] }]);
        await _build.Done("MonitorServed");
        Assert.Equal(300, Report.Windows.Single().Rows);
        Assert.Contains(
            "MonitorServed: 300 served rows of version 1 in the log; those of other versions are not judged "
            + "(version 2: 100, version 7: 1)", _space.Log);
    }

    [Fact]
    public async Task ALogWithoutARowOfTheVersionIsTooLittleToSay()
    {
        Log("a", []);
        await _build.Done("MonitorServed");
        Assert.Equal(
            ("prediction log", WindowVerdict.NotEnoughData),
            (Report.Windows.Single().Window.Name, Report.Verdict));
        Assert.Contains("MonitorServed: 0 served rows in the log, all of version 1", _space.Log);
    }

    [Fact]
    public async Task WindowsAreOfTheTimeOfTheLogOrOfSoManyRowsAcrossFiles()
    {
        var rows = Rows(Sales.Csv(500, seed: 3));
        Log("a", [.. rows.Take(300)]);
        Log("b", [.. rows.Skip(300).Select(row => row with { TimeUtc = new(2019, 3, 3, 0, 0, 0, DateTimeKind.Utc) })]);
        await _build.Done("MonitorServed");
        Assert.Equal(
            [("2019-03-01", 300L), ("2019-03-02", 0L), ("2019-03-03", 200L)],
            Report.Windows.Select(window => (window.Window.Name, window.Rows)));

        _build.ServedWindows = _build.ServedWindows with { Window = WindowRule.Parse("200") };
        await _build.Done("MonitorServed");
        Assert.Equal(
            [
                ("prediction log part 000001", 200L), ("prediction log part 000002", 200L),
                ("prediction log part 000003", 100L),
            ],
            Report.Windows.Select(window => (window.Window.Name, window.Rows)));
    }

    [Fact]
    public async Task ALogOfAnotherModelIsNamed()
    {
        var row = Rows(Sales.Csv(1, seed: 3))[0];
        Log("a", ["miles"], [row with { Features = [1] }]);
        Assert.Equal(
            "a row 1: version 1 served the features miles, expected area, rooms, district_code. Compare with a log of "
            + "this model.", await _build.Failure("ServedWindows"));

        Log("a", [row with { Key = "ab" }]);
        Assert.Equal(
            "a row 1: the key is 'ab', expected 32 hexadecimal digits. Take this file of the log away.",
            await _build.Failure("ServedWindows"));
    }

    [Fact]
    public async Task AFileThatIsNoLogIsNamed()
    {
        Directory.CreateDirectory(_build.PredictionLog);
        await File.WriteAllTextAsync(Path.Combine(_build.PredictionLog, "a.parquet"), "nothing of the kind");
        var message = await _build.Failure("Predictions");
        Assert.Contains("'a.parquet' cannot be read as Parquet: ", message, StringComparison.Ordinal);
        Assert.EndsWith(
            "It is something else, cut off or corrupt: let the server write another, and take this one away.", message);
    }

    [Fact]
    public async Task LabelsAreNotSoughtInALog()
    {
        _build.ServedWindows = _build.ServedWindows with { Labels = LabelSource.Rows };
        Log("a", []);
        Assert.Equal(
            "Labels are Rows, and a prediction log has none. Take Joined or None.",
            await _build.Failure("ServedWindows"));
    }

    [Fact]
    public async Task WhereNothingServesThereIsNothingToMonitor()
    {
        _build.Evaluate = _build.Evaluate with { Environment = "staging" };
        Log("a", []);
        Assert.StartsWith(
            "No model serves yet, so there is nothing to monitor.", await _build.Failure("MonitorServed"));
    }

    [Fact]
    public async Task OfSeveralClassesEachHasItsScore()
    {
        using var space = new PipelineSpace();
        var model = Sales.Model with
        {
            Task = LearningTask.Multiclass("cheap", "fair", "dear"),
            Label = sale => sale.Price switch { < 180 => 0, < 250 => 1, _ => 2 },
        };
        var build = new SaleBuild(space)
        {
            Data = "a.csv",
            Evaluate = new() { MinRows = 200, MinSliceRows = 100, MinSubgroupRows = 100, MaxLogLoss = 2 },
            Trains = (run, options) => TrainStage.Run(run, options, model.Task),
            Features = run => FeaturesStage.Run(run, model),
            References = run => ReferenceStage.Run(run, model, Sales.Metrics),
            CountsServed = (run, options) => ServedWindowsStage.Run(run, model, Sales.Contract, Sales.Metrics, options),
        };
        space.Write("a.csv", Sales.Csv(1500, seed: 1));
        await space.Run(build.Pipeline, "Register");
        build.Deploy(1, "its gate is another test's");
        space.Write("labels.csv", Sales.Csv(500, seed: 3));
        var columns = new ServedColumns(model.Task.Classes, Names);
        var rows = Scored(space, Sales.Csv(500, seed: 3));

        ServedFile.Write(Path.Combine(build.PredictionLog, "a.parquet"), columns, rows);
        await build.Done("MonitorServed");
        var window = ReportFile.Read<FileTallies>(space.Output("ServedWindows", WindowsStage.Report)).Windows.Single();
        Assert.Equal((500L, 500L), (window.Rows, window.Errors.Labelled));
        Assert.InRange(window.Errors.Errors.Mean, 0.01, 0.5);

        ServedFile.Write(Path.Combine(build.PredictionLog, "a.parquet"), columns with { Classes = [] },
            [.. rows.Select(row => row with { Scores = row.Scores[..1] })]);
        Assert.Equal(
            "a row 1: version 1 served the scores one number for each row, expected cheap, fair, dear. Compare with a "
            + "log of this model.", await build.Failure("ServedWindows"));
    }

    private MonitorReport Report =>
        ReportFile.Read<MonitorReport>(_space.Output("MonitorServed", MonitorStage.Report));

    private FileTallies Tallies(string unit) =>
        ReportFile.Read<FileTallies>(_space.Output(unit, WindowsStage.Report));

    private void Log(string name, IReadOnlyList<ServedRow> rows) => Log(name, Names, rows);

    private void Log(string name, string[] features, IReadOnlyList<ServedRow> rows) => ServedFile.Write(
        Path.Combine(_build.PredictionLog, $"{name}.parquet"), new([], features), rows);

    // As a server that has the model answers for these sales.
    private ServedRow[] Rows(string csv) => Scored(_space, csv);

    private static ServedRow[] Scored(PipelineSpace space, string csv)
    {
        using var file = File.OpenRead(space.Output("Train", TrainStage.Model));
        var model = ScoringModel.Load(file);
        return
        [
            .. csv.Split('\n')[1..^1].Select(line => line.Split(',')).Select(fields => new Sale
            {
                Id = int.Parse(fields[0], CultureInfo.InvariantCulture),
                District = fields[2],
                Area = double.Parse(fields[3], CultureInfo.InvariantCulture),
                Rooms = fields[4] == "" ? null : int.Parse(fields[4], CultureInfo.InvariantCulture),
            }).Select(sale =>
            {
                var features = Sales.Features.Serve(FeatureState.None, sale);
                var scores = new float[model.Schema.Task.ScoreCount];
                model.Score(features, scores);
                return new ServedRow(
                    "", $"{Sales.Key(sale)}", 1, ServedFile.Time, new([], Names), scores, features);
            }),
        ];
    }
}
