using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Sweeps;

namespace MLBuild.Learning.Tests.Sweeps;

/// <summary>How much each rung spends on a point, and which points go on.</summary>
public sealed class HalvingPoints
{
    private static readonly SweepMetric Rmse = new("rmse", Direction.LowerIsBetter);

    [Theory]
    [InlineData(300, 3, 3, "33 100 300")]
    [InlineData(300, 2, 4, "75 300")]
    [InlineData(9, 3, 3, "1 3 9")]
    [InlineData(81, 5, 3, "1 3 9 27 81")]
    public void EachRungHasEtaTimesTheBudget(int most, int rungs, int eta, string budgets)
    {
        var halving = new Halving(most) { Rungs = rungs, Eta = eta };
        Assert.Equal(budgets, string.Join(' ', Enumerable.Range(1, rungs).Select(halving.Budget)));
    }

    [Fact]
    public void OneInEtaGoesOnTheBestFirst() => Assert.Equal(["d", "b"], new Halving(300).Survivors(
        [
            Point("a", 9), Point("b", 2), Point("c", 8), Point("d", 1), Point("e", 7), Point("f", 6), Point("g", 5),
        ], Rmse));

    [Fact]
    public void OfFewPointsOneGoesOn() =>
        Assert.Equal(["a"], new Halving(300).Survivors([Point("a", 1), Point("b", 1)], Rmse));

    [Fact]
    public void PointsWithoutScoreDoNotGoOn()
    {
        PointScores[] points = [Point("a", double.NaN), Point("b", 1, double.NaN), Point("c", 9), Point("d")];
        Assert.Equal(["c"], new Halving(4) { Eta = 2 }.Survivors(points, Rmse));
        Assert.StartsWith("No point of the sweep has a finite rmse, so none can win: a: fold 0: measured as NaN; ",
            Assert.Throws<SweepException>(() => new Halving(300).Survivors(points[..2], Rmse)).Message);
    }

    [Fact]
    public void WhereMoreIsBetterTheLargestGoOn() => Assert.Equal(["b"],
        new Halving(300).Survivors([Point("a", 0.1), Point("b", 0.9), Point("c", 0.5)],
            new("r2", Direction.HigherIsBetter)));

    public static TheoryData<string, Func<object>> Mistakes => new()
    {
        {
            "One point in 1 is to go on to the next rung, expected 2 or more.",
            () => new Halving(300) { Eta = 1 }.Budget(1)
        },
        {
            "Rungs is 1, expected 2 or more.",
            () => new Halving(300) { Rungs = 1 }.Survivors([Point("a", 1)], Rmse)
        },
        {
            "A budget of 8 is less than 9, so that the first of 3 rungs would have none. Give it more, or fewer rungs.",
            () => new Halving(8).Budget(3)
        },
        { "There is no rung 0, expected 1 to 3.", () => new Halving(300).Budget(0) },
        { "There is no rung 4, expected 1 to 3.", () => new Halving(300).Budget(4) },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void MistakeIsNamedWithTheWayOut(string message, Func<object> declare) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => declare()).Message);

    private static PointScores Point(string name, params double[] folds) =>
        new(name, null, [.. folds.Select(MetricValue.Of)]);
}
