using MLBuild.Learning.Features;
using MLBuild.Learning.Leakage;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Leakage;

/// <summary>Nothing of a row may have been known only after its prediction.</summary>
public sealed class FindingTimeTravel
{
    private static readonly DateTime Noon = new(2019, 3, 1, 12, 0, 0);

    private static readonly FeatureSet<Trip> Set = new FeatureSet<Trip>()
        .Numeric("hour", trip => trip.Start.Hour)
        .Numeric("minutes", trip => (trip.End - trip.Start).TotalMinutes, knownAt: trip => trip.End)
        .Categorical("weather", _ => 1, knownAt: trip => trip.Start);

    private sealed record Trip(int Id, DateTime Start, DateTime End);

    [Fact]
    public void AFeatureThatIsKnownLaterIsNamedWithARow()
    {
        var times = new TimeTravel<Trip>(Set, trip => trip.Start);
        for (var i = 0; i < 8; i++)
            times.AddTraining(new(i, Noon, Noon.AddMinutes(i)), RowKey.Of($"{i}"));
        times.AddHeldOut(new(9, Noon, Noon.AddMinutes(9)), RowKey.Of("9"));

        var leaks = times.Complete();

        // A trip that ends at once is known at once.
        Assert.Equal([("minutes", 8), ("weather", 0)], leaks.Select(leak => (leak.What, (int)leak.Rows)));
        Assert.Equal(5, leaks[0].Examples.Count);
        Assert.Equal(
            [$"Feature 'minutes' is known only after the prediction in 8 rows, such as {RowKey.Of("1")}: "
                + "2019-03-01 12:01:00 after 2019-03-01 12:00:00. Compute it from what is known before."],
            Report(leaks, null).Sentences);
        Assert.Equal(LeakVerdict.Fail, Report(leaks, null).Verdict);
    }

    [Fact]
    public void HeldOutRowsAmongTrainingRowsAreFoundWhereTheSplitIsByTime()
    {
        var times = new TimeTravel<Trip>(Set, trip => trip.Start);
        times.AddTraining(new(1, Noon, Noon), RowKey.Of("1"));
        times.AddTraining(new(2, Noon.AddHours(-5), Noon), RowKey.Of("2"));
        times.AddHeldOut(new(3, Noon, Noon), RowKey.Of("3"));
        times.AddHeldOut(new(4, Noon.AddHours(-1), Noon), RowKey.Of("4"));

        Assert.Null(times.CompleteSplit(new()));
        var split = times.CompleteSplit(new() { HeldOutByTime = true });
        Assert.Equal(1, split!.Rows);
        Assert.Equal(
            [$"1 held-out row is earlier than the last training row, such as {RowKey.Of("4")}: "
                + "2019-03-01 12:00:00 after 2019-03-01 11:00:00. Hold out what comes after all training rows."],
            Report([], split).Sentences);
    }

    [Fact]
    public void WithoutATimeOfPredictionNothingIsAsked()
    {
        var times = new TimeTravel<Trip>(Set, predictedAt: null);
        times.AddTraining(new(1, Noon, Noon.AddHours(1)), RowKey.Of("1"));
        times.AddHeldOut(new(2, Noon.AddHours(-1), Noon.AddHours(1)), RowKey.Of("2"));
        Assert.All(times.Complete(), leak => Assert.Equal(0, leak.Rows));
        Assert.Equal(0, times.CompleteSplit(new() { HeldOutByTime = true })!.Rows);
    }

    [Fact]
    public void FindingsAreSaidTheWorstFirst()
    {
        var report = new LeakageReport(
            new(),
            [
                new("odd", 0.97, IsCopy: false, LeakVerdict.Warn), new("fine", 0.4, IsCopy: false, LeakVerdict.None),
                new("price", 0.9997, IsCopy: true, LeakVerdict.Fail),
            ],
            new(2000, 3, [new("h1", "t1")], LeakVerdict.Warn), [], null);
        Assert.Equal(
            [
                "Feature 'price' is the label, or a + b times the label. Remove it.",
                "Feature 'odd' alone tells 97 % of the label; more than 95 % is suspicious. See whether it is known "
                    + "when a row is predicted.",
                "3 of 2,000 held-out rows (0.15 %, limit 1 %) have the features and the label of a training row with "
                    + "another key, such as h1 and t1. Remove duplicates before the split, or give them one key.",
            ],
            report.Sentences);
    }

    private static LeakageReport Report(IReadOnlyList<TimeLeak> times, TimeLeak? split) =>
        new(new(), [], new(10, 0, [], LeakVerdict.None), times, split);
}
