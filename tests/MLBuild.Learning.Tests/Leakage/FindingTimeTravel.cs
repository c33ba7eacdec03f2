using MLBuild.Learning.Features;
using MLBuild.Learning.Leakage;
using MLBuild.Learning.Models;
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

    private static readonly ModelDefinition<Trip> Model =
        new("fare", Set, trip => (trip.End - trip.Start).TotalMinutes, trip => RowKey.Of($"{trip.Id}"), [])
        {
            PredictedAt = trip => trip.Start,
        };

    private sealed record Trip(int Id, DateTime Start, DateTime End);

    [Fact]
    public void AFeatureThatIsKnownLaterIsNamedWithARow()
    {
        var times = new TimeTravel<Trip>(Model);
        for (var i = 0; i < 8; i++)
            times.Add(new(i, Noon, Noon.AddMinutes(i)), RowKey.Of($"{i}"));
        times.Add(new(9, Noon, Noon.AddMinutes(9)), RowKey.Of("9"));

        var leaks = times.Complete();

        // A trip that ends at once is known at once.
        Assert.Equal([("minutes", 8), ("weather", 0)], leaks.Select(leak => (leak.Feature, (int)leak.Rows)));
        Assert.Equal(5, leaks[0].Examples.Count);
        Assert.Equal(
            [$"Feature 'minutes' is known only after the prediction in 8 rows, such as {RowKey.Of("1")}: "
                + "2019-03-01 12:01:00 after 2019-03-01 12:00:00. Compute it from what is known before."],
            Report(leaks).Sentences);
        Assert.Equal(LeakVerdict.Fail, Report(leaks).Verdict);
    }

    [Fact]
    public void WithoutATimeOfPredictionNothingCouldBeFound()
    {
        Assert.Equal(
            "Features of model 'fare' say when they are known (minutes, weather), but not when a row is predicted, "
            + "which that is compared with. Set PredictedAt of the model definition.",
            Assert.Throws<ArgumentException>(() => new TimeTravel<Trip>(Model with { PredictedAt = null })).Message);
        var plain = new FeatureSet<Trip>().Numeric("hour", trip => trip.Start.Hour);
        Assert.Empty(new TimeTravel<Trip>(Model with { PredictedAt = null, Features = plain }).Complete());
    }

    private static LeakageReport Report(IReadOnlyList<TimeLeak> times) =>
        new(new(), new(500, []), new(10, 0, [], LeakVerdict.None), times);
}
