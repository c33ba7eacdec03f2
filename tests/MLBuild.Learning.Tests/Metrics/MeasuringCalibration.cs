using System.Text.Json;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Reliability curves and calibration errors against published values, and what they say when there is
/// nothing to say.</summary>
public sealed class MeasuringCalibration
{
    // scikit-learn, test_calibration_curve.
    [Fact]
    public void UniformBinsAsPublished()
    {
        var bins = Of(new CalibrationBins.Uniform(2), [0, 0, 0, 1, 1, 1], [0, 0.1, 0.2, 0.8, 0.9, 1]).Bins;
        Assert.Equal([(0, 0.5, 3), (0.5, 1, 3)], bins.Select(bin => (bin.Above, bin.UpTo, bin.Count)));
        Assert.Equal([0, 1], bins.Select(bin => bin.PositiveShare));
        Near.Equal(0.1, bins[0].MeanProbability);
        Near.Equal(0.9, bins[1].MeanProbability);
    }

    // scikit-learn, test_calibration_curve with strategy "quantile".
    [Fact]
    public void QuantileBinsAsPublished()
    {
        var bins = Of(new CalibrationBins.Quantile(2), [0, 0, 0, 0, 1, 1], [0, 0.1, 0.2, 0.5, 0.9, 1]).Bins;
        Assert.Equal([3, 3], bins.Select(bin => bin.Count));
        Assert.Equal([0, 2.0 / 3], bins.Select(bin => bin.PositiveShare));
        Near.Equal(0.1, bins[0].MeanProbability);
        Near.Equal(0.8, bins[1].MeanProbability);
        Near.Equal(0.35, bins[0].UpTo);
    }

    // torchmetrics, documentation of BinaryCalibrationError: 0.2900, 0.2918 and 0.3167.
    [Fact]
    public void ErrorsAsPublished()
    {
        var metrics = Of(new CalibrationBins.Uniform(2), [0, 0, 1, 1, 1], [0.25, 0.25, 0.55, 0.75, 0.75]);
        Near.Equal(0.29, Number(metrics.ExpectedError));
        Assert.Equal(0.2918, Number(metrics.RootMeanSquareError), 5e-5);
        Near.Equal(Math.Sqrt(0.4 * 0.25 * 0.25 + 0.6 * 0.95 * 0.95 / 9), Number(metrics.RootMeanSquareError));
        Near.Equal(0.95 / 3, Number(metrics.MaximumError));
    }

    [Fact]
    public void AProbabilityOnAnEdgeIsInTheLowerBin()
    {
        // Each the double that is written, not a multiple of a rounded tenth: 3 * 0.1 is above 0.3.
        double[] probabilities = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
        var bins = Of(new CalibrationBins.Uniform(10), new double[11], probabilities).Bins;
        Assert.Equal([2, 1, 1, 1, 1, 1, 1, 1, 1, 1], bins.Select(bin => bin.Count));
        Assert.Equal(probabilities[1..], bins.Select(bin => bin.UpTo));
        // The middle one is an edge itself; 0.1 + (0.41 - 0.1) would be below it.
        var halves = Of(new CalibrationBins.Quantile(2), new double[3], [0.1, 0.41, 0.5]).Bins;
        Assert.Equal([2, 1], halves.Select(bin => bin.Count));
    }

    [Fact]
    public void EmptyBinsAreLeftOut() => Assert.Equal(
        [0.1, 1.0], Of(new CalibrationBins.Uniform(10), [0, 1], [0.05, 0.95]).Bins.Select(bin => bin.UpTo));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    public void QuantileBinsHoldAsManyRowsEach(int count)
    {
        var random = new Random(count);
        double[] probabilities = [.. Enumerable.Range(0, 1000).Select(_ => Math.Pow(random.NextDouble(), 4))];
        var bins = Of(new CalibrationBins.Quantile(count), new double[1000], probabilities).Bins;
        Assert.Equal(count, bins.Count);
        Assert.All(bins, bin => Assert.InRange(bin.Count, 1000 / count, 1000 / count + 1));
        Assert.Equal((probabilities.Min(), probabilities.Max()), (bins[0].Above, bins[^1].UpTo));
    }

    [Fact]
    public void EqualProbabilitiesStayTogether()
    {
        double[] probabilities = [.. Enumerable.Repeat(0.2, 90), .. Enumerable.Repeat(0.7, 10)];
        double[] labels = [.. Enumerable.Range(0, 100).Select(row => row % 5 == 0 ? 1.0 : 0)];
        var bins = Of(new CalibrationBins.Quantile(4), labels, probabilities).Bins;
        Assert.Equal([(90L, 0.2), (10, 0.7)], bins.Select(bin => (bin.Count, Math.Round(bin.MeanProbability, 12))));
        Assert.Single(Of(new CalibrationBins.Quantile(5), labels, [.. labels.Select(_ => 0.5)]).Bins);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheOrderOfRowsChangesNothingAndNoErrorExceedsTheLargest(int seed)
    {
        var random = new Random(seed);
        double[] probabilities = [.. Enumerable.Range(0, 500).Select(_ => Math.Round(random.NextDouble(), 2))];
        double[] labels = [.. probabilities.Select(_ => (double)random.Next(2))];
        foreach (var bins in new CalibrationBins[] { new CalibrationBins.Uniform(8), new CalibrationBins.Quantile(8) })
        {
            var metrics = Of(bins, labels, probabilities);
            var backwards = Of(bins, [.. labels.Reverse()], [.. probabilities.Reverse()]);
            Assert.Equal(Number(metrics.ExpectedError), Number(backwards.ExpectedError), 1e-14);
            Assert.Equal(
                metrics.Bins.Select(bin => (bin.Count, bin.PositiveShare)),
                backwards.Bins.Select(bin => (bin.Count, bin.PositiveShare)));
            Assert.Equal(500, metrics.Bins.Sum(bin => bin.Count));
            Assert.InRange(Number(metrics.ExpectedError), 0, Number(metrics.RootMeanSquareError));
            Assert.InRange(Number(metrics.RootMeanSquareError), 0, Number(metrics.MaximumError));
        }
    }

    [Fact]
    public void OneBinComparesTheMeans()
    {
        double[] probabilities = [0.1, 0.2, 0.6, 0.9];
        foreach (var bins in new CalibrationBins[] { new CalibrationBins.Uniform(1), new CalibrationBins.Quantile(1) })
        {
            var metrics = Of(bins, [1, 0, 1, 1], probabilities);
            Near.Equal(0.75 - 0.45, Number(metrics.ExpectedError));
            Near.Equal(0.75 - 0.45, Number(metrics.RootMeanSquareError));
            Near.Equal(0.75 - 0.45, Number(metrics.MaximumError));
        }
    }

    // What the documentation of ExpectedError says of chance.
    [Fact]
    public void APerfectModelHasAnErrorByChance()
    {
        var random = new Random(11);
        var mean = Enumerable.Range(0, 200).Average(_ =>
        {
            double[] probabilities = [.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble())];
            double[] labels = [.. probabilities.Select(probability => random.NextDouble() < probability ? 1.0 : 0)];
            return Number(Of(new CalibrationBins.Uniform(10), labels, probabilities).ExpectedError);
        });
        Assert.InRange(mean, 0.9 * Math.Sqrt(10.0 / 1000) / 3, 1.1 * Math.Sqrt(10.0 / 1000) / 3);
    }

    [Theory]
    [InlineData(0, double.NaN, "1 of 3 rows have a value that is not finite")]
    [InlineData(0.5, 0.5, "1 of 3 rows have a label that is neither 0 nor 1")]
    [InlineData(0, -0.1,
        "1 of 3 rows have a probability outside 0..1")]
    public void OneFaultyRowLeavesNoCurve(double label, double probability, string reason)
    {
        var missing = new MetricValue.Missing(reason);
        foreach (var bins in new CalibrationBins[] { new CalibrationBins.Uniform(5), new CalibrationBins.Quantile(5) })
        {
            var metrics = Of(bins, [0, 1, label], [0.1, 0.9, probability]);
            Assert.Equal(
                (3, 1), (metrics.Count, metrics.NonFiniteCount + metrics.UnknownLabelCount + metrics.OutOfRangeCount));
            Assert.Empty(metrics.Bins);
            Assert.All([metrics.ExpectedError, metrics.RootMeanSquareError, metrics.MaximumError],
                metric => Assert.Equal(missing, metric));
            Assert.Equal(new MetricValue.Missing("there are no rows"), Of(bins, [], []).ExpectedError);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void TheNumberOfBinsIsInItsRange(int count)
    {
        Said(() => new CalibrationBins.Uniform(count));
        Said(() => new CalibrationBins.Quantile(count));

        static void Said(Func<object> call) => Assert.StartsWith(
            "Expected 1 to 10000 bins. (Parameter 'count')",
            Assert.Throws<ArgumentOutOfRangeException>(call).Message);
    }

    [Fact]
    public void RoundTripAsJson()
    {
        var metrics = Of(new CalibrationBins.Uniform(2), [0, 1], [0.25, 0.5]);
        var json = JsonSerializer.Serialize(metrics);
        Assert.Contains(
            """[{"Above":0,"UpTo":0.5,"Count":2,"MeanProbability":0.375,"PositiveShare":0.5}]""", json);
        Assert.Equal(metrics.Bins, JsonSerializer.Deserialize<CalibrationMetrics>(json)!.Bins);
    }

    private static CalibrationMetrics Of(CalibrationBins bins, double[] labels, double[] probabilities)
    {
        var accumulator = new CalibrationAccumulator(bins);
        foreach (var (label, probability) in labels.Zip(probabilities))
            accumulator.Add(label, probability);
        return accumulator.ToMetrics();
    }
}
