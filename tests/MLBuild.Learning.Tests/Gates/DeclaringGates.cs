using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Tests.Gates;

/// <summary>What an author is told who declares a rule, or brings an evaluation, that cannot be meant.</summary>
public sealed class DeclaringGates
{
    public static TheoryData<string, Action> Mistakes => new()
    {
        {
            "The threshold on rmse in borough=Queens has no limit. Give a minimum, a maximum or both.",
            () => _ = new Threshold("rmse", Evaluations.Queens)
        },
        {
            "The threshold on rmse overall has a limit that is not a finite number. Leave an open end out.",
            () => _ = new Threshold("rmse", Slice.Overall, max: double.NaN)
        },
        {
            "A minimum of 0 rows of borough=Queens demands nothing. Give a number from 1.",
            () => _ = new MinimumRows(Evaluations.Queens, 0)
        },
        {
            "The gain cap on rmse overall is 0, which forbids every gain. Give a share above 0, such as 0.3.",
            () => _ = new GainCap("rmse", Slice.Overall, 0)
        },
        {
            "The gain cap on rmse overall is NaN, which forbids every gain. Give a share above 0, such as 0.3.",
            () => _ = new GainCap("rmse", Slice.Overall, double.NaN)
        },
        {
            "A margin of -0.1 allows nothing. Give a number from 0: how much worse the challenger may be.",
            () => _ = Margin.Absolute(-0.1)
        },
        {
            "A margin of Infinity allows nothing. Give a number from 0: how much worse the challenger may be.",
            () => _ = Margin.Relative(double.PositiveInfinity)
        },
        {
            "The evaluation has the slice 'overall' twice. Measure each slice once.",
            () => _ = new GateEvidence(
                ChampionState.None,
                [new(Slice.Overall, 1, []), new(Evaluations.Queens, 1, []), new(Slice.Overall, 2, [])])
        },
        {
            "The evaluation has 'rmse' of 'overall' twice. Measure each metric once.",
            () => _ = new SliceEvidence(
                Slice.Overall, 1, [new("rmse", MetricValue.Of(1)), new("rmse", MetricValue.Of(2))])
        },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void MistakeIsNamedWithTheWayOut(string message, Action declare) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(declare).Message);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void NumberThatIsNotFiniteIsNoMeasurement(double number) => Assert.Equal(
        FormattableString.Invariant($"measured as {number}"),
        Assert.IsType<MetricValue.Missing>(MetricValue.Of(number)).Reason);

    [Fact]
    public void FiniteNumberIsAMeasurement() =>
        Assert.Equal(-0.5, Assert.IsType<MetricValue.Value>(MetricValue.Of(-0.5)).Number);
}
