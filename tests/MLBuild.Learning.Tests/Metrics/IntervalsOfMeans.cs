using MLBuild.Learning.Metrics;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>The normal interval of a mean.</summary>
public sealed class IntervalsOfMeans
{
    [Fact]
    public void ByHand()
    {
        // 50 values of 0 and 50 of 2: mean 1, variance 100/99, standard error √(1/99).
        var interval = Of(Enumerable.Range(0, 100).Select(i => i % 2 * 2.0));
        Assert.Equal((100, 0, 0.95), (interval.Count, interval.NonFiniteCount, interval.Confidence));
        Near.Equal(1, Number(interval.Mean));
        Near.Equal(Math.Sqrt(1.0 / 99), Number(interval.StandardError));
        Near.Equal(1 - 1.959963984540054 * Math.Sqrt(1.0 / 99), Number(interval.Low));
        Near.Equal(1 + 1.959963984540054 * Math.Sqrt(1.0 / 99), Number(interval.High));
    }

    [Fact]
    public void EqualValuesHaveAnIntervalOfOnePoint()
    {
        var interval = Of(Enumerable.Repeat(7.0, 30));
        Assert.Equal((7, 7), (Number(interval.Low), Number(interval.High)));
    }

    [Fact]
    public void FewRowsHaveNoInterval()
    {
        var interval = Of(Enumerable.Repeat(7.0, 29));
        var few = new MetricValue.Missing("29 rows are too few for an interval, which needs 30");
        Assert.Equal(new(29, 0, 0.95, MetricValue.Of(7), MetricValue.Of(0), few, few), interval);
        Assert.Equal(
            new MetricValue.Missing("one row has no spread; at least 2 are needed"), Of([1]).StandardError);
    }

    [Fact]
    public void ANonFiniteValueLeavesNoInterval()
    {
        var missing = new MetricValue.Missing("1 of 41 rows have a value that is not finite");
        Assert.Equal(
            new(41, 1, 0.95, missing, missing, missing, missing), Of(Enumerable.Repeat(1.0, 40).Append(double.NaN)));
        Assert.Equal(new MetricValue.Missing("there are no rows"), Of([]).Mean);
    }

    [Fact]
    public void ConfidenceIsAShare() => Assert.StartsWith(
        "Expected 0 < value < 1. (Parameter 'confidence')",
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanIntervalAccumulator(95)).Message);

    // Seeded simulation: nine in ten intervals hold the true mean of 0.5.
    [Fact]
    public void HoldsTheMeanAsOftenAsSaid()
    {
        var random = new Random(20260305);
        var held = 0;
        for (var draw = 0; draw < 4000; draw++)
        {
            var interval = Of(Enumerable.Range(0, 50).Select(_ => random.NextDouble()), 0.9);
            held += Number(interval.Low) <= 0.5 && 0.5 <= Number(interval.High) ? 1 : 0;
        }
        Assert.InRange(held / 4000.0, 0.88, 0.91);
    }

    private static MeanInterval Of(IEnumerable<double> values, double confidence = 0.95)
    {
        var accumulator = new MeanIntervalAccumulator(confidence);
        foreach (var value in values)
            accumulator.Add(value);
        return accumulator.ToInterval();
    }
}
