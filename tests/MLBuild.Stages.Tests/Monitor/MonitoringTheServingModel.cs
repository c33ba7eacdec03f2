using System.Globalization;
using System.Text.RegularExpressions;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Features;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Features;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Monitor;

/// <summary>Recent rows against those that the serving model learned from.</summary>
public sealed class MonitoringTheServingModel : IClassFixture<MonitoringTheServingModel.Served>, IDisposable
{
    private readonly PipelineSpace _space;
    private readonly SaleBuild _build;
    private readonly string _history;

    public MonitoringTheServingModel(Served served)
    {
        _space = served.Space;
        // Each test has its own; the model is the same for all.
        _history = Directory.CreateTempSubdirectory("mlbuild-history-").FullName;
        _build = new(_space) { Recent = "recent.csv", Monitor = new() { History = _history } };
    }

    public void Dispose() => Directory.Delete(_history, recursive: true);

    [Fact]
    public async Task RowsOfTheSameKindAreFine()
    {
        await Monitor(Recent(3000));
        Verdict(WindowVerdict.Fine, "fine: the rows look like those that version 1 was trained on");
        Assert.Matches(@"^Monitor: recent: fine; 3,000 rows, mean absolute error [0-9.]+$", _space.Log[^2]);
        var window = Assert.Single(Report.Windows);
        Assert.Equal((PerformanceVerdict.Fine, 3000L), (window.Performance.Verdict, window.Performance.Labelled));
        Assert.Equal(MetricVerdict.Fine, Assert.Single(window.Metrics).Verdict);
        Assert.All(window.Quality.Rules, rule => Assert.NotNull(rule.TrainingShare));
        Assert.Equal(4, window.Drift.Features.Count(feature => feature.Verdict == DriftVerdict.None));
    }

    [Fact]
    public async Task MoreLargeFlatsAreDrift()
    {
        await Monitor(Larger(Recent(6000)));
        Verdict(
            WindowVerdict.Drift,
            $"drift: the rows of recent differ from {Learned}, taken together; train on recent data and let the gate "
            + "compare");
        Assert.Contains(_space.Log, line => line.StartsWith("Monitor:   area: drift; PSI ", StringComparison.Ordinal));
        Assert.Contains(_space.Log, line =>
            line.StartsWith("Monitor:   prediction (prediction): drift; PSI ", StringComparison.Ordinal));
        Assert.DoesNotContain(_space.Log, line => line.Contains("district_code", StringComparison.Ordinal));
    }

    // After a training on old and recent rows together, a recent window may differ from all of them as before.
    [Theory]
    [InlineData("2019-01-01", "those are of this time too: train on recent rows alone, or on more of them, and")]
    [InlineData("2019-01-02", "train on recent data and")]
    public async Task DriftIsSaidOfAllRowsThatTheVersionLearnedFrom(string day, string said)
    {
        SellsByTime();
        await Monitor(Larger(Recent(6000, day: day)));
        Verdict(
            WindowVerdict.Drift,
            $"drift: the rows of {day} differ from {Learned}, taken together; {said} let the gate compare");
    }

    [Fact]
    public async Task DearerFlatsAreWorsePredictions()
    {
        await Monitor(WithPrices(Recent(3000), price => price + 60));
        Verdict(
            WindowVerdict.Degraded, "degraded: version 1 predicts worse than it did when it was evaluated; "
            + "train on recent data and let the gate compare");
        Assert.Contains(_space.Log, line => Regex.IsMatch(line, "^Monitor:   mean absolute error has grown to "
            + @"[0-9.]+ \([0-9.]+ to [0-9.]+\), on held-out rows [0-9.]+ \([0-9.]+ to [0-9.]+\); "
            + @"labels of 3,000 of 3,000 rows \(100 %\); estimated without labels [0-9.]+ \([0-9.]+ to [0-9.]+\)\.$"));
        Assert.Contains(_space.Log, line => Regex.IsMatch(line, "^Monitor:   share within a tenth: [0-9.E-]+, beyond "
            + @"its limit, at least 0\.5; on held-out rows [0-9.]+\.$"));
        // Rows like those held out are expected to be predicted as well: nobody measured the estimate.
        var performance = Assert.Single(Report.Windows).Performance;
        Assert.True(Number(performance.Estimated.High) < Number(performance.Measured.Low));
    }

    [Fact]
    public async Task RowsThatBreakTheContractAreBadData()
    {
        await Monitor(Recent(3000).Replace(",west,", ",west,-", StringComparison.Ordinal));
        Verdict(WindowVerdict.BadData, "bad data: mend it first; do not learn from it");
        Assert.Contains(_space.Log, line => Regex.IsMatch(
            line, @"^Monitor:   no area: 1,4\d\d rows, 4[0-9.]+ %, in training 0 %, the limit is 1 %\.$"));
    }

    [Fact]
    public async Task TooManyUnreadableLinesAreBadData()
    {
        await Monitor(Recent(3000) + string.Concat(Enumerable.Repeat("bad\n", 80)));
        Verdict(WindowVerdict.BadData, "bad data: mend it first; do not learn from it");
        Assert.Contains("Monitor:   80 of 3,080 lines cannot be read, the limit is 1 %.", _space.Log);
        Assert.Equal(80 / 3080.0, Report.Windows[0].Quality.QuarantinedShare);

        _build.Monitor = _build.Monitor with { MaxQuarantined = 0.03 };
        await _build.Done("Monitor");
        Verdict(WindowVerdict.Fine, "fine: the rows look like those that version 1 was trained on");
    }

    [Fact]
    public async Task AFileThatCannotBeReadAtAllIsBadData()
    {
        await Monitor(Sales.Header + string.Concat(Enumerable.Repeat("bad\n", 80)));
        Verdict(WindowVerdict.BadData, "bad data: mend it first; do not learn from it");
    }

    [Fact]
    public async Task AFileOfOtherColumnsIsBadData()
    {
        await Monitor(Recent(50).Replace("\n", ",x\n", StringComparison.Ordinal));
        Verdict(WindowVerdict.BadData, "bad data: mend it first; do not learn from it");
        Assert.Contains("Monitor:   columns: recent.csv: unexpected 'x'.", _space.Log);
    }

    [Fact]
    public async Task FewRowsAreTooFewToSay()
    {
        await Monitor(Recent(50));
        Verdict(WindowVerdict.NotEnoughData, "not enough data to say");
        Assert.Contains("Monitor:   area: not enough data; n=", string.Join('\n', _space.Log));
    }

    [Fact]
    public async Task NoRowsAreTooFewToSay()
    {
        await Monitor(Sales.Header);
        Verdict(WindowVerdict.NotEnoughData, "not enough data to say");
        Assert.Contains("Monitor:   no row satisfies the contract.", _space.Log);
    }

    [Fact]
    public async Task LabelsThatComeLaterAreJoinedByTheKey()
    {
        var sales = WithPrices(Recent(3000), price => price + 60);
        _space.Write("recent.csv", WithPrices(sales, _ => 200));
        _space.Write("labels.csv", First(sales, 600));
        await _build.Done("MonitorLabels");
        Verdict(WindowVerdict.NotEnoughData, "not enough data to say", "MonitorLabels");
        Assert.Contains(_space.Log, line => line.StartsWith(
            "MonitorLabels:   mean absolute error is not known: labels of 600 of 3,000 rows (20 %), it takes about ",
            StringComparison.Ordinal));

        _space.Write("labels.csv", First(sales, 2400));
        await _build.Done("MonitorLabels");
        Assert.Equal(WindowVerdict.Degraded, ReportOf("MonitorLabels").Verdict);
        Assert.Equal(2400, ReportOf("MonitorLabels").Windows[0].Performance.Labelled);
    }

    // A row may be there before its label is: it is late for every number alike.
    [Fact]
    public async Task ALabelThatIsNoNumberHasNotArrived()
    {
        _build.Counts = (run, options) => WindowsStage.Run(
            run, Sales.Model with { Label = sale => sale.Id % 3 == 0 ? double.NaN : sale.Price }, Sales.Contract,
            Sales.Metrics, options);
        await Monitor(Recent(3000));
        var window = Assert.Single(Report.Windows);
        Assert.Equal((2000L, 2000L), (window.Performance.Labelled, Assert.Single(window.Metrics).Rows));
    }

    [Fact]
    public async Task JoinedLabelsNeedAStageThatHasThem()
    {
        _build.Windows = _build.Windows with { Labels = LabelSource.Joined };
        _space.Write("recent.csv", Recent(400));
        Assert.EndsWith(
            "Labels are Joined, and the only rows that are read are those of 'Recent'. Let the stage read "
            + "'rows.parquet' of another that has the labels, or take Rows or None.",
            await _build.Failure("Windows"));
    }

    // Labels are of years, and a file of a day. A key may need what the contract demands.
    [Fact]
    public async Task OfLabelsOnlyThoseOfTheFilesRowsAreKept()
    {
        var (keyed, alive) = (new List<WeakReference>(), -1);
        RowKey Key(Sale sale)
        {
            keyed.Add(new(sale));
            return sale.Price >= 0 ? Sales.Key(sale) : throw new InvalidOperationException("No key.");
        }
        BusinessMetric<Sale> kept = new("kept", "", (_, _) =>
        {
            if (alive < 0)
            {
                GC.Collect();
                alive = keyed.Count(sale => sale.IsAlive);
            }
            return 1;
        });
        _build.Counts = (run, options) => WindowsStage.Run(
            run, Sales.Model with { ServedKey = Key }, Sales.Contract, [kept], options);
        _space.Write("recent.csv", Recent(300) + SetAside(day: "2019-01-01"));
        _space.Write("labels.csv", Recent(6000));
        await _build.Done("LabelledWindows");
        Assert.True(keyed.Count >= 6000);
        Assert.InRange(alive, 300, 1000);
    }

    [Fact]
    public async Task WithoutLabelsPerformanceIsEstimatedAndNeverMeasured()
    {
        _build.Windows = _build.Windows with { Labels = LabelSource.None };
        await Monitor(WithPrices(Recent(3000), price => price + 60));
        Verdict(WindowVerdict.Fine, "fine: the rows look like those that version 1 was trained on");
        var performance = Report.Windows[0].Performance;
        Assert.Equal((PerformanceVerdict.NotAsked, 0L), (performance.Verdict, performance.Labelled));
        Assert.Equal(0, Number(performance.Estimated.Mean)!.Value / Number(performance.Reference.Mean)!.Value, 1.2);
        Assert.Null(Number(performance.Measured.Mean));
    }

    [Fact]
    public async Task WindowsOfTimeAreJudgedApartAndOnesWithoutRowsAreNamed()
    {
        SellsByTime();
        _space.Write("recent.csv", Recent(900, day: "2019-02-03")
            + Lines(Larger(Recent(1800, day: "2019-02-05", firstId: 50_000))));
        await _build.Done("Monitor");
        Assert.Equal(
            [
                ("2019-02-03", WindowVerdict.Fine, 900), ("2019-02-04", WindowVerdict.NotEnoughData, 0),
                ("2019-02-05", WindowVerdict.Drift, (int)Report.Windows[^1].Rows),
            ],
            Report.Windows.Select(window => (window.Window.Name, window.Verdict, (int)window.Rows)));

        _build.Monitor = _build.Monitor with { Since = TimeSpan.FromDays(1) };
        await _build.Done("Monitor");
        Assert.Equal(["2019-02-05"], Report.Windows.Select(window => window.Window.Name));
        Assert.Equal(["2019-02-03", "2019-02-04"], Report.Earlier.Select(window => window.Window));

        _build.Monitor = _build.Monitor with { AsOf = new(2019, 2, 7) };
        await _build.Done("Monitor");
        Assert.Equal(["2019-02-06"], Report.Windows.Select(window => window.Window.Name));
    }

    // A clock that was reset: the row is set aside, and no window of its own is made of it.
    [Fact]
    public async Task ARowThatIsSetAsideMakesNoWindow()
    {
        SellsByTime();
        // "Never" is often written as the last day of the calendar.
        await Monitor(Recent(900) + SetAside("2009-01-01") + SetAside("9999-12-31", id: 98));
        var window = Assert.Single(Report.Windows);
        Assert.Equal((900L, 902L), (window.Rows, window.Quality.RowsSeen));
        Assert.Equal(2, window.Quality.Rules.Single(rule => rule.Rule == "negative price").Rows);
    }

    [Fact]
    public async Task AFileOfBadRowsIsBadDataOfTheDayThatMostOfThemHave()
    {
        SellsByTime();
        RecentFolder();
        _space.Write("recent/a.csv", Recent(900, day: "2019-02-03"));
        _space.Write(
            "recent/b.csv", WithPrices(Recent(300, day: "2019-02-04", firstId: 50_000), price => -price)
            + SetAside("2019-01-20"));
        await _build.Done("Monitor");
        Verdict(WindowVerdict.BadData, "bad data: mend it first; do not learn from it");
        Assert.Equal(
            [("2019-02-03", WindowVerdict.Fine, 900L), ("2019-02-04", WindowVerdict.BadData, 301L)],
            Report.Windows.Select(window => (window.Window.Name, window.Verdict, window.Quality.RowsSeen)));
    }

    // It has no time by which it could be the newest.
    [Fact]
    public async Task AFileWithoutAReadableRowDecidesBesideWindowsOfTime()
    {
        SellsByTime();
        RecentFolder();
        _space.Write("recent/a.csv", Recent(900, day: "2019-02-03"));
        _space.Write("recent/b.csv", Sales.Header + string.Concat(Enumerable.Repeat("bad\n", 80)));
        await _build.Done("Monitor");
        Assert.Equal(WindowVerdict.BadData, Report.Verdict);
        Assert.Equal(
            [("2019-02-03", WindowVerdict.Fine), ("b", WindowVerdict.BadData)],
            Report.Windows.Select(window => (window.Window.Name, window.Verdict)));
        Assert.Equal(
            [
                "Monitor: b: bad data; 0 rows", "Monitor:   80 of 80 lines cannot be read, the limit is 1 %.",
                "Monitor:   no row satisfies the contract.",
                "Monitor: bad data: mend it first; do not learn from it",
            ],
            _space.Log.TakeLast(4));
        var page = _space.Text("Monitor", MonitorStage.Page);
        Assert.Contains("<h1>The data of b is bad</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<h2>Features and predictions in b</h2>", page, StringComparison.Ordinal);

        // One that is only empty says nothing, and of the rows there are something is said.
        _space.Write("recent/b.csv", Sales.Header);
        await _build.Done("Monitor");
        Verdict(WindowVerdict.Fine, "fine: the rows look like those that version 1 was trained on");
    }

    [Fact]
    public async Task NothingFollowsTheLastWindowOfTheCalendar()
    {
        SellsByTime();
        await Monitor(Recent(900, day: "9999-12-31"));
        Assert.Equal("9999-12-31", Assert.Single(Report.Windows).Window.Name);
    }

    [Fact]
    public async Task WindowsOfSoManyRowsArePartsOfAFile()
    {
        _build.Windows = _build.Windows with { Window = WindowRule.Parse("400") };
        await Monitor(Recent(1000));
        Assert.Equal(
            [("recent part 000001", 400L), ("recent part 000002", 400L), ("recent part 000003", 200L)],
            Report.Windows.Select(window => (window.Window.Name, window.Rows)));
        _build.Monitor = _build.Monitor with { Since = TimeSpan.FromDays(1) };
        Assert.Equal(
            "Since looks back in time, and windows by 400 have none. Take windows by day, week or month.",
            await _build.Failure("Monitor"));
    }

    [Fact]
    public async Task WindowsOfTimeNeedTheTimeOfARow()
    {
        _build.Windows = _build.Windows with { Window = new(WindowKind.Day, 0) };
        _space.Write("recent.csv", Recent(400));
        Assert.EndsWith(
            "Windows by day need the time of a row, and the definition of 'sales' does not say it. "
            + "Set its PredictedAt, or take windows by file or by a number of rows.",
            await _build.Failure("Windows"));
    }

    [Fact]
    public async Task OnlyAFileThatIsNewIsCountedAndTheHistoryStays()
    {
        RecentFolder();
        _space.Write("recent/2019-02.csv", Recent(600));
        await _build.Done("Monitor");
        Assert.Empty(Report.Earlier);
        _space.Write("recent/2019-03.csv", Larger(Recent(1800)));
        await _build.Done("Monitor");
        Assert.Equal(["2019-02", "2019-03"], Report.Windows.Select(window => window.Window.Name));
        var page = _space.Text("Monitor", MonitorStage.Page);
        Assert.Contains("<h1>2019-03 has drifted</h1>", page, StringComparison.Ordinal);
        // The same again is the same, and adds nothing.
        await _build.Done("Monitor");
        Assert.Equal(page, _space.Text("Monitor", MonitorStage.Page));
        Assert.Equal(2, Directory.GetFiles(_history, "*", SearchOption.AllDirectories).Length);

        File.Delete(Path.Combine(_space.Data, "recent", "2019-02.csv"));
        File.WriteAllText(Path.Combine(_history, "v1", "file broken.json"), "{");
        await _build.Done("Monitor");
        Assert.Equal([("2019-02", WindowVerdict.Fine)], Report.Earlier.Select(one => (one.Window, one.Verdict)));
        Assert.Contains("2019-02", _space.Text("Monitor", MonitorStage.Page), StringComparison.Ordinal);
        Assert.Contains(_space.Log, line => line.EndsWith(
            "It is left out; remove it, or judge its window again.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhereAnOlderFileIsJudgedLaterThePlotsSayWhatIsOfIt()
    {
        RecentFolder();
        _space.Write("recent/2019-03.csv", Recent(600));
        await _build.Done("Monitor");
        File.Delete(Path.Combine(_space.Data, "recent", "2019-03.csv"));
        _space.Write("recent/2019-02.csv", Recent(600));
        await _build.Done("Monitor");
        var page = _space.Text("Monitor", MonitorStage.Page);
        Assert.Contains("mean absolute error over 2 windows; in 2019-02 ", page, StringComparison.Ordinal);
        Assert.Contains("share within a tenth over 2 windows; in 2019-02 ", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsKnownToChangeRaisesNothing()
    {
        _build.Monitor = _build.Monitor with
        {
            Drift = new()
            {
                KnownChanges =
                [
                    new("area", "larger flats are built"), new("rooms", "they have more"), new("prediction", "dearer"),
                ],
            },
        };
        await Monitor(Larger(Recent(6000)));
        Verdict(WindowVerdict.Fine, "fine: the rows look like those that version 1 was trained on");
        Assert.Contains("expected: larger flats are built", _space.Text("Monitor", MonitorStage.Page));
    }

    [Fact]
    public async Task ThePageIsSelfContainedAndSaysWhatItDraws()
    {
        await Monitor(Recent(3000, area: 45).Replace(",north,", ",<b>,", StringComparison.Ordinal));
        var page = _space.Text("Monitor", MonitorStage.Page);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>,", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"mean absolute error over 1 windows; in recent ", page, StringComparison.Ordinal);
        Assert.Contains("Kolmogorov–Smirnov", page, StringComparison.Ordinal);
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
        _build.Counts = (run, options) => WindowsStage.Run(run,
            Sales.Model with
            {
                Features = new FeatureSet<Sale>().Numeric("area", sale => sale.Area).Numeric("age", sale => 3),
            },
            Sales.Contract, Sales.Metrics, options);
        _space.Write("recent.csv", Sales.Csv(400, seed: 2));
        Assert.EndsWith(
            "The features computed are not those the model was trained with: 'rooms' is missing; 'district_code' is " +
            "missing; 'age' is extra. " +
            "Train again, or use the feature code that the model was trained with.",
            await _build.Failure("Windows"));
    }

    [Fact]
    public async Task AProfileThatIsNotInTheStoreIsNamed()
    {
        using var served = new Served();
        await served.InitializeAsync();
        var lost = served.Space.Registry.Find("sales", 1).Evidence.Attachments["profile.json"];
        served.Space.Lose(lost);
        served.Space.Write("recent.csv", Sales.Csv(400, seed: 2));
        Assert.EndsWith(
            $"Version 1 serves, but its 'profile.json' cannot be read. Artifact {lost.Short} is not in the store. " +
            "Use the store in which it was registered, or deploy a version that is in this one.",
            await new SaleBuild(served.Space) { Recent = "recent.csv" }.Failure("Windows"));
    }

    [Fact]
    public async Task OptionsOutOfRangeAreRefused()
    {
        _space.Write("recent.csv", Sales.Csv(400, seed: 2));
        _build.Monitor = _build.Monitor with { MaxQuarantined = double.NaN };
        Assert.Equal("MaxQuarantined is NaN, expected 0 to 1.", await _build.Failure("Monitor"));
    }

    [Fact]
    public async Task MetricsThatWouldSayNothingAreRefusedByAllThatUseThem()
    {
        BusinessMetric<Sale>[] metrics = [Sales.Metrics[0] with { Min = double.NaN }];
        const string why =
            "Business metrics: Min of 'share within a tenth' is NaN, expected a finite number, or null.";
        _space.Write("recent.csv", Sales.Csv(400, seed: 2));
        _build.Data = "train";
        _build.References = run => ReferenceStage.Run(run, Sales.Model, metrics);
        Assert.EndsWith(why, await _build.Failure("Reference"));
        _build.Judges = (run, options) => MonitorStage.Run(run, metrics, options);
        Assert.EndsWith(why, await _build.Failure("Monitor"));
        _build.Counts = (run, options) => WindowsStage.Run(run, Sales.Model, Sales.Contract, metrics, options);
        Assert.EndsWith(why, await _build.Failure("Windows"));
    }

    /// <summary>A space in which a model of sales serves.</summary>
    public sealed class Served : IAsyncLifetime, IDisposable
    {
        internal PipelineSpace Space { get; } = new();

        public async Task InitializeAsync()
        {
            var build = new SaleBuild(Space)
            {
                References = run => ReferenceStage.Run(
                    run, Sales.Model with { PredictedAt = sale => sale.SoldAt }, Sales.Metrics),
            };
            Directory.CreateDirectory(Path.Combine(Space.Data, "train"));
            build.Data = "train";
            Space.Write("train/a.csv", Sales.Csv(4000, seed: 1));
            await build.Done("Register");
            build.Deploy(1);
        }

        public Task DisposeAsync()
        {
            Space.Dispose();
            return Task.CompletedTask;
        }

        public void Dispose() => Space.Dispose();
    }

    private void RecentFolder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_space.Data, "recent"));
        foreach (var file in folder.GetFiles())
            file.Delete();
        _build.Recent = folder.Name;
    }

    private void SellsByTime()
    {
        _build.Windows = _build.Windows with { Window = new(WindowKind.Day, 0) };
        _build.Counts = (run, options) => WindowsStage.Run(
            run, Sales.Model with { PredictedAt = sale => sale.SoldAt }, Sales.Contract, Sales.Metrics, options);
    }

    private static string Recent(int rows, double area = 30, string day = "2019-01-01", int firstId = 10_000) =>
        Sales.Csv(rows, seed: 2, firstId, area).Replace("2019-01-01", day, StringComparison.Ordinal);

    // A line that breaks the contract.
    private static string SetAside(string day, int id = 99) => $"{id},{day} 10:00:00,west,50.0,2,-5\n";

    // Without those of less than 60 square metres: other rows, of which the model knows as much.
    private static string Larger(string csv) => Sales.Header + string.Concat(Lines(csv).Split('\n')[..^1]
        .Where(line => double.Parse(line.Split(',')[3], CultureInfo.InvariantCulture) >= 60)
        .Select(line => line + "\n"));

    private static string Lines(string csv) => csv[Sales.Header.Length..];

    private static string First(string csv, int rows) =>
        string.Concat(csv.Split('\n').Take(rows + 1).Select(line => line + "\n"));

    private static string WithPrices(string csv, Func<double, double> price) =>
        Sales.Header + string.Concat(Lines(csv).Split('\n')[..^1].Select(line =>
        {
            var fields = line.Split(',');
            fields[^1] = price(double.Parse(fields[^1], CultureInfo.InvariantCulture))
                .ToString("0.00", CultureInfo.InvariantCulture);
            return string.Join(',', fields) + "\n";
        }));

    private Task Monitor(string csv)
    {
        _space.Write("recent.csv", csv);
        return _build.Done("Monitor");
    }

    // All were sold on one day.
    private string Learned
    {
        get
        {
            var profile = ReportFile.Read<ModelProfile>(_space.Output("Features", FeaturesStage.Profile));
            return $"the {Figures.Count(profile.Features[0].RowCount)} rows of 2019-01-01 that version 1 learned from";
        }
    }

    private MonitorReport Report => ReportOf("Monitor");

    private MonitorReport ReportOf(string stage) =>
        ReportFile.Read<MonitorReport>(_space.Output(stage, MonitorStage.Report));

    private static double? Number(MLBuild.Learning.Metrics.MetricValue value) =>
        (value as MLBuild.Learning.Metrics.MetricValue.Value)?.Number;

    private void Verdict(WindowVerdict verdict, string logged, string stage = "Monitor")
    {
        Assert.Equal((verdict, 1), (ReportOf(stage).Verdict, ReportOf(stage).Version));
        Assert.Equal($"{stage}: {logged}", _space.Log[^1]);
    }
}
