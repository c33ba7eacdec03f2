using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Sweeps;

namespace MLBuild.Learning.Tests.Sweeps;

/// <summary>Which point wins, and that none wins which was not measured.</summary>
public sealed class ChoosingPoints
{
    private static readonly SweepMetric Rmse = new("rmse", Direction.LowerIsBetter);

    [Fact]
    public void TheSmallestMeanOverFoldsWins()
    {
        var choice = SweepChoice.Of(
            [Point("a", 3, 5), Point("b", 1, 4), Point("c", 2, 4)], Rmse, ChoiceRule.Best);
        Assert.Equal("b", choice.Winner);
        Assert.Equal("b has the smallest mean rmse of 3 points: 2.5000 ± 1.5000", choice.Because);
        Assert.Equal(["b", "c", "a"], choice.Points.Select(point => point.Point));
        // The standard deviation of 1 and 4 is 3/√2, that of their mean 3/2.
        Assert.Equal(MetricValue.Of(2.5), choice.Points[0].Mean);
        Assert.Equal(MetricValue.Of(1.5), choice.Points[0].StandardError);
    }

    [Fact]
    public void WhereMoreIsBetterTheLargestMeanWins()
    {
        var choice = SweepChoice.Of([Point("a", 0.5), Point("b", 0.9), Point("c", 0.7)],
            new("r2", Direction.HigherIsBetter), ChoiceRule.Best);
        Assert.Equal(["b", "c", "a"], choice.Points.Select(point => point.Point));
        Assert.Equal("b has the largest mean r2 of 3 points: 0.9000", choice.Because);
    }

    [Fact]
    public void OfEqualPointsTheFirstDeclaredWins() =>
        Assert.Equal("b", SweepChoice.Of(
            [Point("c", 9, 9), Point("b", 4, 2), Point("a", 2, 4)], Rmse, ChoiceRule.Best).Winner);

    // The best is 10 ± 1, so what is at 11 is as good.
    [Fact]
    public void TheSimplestWithinOneStandardErrorWins()
    {
        var choice = SweepChoice.Of(
        [
            Point("large", 9, 11) with { Complexity = 300 },
            Point("medium", 10, 12) with { Complexity = 200 },
            Point("small", 10, 12.01) with { Complexity = 100 },
        ], Rmse, ChoiceRule.OneStandardError);
        Assert.Equal("medium", choice.Winner);
        Assert.Equal(
            "medium is the simplest of 2 points within one standard error of the smallest mean rmse: 11.0000 ± 1.0000; "
            + "the best is large: 10.0000 ± 1.0000", choice.Because);
    }

    [Fact]
    public void OfEquallySimplePointsTheBetterWins() =>
        Assert.Equal("b", SweepChoice.Of(
        [
            Point("a", 9.5, 11.5) with { Complexity = 1 },
            Point("b", 9.4, 11.5) with { Complexity = 1 },
            Point("c", 9, 11) with { Complexity = 2 },
        ], Rmse, ChoiceRule.OneStandardError).Winner);

    [Fact]
    public void OneStandardErrorAlsoHoldsWhereMoreIsBetter() =>
        Assert.Equal("simple", SweepChoice.Of(
        [
            Point("best", 0.7, 0.9) with { Complexity = 9 },
            Point("simple", 0.75, 0.75) with { Complexity = 1 },
            Point("poor", 0.6, 0.65) with { Complexity = 0 },
        ], new("r2", Direction.HigherIsBetter), ChoiceRule.OneStandardError).Winner);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.PositiveInfinity)]
    public void AScoreThatIsNotFiniteNeverWins(double score)
    {
        foreach (var rule in Enum.GetValues<ChoiceRule>())
        {
            var choice = SweepChoice.Of(
            [
                Point("broken", 1, score) with { Complexity = 0 },
                Point("a", 5, 6) with { Complexity = 1 },
                Point("b", 7, 8) with { Complexity = 1 },
            ], Rmse, rule);
            Assert.Equal("a", choice.Winner);
            Assert.Equal(["a", "b", "broken"], choice.Points.Select(point => point.Point));
            Assert.Equal(
                new MetricValue.Missing(FormattableString.Invariant($"fold 1: measured as {score}")),
                choice.Points[2].Mean);
        }
    }

    [Fact]
    public void TheLinesNameTheBestTheChosenAndTheBroken() =>
        Assert.Equal(
        [
            "0.5000 ± 0.5000  p0",
            "1.5000 ± 0.5000  p1",
            "2.5000 ± 0.5000  p2",
            "3.5000 ± 0.5000  p3",
            "4.5000 ± 0.5000  p4",
            "5.5000 ± 0.5000  p5",
            "6.5000 ± 0.5000  p6",
            "7.5000 ± 0.5000  p7",
            "8.5000 ± 0.5000  p8",
            "9.5000 ± 0.5000  p9",
            "1 other point did worse",
            "broken has no score: fold 0: measured as NaN",
            "p0 has the smallest mean rmse of 11 points: 0.5000 ± 0.5000",
        ], SweepChoiceText.Lines(SweepChoice.Of(
            [Point("broken", double.NaN), .. Enumerable.Range(0, 11).Select(i => Point($"p{i}", i, i + 1))],
            Rmse, ChoiceRule.Best)).Select(line => line.Replace("  chosen", "", StringComparison.Ordinal)));

    // The winner may be far down the list: it is shown even so.
    [Fact]
    public void TheChosenIsShownWhereverItStands()
    {
        var points = Enumerable.Range(0, 12).Select(i => Point($"p{i}", i, i + 100) with { Complexity = -i }).ToArray();
        var lines = SweepChoiceText.Lines(SweepChoice.Of(points, Rmse, ChoiceRule.OneStandardError)).ToArray();
        Assert.Equal("61.0000 ± 50.0000  p11  chosen", lines[10]);
        Assert.Equal("1 other point did worse", lines[11]);
    }

    public static TheoryData<string, ChoiceRule, PointScores[]> Impossible => new()
    {
        { "A sweep without points has no winner. Give it one or more.", ChoiceRule.Best, [] },
        {
            "No point of the sweep has a finite rmse, so none can win: a: fold 0: measured as NaN. Look at the scores "
            + "and the ranges of the sweep.",
            ChoiceRule.Best, [Point("a", double.NaN)]
        },
        {
            "No point of the sweep has a finite rmse, so none can win: a: fold 1: measured as NaN; and 2 points more. "
            + "Look at the scores and the ranges of the sweep.",
            ChoiceRule.OneStandardError, [Point("a", 1, double.NaN), Point("b"), Point("c", double.NaN)]
        },
        {
            "The rule of one standard error needs the spread over folds, and there is none: one fold has no spread; at "
            + "least 2 are needed. Score more folds, or choose the best.",
            ChoiceRule.OneStandardError, [Point("a", 1)]
        },
        {
            "The rule of one standard error takes the simplest point, and the sweep does not say how complex b is. "
            + "Declare it with SimplestFirst, or choose the best.",
            ChoiceRule.OneStandardError, [Point("a", 1, 2) with { Complexity = 1 }, Point("b", 1, 2)]
        },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void WhatCannotBeChosenIsSaid(string message, ChoiceRule rule, PointScores[] points) =>
        Assert.Equal(message, Assert.Throws<SweepException>(() => SweepChoice.Of(points, Rmse, rule)).Message);

    private static PointScores Point(string name, params double[] folds) =>
        new(name, null, [.. folds.Select(MetricValue.Of)]);
}
