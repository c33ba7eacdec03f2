using MLBuild.Learning.Metrics;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Bootstrap intervals against an independent computation, theory and simulation.</summary>
public sealed class Bootstrapping
{
    private static readonly BootstrapOptions Options = new() { Seed = 7 };

    // The same resamples drawn by a program of a few lines in another language, from the published generator.
    [Fact]
    public void RowsAsComputedIndependently()
    {
        var values = Values(40);
        Assert.Equal(
            new(40, 1999, 0.95, MetricValue.Of(8.075), MetricValue.Of(6.4), MetricValue.Of(9.875)),
            Bootstrap.Interval(ResamplingUnits.Rows(40), Mean(values), Options));
    }

    [Fact]
    public void ClustersAsComputedIndependently() => Assert.Equal(
        new(
            31, 1999, 0.95,
            MetricValue.Of(8.129032258064516), MetricValue.Of(7.064516129032258), MetricValue.Of(9.274193548387096)),
        Bootstrap.Interval(
            ResamplingUnits.Clusters([.. Enumerable.Range(0, 62).Select(row => row % 31)]), Mean(Values(62)), Options));

    [Fact]
    public void ThreadsChangeNothingAndSeedsDo()
    {
        var units = ResamplingUnits.Rows(200);
        var (labels, scores) = Draw(200, seed: 1);
        var one = Bootstrap.Interval(units, RocAuc(labels, scores), Options);
        foreach (var threads in new[] { 2, 7 })
            Assert.Equal(one, Bootstrap.Interval(units, RocAuc(labels, scores), Options with { Threads = threads }));
        Assert.NotEqual(one, Bootstrap.Interval(units, RocAuc(labels, scores), Options with { Seed = 8 }));
    }

    // The spread of a resampled mean is known: √(Σ(x − mean)² / n) / √n.
    [Fact]
    public void TheIntervalOfAMeanIsTheNormalOne()
    {
        var random = new Random(2);
        double[] values = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        var mean = values.Average();
        var reach = 1.959963984540054 * Math.Sqrt(values.Sum(x => (x - mean) * (x - mean)) / 400 / 400);
        var interval = Bootstrap.Interval(
            ResamplingUnits.Rows(400), Mean(values), Options with { Resamples = 19_999 });
        Near.Equal(mean, Number(interval.Estimate));
        Assert.InRange((mean - Number(interval.Low)) / reach, 0.95, 1.05);
        Assert.InRange((Number(interval.High) - mean) / reach, 0.95, 1.05);
    }

    [Fact]
    public void ClustersOfOneRowAreRows() => Assert.Equal(
        Bootstrap.Interval(ResamplingUnits.Rows(40), Mean(Values(40)), Options),
        Bootstrap.Interval(
            ResamplingUnits.Clusters([.. Enumerable.Range(0, 40).Select(row => $"row {row}")]),
            Mean(Values(40)), Options));

    [Fact]
    public void AResampleHoldsWholeClusters()
    {
        int[] keys = [.. Enumerable.Range(0, 96).Select(row => row / 3)];
        Bootstrap.Interval(ResamplingUnits.Clusters(keys), Check, Options);

        MetricValue Check(ReadOnlySpan<int> rows)
        {
            Assert.Equal(96, rows.Length);
            for (var i = 0; i < rows.Length; i += 3)
                Assert.True(rows[i] % 3 == 0 && rows[i + 1] == rows[i] + 1 && rows[i + 2] == rows[i] + 2);
            return MetricValue.Of(0);
        }
    }

    // Seeded simulation: 40 days of 10 trips, each trip as late as its day. Drawn by rows, the interval promises too
    // much; drawn by days it holds the true mean in about nine of ten cases.
    [Fact]
    public void DependentRowsNeedClusters()
    {
        var random = new Random(4);
        var (heldByRows, heldByDays) = (0, 0);
        int[] days = [.. Enumerable.Range(0, 400).Select(row => row / 10)];
        var options = new BootstrapOptions { Resamples = 199, Confidence = 0.9 };
        for (var draw = 0; draw < 300; draw++)
        {
            var late = Enumerable.Range(0, 40).Select(_ => random.NextDouble()).ToArray();
            var mean = Mean([.. days.Select(day => late[day])]);
            heldByRows += Holds(Bootstrap.Interval(ResamplingUnits.Rows(400), mean, options), 0.5) ? 1 : 0;
            heldByDays += Holds(Bootstrap.Interval(ResamplingUnits.Clusters(days), mean, options), 0.5) ? 1 : 0;
        }
        Assert.InRange(heldByRows / 300.0, 0, 0.6);
        Assert.InRange(heldByDays / 300.0, 0.84, 0.95);
    }

    [Fact]
    public void FewUnitsHaveNoInterval()
    {
        var few = new MetricValue.Missing("29 rows are too few for an interval, which needs 30");
        Assert.Equal(
            new(29, 1999, 0.95, MetricValue.Of(1), few, few),
            Bootstrap.Interval(ResamplingUnits.Rows(29), _ => MetricValue.Of(1), Options));
        Assert.Equal(
            new MetricValue.Missing("2 clusters are too few for an interval, which needs 30"),
            Bootstrap.Interval(
                ResamplingUnits.Clusters([.. Enumerable.Range(0, 99).Select(row => row % 2)]),
                _ => MetricValue.Of(1), Options).High);
        Assert.Equal(
            new MetricValue.Missing("there are no rows"),
            Bootstrap.Interval(ResamplingUnits.Rows(0), _ => MetricValue.Of(1), Options).Estimate);
    }

    [Fact]
    public void AMetricThatIsMissingHasNoInterval()
    {
        var why = new MetricValue.Missing("all 40 rows are positive; an order needs both classes");
        double[] ones = [.. Enumerable.Repeat(1.0, 40)];
        Assert.Equal(
            new(40, 1999, 0.95, why, why, why),
            Bootstrap.Interval(ResamplingUnits.Rows(40), RocAuc(ones, ones), Options));
    }

    // With one positive of 40 rows, (39/40)^40 = 36 % of all resamples have none.
    [Fact]
    public void ResamplesWithoutAValueLeaveNoInterval()
    {
        double[] labels = [1, .. new double[39]];
        var interval = Bootstrap.Interval(ResamplingUnits.Rows(40), RocAuc(labels, labels), Options);
        Assert.Equal(1, Number(interval.Estimate));
        var reason = Assert.IsType<MetricValue.Missing>(interval.Low).Reason;
        Assert.Matches(
            "^7[0-9][0-9] of 1999 resamples have no value: "
                + "all 40 rows are negative; an order needs both classes$",
            reason);
        Assert.Equal(interval.Low, interval.High);
    }

    [Fact]
    public void AModelIsExactlyAsGoodAsItself()
    {
        var (labels, scores) = Draw(100, seed: 3);
        var difference = Bootstrap.Difference(
            ResamplingUnits.Rows(100), RocAuc(labels, scores), RocAuc(labels, scores), Options);
        Assert.Equal(
            new(new(100, 1999, 0.95, MetricValue.Of(0), MetricValue.Of(0), MetricValue.Of(0)), MetricValue.Of(1)),
            difference);
    }

    [Fact]
    public void ModelsChangePlacesAndTheDifferenceItsSign()
    {
        var (labels, first) = Draw(100, seed: 3);
        var (_, second) = Draw(100, seed: 4);
        var units = ResamplingUnits.Rows(100);
        var difference = Bootstrap.Difference(units, RocAuc(labels, first), RocAuc(labels, second), Options);
        var mirrored = Bootstrap.Difference(units, RocAuc(labels, second), RocAuc(labels, first), Options);
        Assert.Equal(difference.PValue, mirrored.PValue);
        Assert.Equal(Number(difference.Interval.Low), -Number(mirrored.Interval.High));
        Assert.Equal(Number(difference.Interval.High), -Number(mirrored.Interval.Low));
        // What the difference is of, measured alone.
        Near.Equal(
            Number(RocAuc(labels, first)(All(100))) - Number(RocAuc(labels, second)(All(100))),
            Number(difference.Interval.Estimate));
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.95)]
    public void ThePIsSmallExactlyWhereTheIntervalLeavesZeroOut(double confidence)
    {
        var outside = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            double[] gains = [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble() - 0.42)];
            var difference = Bootstrap.Difference(
                ResamplingUnits.Rows(50), Mean(gains), Mean(new double[50]),
                new() { Resamples = 399, Confidence = confidence });
            var leavesOut = !Holds(difference.Interval, 0);
            Assert.Equal(leavesOut, Number(difference.PValue) <= 1 - confidence + 1e-12);
            outside += leavesOut ? 1 : 0;
        }
        Assert.InRange(outside, 10, 50);
    }

    // What both models find hard cancels out, so the paired interval is far narrower than either model's.
    [Fact]
    public void PairsAreDrawnTogether()
    {
        double[] hard = [.. Values(60).Select(value => value * 10.0)];
        double[] harder = [.. hard.Select(value => value + 1)];
        var units = ResamplingUnits.Rows(60);
        var difference = Bootstrap.Difference(units, Mean(harder), Mean(hard), Options).Interval;
        Assert.Equal(1, Number(difference.Low), 1e-9);
        Assert.Equal(1, Number(difference.High), 1e-9);
        var alone = Bootstrap.Interval(units, Mean(hard), Options);
        Assert.True(Number(alone.High) - Number(alone.Low) > 10);
    }

    [Fact]
    public void ADifferenceNamesWhoHasNoMetric()
    {
        RowMetric none = _ => new MetricValue.Missing("no scores");
        RowMetric one = _ => MetricValue.Of(1);
        var units = ResamplingUnits.Rows(40);
        Assert.Equal(
            new MetricValue.Missing("of the challenger, no scores"),
            Bootstrap.Difference(units, none, one, Options).Interval.Estimate);
        var ofChampion = Bootstrap.Difference(units, one, none, Options);
        Assert.Equal(new MetricValue.Missing("of the champion, no scores"), ofChampion.PValue);
        Assert.Equal(ofChampion.PValue, ofChampion.Interval.Low);
    }

    [Fact]
    public void OptionsOutOfRangeAreNamedTogether()
    {
        Assert.Equal(
            string.Join(
                Environment.NewLine,
                "Confidence is 95; expected a number in 0.5..0.999.",
                "Resamples is 10; expected a number in 99..1000000.",
                "Threads is 0; expected a number in 1..1024."),
            Said(new() { Confidence = 95, Resamples = 10, Threads = 0 }));
        Assert.Equal(
            "Resamples is 199, which leaves 5 beyond each end of the interval; expected at least 10. "
                + "Draw 400 or lower Confidence.",
            Said(new() { Resamples = 199 }));
        Assert.StartsWith("Confidence is NaN;", Said(new() { Confidence = double.NaN }));

        static string Said(BootstrapOptions options) => Assert.Throws<ArgumentException>(() =>
            Bootstrap.Interval(ResamplingUnits.Rows(40), _ => MetricValue.Of(1), options)).Message;
    }

    private static bool Holds(BootstrapInterval interval, double value) =>
        Number(interval.Low) <= value && value <= Number(interval.High);

    private static double[] Values(int count) =>
        [.. Enumerable.Range(0, count).Select(row => (double)(row * row % 23))];

    private static int[] All(int count) => [.. Enumerable.Range(0, count)];

    private static (double[] Labels, double[] Scores) Draw(int rows, int seed)
    {
        var random = new Random(seed);
        double[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 2 * 1.0)];
        return (labels, [.. labels.Select(label => label * 0.3 + random.NextDouble())]);
    }

    private static RowMetric Mean(double[] values) => rows =>
    {
        var sum = 0.0;
        foreach (var row in rows)
            sum += values[row];
        return MetricValue.Of(sum / rows.Length);
    };

    private static RowMetric RocAuc(double[] labels, double[] scores) => rows =>
    {
        var accumulator = new RankingAccumulator();
        foreach (var row in rows)
            accumulator.Add(labels[row], scores[row]);
        return accumulator.ToMetrics().RocAuc;
    };
}
