using System.Text.Json;
using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Tests.Contracts;

/// <summary>Files against the accepted files before them.</summary>
public sealed class ComparingWithHistory
{
    private static readonly Contract<Trip> Steady = Contract.For<Trip>().SteadyAgainstHistory();

    /// <summary>A file of trips that vary from file to file by more than their sampling.</summary>
    private static Trip[] Month(int seed, int rows = 2_000, Action<Trip, Random>? change = null)
    {
        var random = new Random(seed);
        var (level, share) = (10 + 0.5 * Normal(random), 0.1 + 0.02 * random.NextDouble());
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var trip = new Trip
            {
                Fare = level + 3 * Normal(random),
                Distance = Math.Exp(Normal(random)),
                Passengers = random.NextDouble() < share ? null : 1 + (int)(6 * Math.Pow(random.NextDouble(), 3)),
                Vendor = 1 + random.Next(2),
                // A few common values and a long tail of rare ones, as with places and products.
                Flag = $"{(int)(1 / (random.NextDouble() + 0.004))}",
                PickedUp = new DateTime(2019, 1, 1).AddMinutes(random.Next(40_000)),
            };
            change?.Invoke(trip, random);
            return trip;
        })];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static ContractReport Check(
        Contract<Trip> contract, IEnumerable<(string File, Trip[] Trips)> files, ContractHistory? history = null)
    {
        var check = contract.Begin(history);
        foreach (var (file, trips) in files)
        {
            check.Open(file, Trips.Header);
            foreach (var (line, trip) in trips.Index())
                check.Check(trip, new(file, line + 2));
        }
        return check.Complete();
    }

    private static IEnumerable<(string, Trip[])> Months(int count, int seed = 1) =>
        Enumerable.Range(0, count).Select(i => ($"month {i:D2}", Month(seed * 100 + i)));

    private static string[] Alarms(ContractReport report) =>
        [.. report.History.Where(found => found.Verdict == CheckVerdict.Failed).Select(CheckNames)];

    private static string CheckNames(HistoryReport found) =>
        $"{found.File} {found.Column} {found.Statistic}{(found.Share is { } share ? $" {share}" : "")}";

    [Fact]
    public void FirstFilesHaveNotEnoughHistoryAndDoNotFail()
    {
        var report = Check(Steady, Months(5));
        Assert.True(report.Passed);
        Assert.All(report.History, found => Assert.Equal(CheckVerdict.NotEnoughHistory, found.Verdict));
        Assert.Contains("comparisons had not enough history.", ContractReportText.Render(report));
        var rows = report.History.Where(found => found.Statistic == Statistic.Rows);
        Assert.Equal([0, 1, 2, 3, 4], rows.Select(found => found.Batches));
    }

    [Fact]
    public void EveryComparisonIsRecordedWithItsLimitAndHistory()
    {
        var report = Check(Steady, Months(6));
        var last = report.History.Where(found => found.File == "month 05").ToArray();
        Assert.Equal(report.History.Count / 6, last.Length);
        var mean = last.Single(found => (found.Column, found.Statistic) == ("fare", Statistic.Mean));
        Assert.Equal((5, 2_000, CheckVerdict.Passed), (mean.Batches, mean.Values, mean.Verdict));
        Assert.True(mean.Expected.Min < mean.Measured && mean.Measured < mean.Expected.Max);
    }

    [Fact]
    public void GoodFilesRaiseAlarmsAsRarelyAsSaid()
    {
        // One of a hundred files, all comparisons together, is what the defaults promise.
        var (files, alarmed) = (0, 0);
        for (var seed = 1; seed <= 40; seed++)
        {
            var report = Check(Steady, Months(16, seed));
            files += 11;
            alarmed += report.Files.Count(file => file.Faults.Count > 0);
        }
        Assert.InRange(alarmed / (double)files, 0, 0.02);
    }

    public static TheoryData<string, Action<Trip, Random>> Changes => new()
    {
        { "fare Mean", (trip, _) => trip.Fare += 9 },
        { "fare StandardDeviation", (trip, _) => trip.Fare = (trip.Fare - 10) * 4 + 10 },
        { "fare Quantile 0.5", (trip, _) => trip.Fare *= 2 },
        { "distance Maximum", (trip, random) => trip.Distance = random.Next(500) == 0 ? 1e5 : trip.Distance },
        { "distance Minimum", (trip, random) => trip.Distance = random.Next(500) == 0 ? -1e3 : trip.Distance },
        { "passengers NullRatio", (trip, random) => trip.Passengers = random.Next(2) == 0 ? null : trip.Passengers },
        { "passengers VanishedCategories", (trip, _) => trip.Passengers = trip.Passengers == 2 ? 1 : trip.Passengers },
        { "vendor NewCategories", (trip, random) => trip.Vendor = random.Next(20) == 0 ? 7 : trip.Vendor },
        { "flag Cardinality", (trip, random) => trip.Flag = $"{random.Next(2)}" },
        { "flag NewCategories", (trip, random) =>
            trip.Flag = random.Next(10) == 0 ? $"new {random.Next(9)}" : trip.Flag },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void ChangeIsFound(string expected, Action<Trip, Random> change)
    {
        var report = Check(Steady, [.. Months(12), ("month 12", Month(77, change: change))]);
        Assert.Contains($"month 12 {expected}", Alarms(report));
        Assert.False(report.Passed);
    }

    [Fact]
    public void LostRowsAreFound() => Assert.Contains(
        "month 12  Rows", Alarms(Check(Steady, [.. Months(12), ("month 12", Month(77, rows: 300))])));

    [Fact]
    public void OneNewValueInManyRowsIsNoAlarm()
    {
        var month = Month(77);
        month[17].Vendor = 9;
        var report = Check(Steady, [.. Months(12), ("month 12", month)]);
        var found = report.History.Single(found =>
            (found.File, found.Column, found.Statistic) == ("month 12", "vendor", Statistic.NewCategories));
        Assert.Equal((CheckVerdict.Passed, 1 / 2000.0), (found.Verdict, found.Measured));
        Assert.Equal(["9"], found.Categories);
    }

    [Fact]
    public void SmallFileMayVaryMore()
    {
        var report = Check(
            Steady, [.. Months(12), ("month 12", Month(77)), ("month 13", Month(78, rows: 1_001))]);
        var means = report.History
            .Where(found => (found.Column, found.Statistic) == ("distance", Statistic.Mean)).TakeLast(2).ToArray();
        Assert.True(Width(means[1]) > Width(means[0]));

        static double Width(HistoryReport found) => found.Expected.Max!.Value - found.Expected.Min!.Value;
    }

    [Fact]
    public void RefusedFileIsNoHistory()
    {
        // Were month 12 accepted, month 13, which is as bad, would look usual.
        Action<Trip, Random> bad = (trip, _) => trip.Fare += 9;
        var report = Check(
            Steady, [.. Months(12), ("month 12", Month(77, change: bad)), ("month 13", Month(78, change: bad))]);
        Assert.Contains("month 13 fare Mean", Alarms(report));
        Assert.Equal(
            ["month 12", "month 13"], report.Files.Where(file => file.Faults.Count > 0).Select(file => file.File));
        Assert.All(report.History.Where(found => found.File == "month 13"), found => Assert.Equal(12, found.Batches));
        Assert.Empty(report.AcceptedBatches());
    }

    [Fact]
    public void FileThatBreaksARuleIsNoHistory()
    {
        var contract = Steady.Row("free", 0.01, (trip, _) => trip.Fare == 0);
        var report = Check(contract, [
            ("a", Month(1, change: (trip, random) => trip.Fare = random.Next(20) == 0 ? 0 : trip.Fare)),
            .. Months(12)]);
        Assert.True(report.Passed);
        Assert.Equal(["free"], report.Files[0].Faults);
        Assert.Equal(12, report.AcceptedBatches().Count());
    }

    [Fact]
    public void FileWithAFewMoreFaultsThanTheToleranceMayBeChance()
    {
        var contract = Contract.For<Trip>().Row("free", 0.01, (trip, _) => trip.Fare == 0);
        var report = Check(
            contract,
            [
                ("a", [.. Trips.WithFares(Enumerable.Repeat(0.0, 12)), .. Trips.Good(988)]),
                ("b", [.. Trips.Good(1_000)]),
                ("c", [.. Trips.WithFares(0), .. Trips.Good(999)]),
            ]);
        Assert.True(report.Passed);
        Assert.All(report.Files, file => Assert.Empty(file.Faults));
    }

    [Fact]
    public void LaterFilesSayNothingOfEarlierOnes()
    {
        var (few, many) = (Check(Steady, Months(8)), Check(Steady, [.. Months(12), ("month 99", Month(5, 10))]));
        Assert.Equal(
            few.History.Select(found => JsonSerializer.Serialize(found)),
            many.History.Take(few.History.Count).Select(found => JsonSerializer.Serialize(found)));
    }

    [Fact]
    public void HistoryOfEarlierRunsStandsForTheFilesThemselves()
    {
        var all = Check(Steady, Months(12));
        var first = Check(Steady, Months(9));
        var stored = JsonSerializer.Deserialize<ContractHistory>(
            JsonSerializer.Serialize(ContractHistory.Empty.With(first.AcceptedBatches())))!;
        var then = Check(Steady, Months(12).Skip(9), stored);
        Assert.Equal(
            all.History.Where(found => string.CompareOrdinal(found.File, "month 09") >= 0)
                .Select(found => JsonSerializer.Serialize(found)),
            then.History.Select(found => JsonSerializer.Serialize(found)));
    }

    [Fact]
    public void RepeatedRunReplacesItsFilesInHistory()
    {
        var report = Check(Steady, Months(8));
        var history = ContractHistory.Empty.With(report.AcceptedBatches());
        Assert.Equal(8, history.With(report.AcceptedBatches()).Batches.Count);
        Assert.Equal(
            JsonSerializer.Serialize(report), JsonSerializer.Serialize(Check(Steady, Months(8), history)));
        var renamed = history.Batches[3] with { Content = "f00" };
        var twice = history.With([renamed]).With([renamed with { Name = "other" }]);
        Assert.Equal(8, twice.Batches.Count);
        Assert.Contains(twice.Batches, batch => batch.Name == "other");
    }

    [Fact]
    public void HistoryCanStartAnew()
    {
        Action<Trip, Random> other = (trip, _) => trip.Fare += 9;
        var files = Months(12).Concat(Enumerable.Range(12, 7)
            .Select(i => ($"month {i}", Month(i, change: other)))).ToArray();
        Assert.False(Check(Steady, files).Passed);
        var report = Check(Steady.HistoryStartsAt("month 12", "fares were raised"), files);
        Assert.True(report.Passed);
        var batches = report.History.Where(found => found.Statistic == Statistic.Rows).Select(found => found.Batches);
        Assert.Equal([.. Enumerable.Range(0, 12), .. Enumerable.Range(0, 7)], batches);
    }

    [Fact]
    public void HistoryForgets()
    {
        var options = new HistoryOptions { MostBatches = 6 };
        var report = Check(Steady.History(options), Months(9));
        Assert.Equal(6, report.History[^1].Batches);
    }

    [Fact]
    public void WarningLeavesTheFileInHistory()
    {
        var contract = Contract.For<Trip>().Warning(w => w.Column(t => t.Fare, c => c.Steady(Statistic.Mean)));
        var report = Check(contract, [.. Months(6), ("month 06", Month(77, change: (trip, _) => trip.Fare += 9)),
            ("month 07", Month(78))]);
        Assert.True(report.Passed);
        Assert.Equal(CheckVerdict.Warned, report.History[^2].Verdict);
        Assert.Equal(7, report.History[^1].Batches);
        Assert.StartsWith("  month 06: mean of fare  ", ContractReportText.Render(report).Split('\n')[2]);
    }

    [Fact]
    public void ConstantColumnRaisesNoAlarm()
    {
        // 107 times 0.19 divided by 107 is beside 0.19, and so is many another sum.
        var files = Enumerable.Range(100, 60).Select(rows => ($"{rows}", (Trip[])
            [.. Enumerable.Repeat(new Trip { Fare = 0.19, Distance = 0.3 }, rows)]));
        Assert.Empty(Alarms(Check(Contract.For<Trip>()
            .Column(t => t.Fare, c => c.Steady()).Column(t => t.Distance, c => c.Steady()), files)));
    }

    [Fact]
    public void MoreCategoriesThanAreKeptOneByOneRaiseNoAlarm()
    {
        var files = Enumerable.Range(0, 7).Select(i => ($"{i}", (Trip[])
            [.. Enumerable.Range(0, 4_000).Select(row => new Trip { Flag = $"{row % (i < 6 ? 295 : 305)}" })]));
        var report = Check(Contract.For<Trip>().Column(t => t.Flag, c => c.Steady()), files);
        Assert.True(report.Passed, ContractReportText.Render(report));
        Assert.Equal(
            [CheckVerdict.NotEnoughHistory, CheckVerdict.NotEnoughHistory],
            report.History.TakeLast(2).Select(found => found.Verdict));
    }

    [Fact]
    public void CheckThatIsAskedForTwiceFailsIfItFailsOnce()
    {
        (string, Trip[])[] files =
            [.. Months(6), ("month 06", Month(77, change: (trip, _) => (trip.Fare, trip.Distance) = (30, 90)))];
        var basis = Contract.For<Trip>();
        foreach (var contract in new[]
        {
            basis.Warning(w => w.SteadyAgainstHistory()).Column(t => t.Fare, c => c.Steady(Statistic.Mean)),
            basis.Column(t => t.Fare, c => c.Steady(Statistic.Mean)).Warning(w => w.SteadyAgainstHistory()),
        })
        {
            var report = Check(contract, files);
            Assert.Equal(["month 06 fare Mean"], Alarms(report));
            Assert.Equal(
                CheckVerdict.Warned,
                report.History.Last(found => found.Column == "distance" && found.Statistic == Statistic.Mean).Verdict);
        }
    }

    [Fact]
    public void LaterFilesThatDifferTooAreCounted()
    {
        Action<Trip, Random> bad = (trip, _) => trip.Fare += 9;
        var contract = Contract.For<Trip>().Column(t => t.Fare, c => c.Steady(Statistic.Mean, Statistic.Maximum));
        var report = Check(contract, [
            .. Months(6), .. Enumerable.Range(6, 5).Select(i => ($"month {i:D2}", Month(i, change: bad)))]);
        var text = ContractReportText.Render(report);
        Assert.Contains("\n  month 06: mean of fare  ", text);
        Assert.DoesNotContain("month 07", text);
        Assert.Contains("\n  and 4 comparisons of 4 later files\n", text);
    }

    [Fact]
    public void OptionsOutOfRangeAreNamedTogether() => Assert.Equal(
        "HistoryOptions: LeastBatches is 2, expected 3 to 1,000; FalseAlarms is 0, expected above 0 and below 1; "
        + "LeastMove is Infinity, expected a number from 0 on; LeastShare is 2, expected 0 to 1.",
        Assert.Throws<ArgumentException>(() => Steady.History(new()
        {
            LeastBatches = 2,
            FalseAlarms = 0,
            LeastMove = double.PositiveInfinity,
            LeastShare = 2,
        })).Message);

    [Fact]
    public void QuantileCanHaveBounds()
    {
        var report = Contract.For<Trip>().Column(t => t.Fare, c => c.Quantile(0.5, 2, 3).Quantile(0.9, max: 5))
            .Check(Trips.WithFares(1, 2, 3, 4, 10));
        Assert.Equal(
            [(0.5, 3, CheckVerdict.Passed), (0.9, 10, CheckVerdict.Failed)],
            report.Expectations.Where(found => found.Statistic == Statistic.Quantile)
                .Select(found => (found.Share!.Value, found.Measured!.Value, found.Verdict)));
        Assert.Contains("90 % quantile of fare  10, expected at most 5", ContractReportText.Render(report));
    }
}
