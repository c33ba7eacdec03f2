using System.Text.Json;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Metrics of predicted probabilities against published values, and what they say when there is nothing to
/// say.</summary>
public sealed class MeasuringProbabilities
{
    private static readonly (double, double)[] Published = [(0, 0.1), (0, 0.4), (1, 0.35), (1, 0.8)];

    // The rows of scikit-learn's documentation of roc_auc_score; the loss in 20 digits from mpmath.
    [Fact]
    public void AsPublished()
    {
        var metrics = Of(Published);
        Assert.Equal(4, metrics.Count);
        Near.Equal(0.5, Number(metrics.Prevalence));
        Near.Equal(0.75, Number(metrics.RocAuc));
        Near.Equal(0.83333333333333333, Number(metrics.AveragePrecision));
        Near.Equal(0.47228795380917610713, Number(metrics.LogLoss));
        // What ML.NET prints.
        Assert.Equal(0.6813675, Number(metrics.LogLoss) / Math.Log(2), 5e-8);
        Near.Equal(0.158125, Number(metrics.Brier));
    }

    // scikit-learn, documentation of log_loss (spam is 1) and of brier_score_loss.
    [Fact]
    public void LossesAsPublished()
    {
        Near.Equal(0.2161618746805791539, Number(Of((1, 0.9), (0, 0.1), (0, 0.2), (1, 0.65)).LogLoss));
        Near.Equal(0.0375, Number(Of((0, 0.1), (1, 0.9), (1, 0.8), (0, 0.3)).Brier));
    }

    // scikit-learn, documentation of confusion_matrix for two classes: tn 0, fp 2, fn 1, tp 1.
    [Fact]
    public void CountsAsPublished()
    {
        var metrics = Of((0, 1), (1, 1), (0, 1), (1, 0)).AtThreshold;
        Assert.Equal(
            new(
                0.5, MetricValue.Of(1), MetricValue.Of(2), MetricValue.Of(0), MetricValue.Of(1),
                Accuracy: MetricValue.Of(0.25), Precision: MetricValue.Of(1.0 / 3), Recall: MetricValue.Of(0.5),
                F1: MetricValue.Of(0.4)),
            metrics);
    }

    [Fact]
    public void ARowAtTheThresholdIsCalledPositive()
    {
        Assert.Equal(1, Number(Of(0.8, (1, 0.8)).AtThreshold.TruePositives));
        Assert.Equal(1, Number(Of(0.8, (1, Math.BitDecrement(0.8))).AtThreshold.FalseNegatives));
        Assert.Equal(0.8, Of(0.8, (1, 0.8)).AtThreshold.Threshold);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void AThresholdIsAProbability(double threshold) => Assert.StartsWith(
        "A threshold is a probability; expected 0 <= value <= 1. (Parameter 'threshold')",
        Assert.Throws<ArgumentOutOfRangeException>(() => new BinaryAccumulator(threshold)).Message);

    [Fact]
    public void BeingSureAndWrongLosesWhatSinglePrecisionCanTellAndIsCounted()
    {
        foreach (var wrong in new[] { (1.0, 0.0), (0.0, 1.0) })
        {
            var metrics = Of([.. Published, wrong]);
            Near.Equal(((4 * 0.47228795380917610713) + (24 * Math.Log(2))) / 5, Number(metrics.LogLoss));
            Assert.Equal(1, metrics.ClippedCount);
            Near.Equal((4 * 0.158125 + 1) / 5, Number(metrics.Brier));
            Assert.IsType<MetricValue.Value>(metrics.RocAuc);
        }
    }

    [Fact]
    public void BeingSureAndRightIsNoLoss()
    {
        var metrics = Of((1, 1), (0, 0));
        Assert.Equal((0, 0, 1), (Number(metrics.LogLoss), Number(metrics.Brier), Number(metrics.RocAuc)));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-17)]
    [InlineData(1e-9)]
    [InlineData(1e-7)]
    public void ASmallLossIsNotRoundedAway(double probability)
    {
        // -ln(1 - p) = p + p²/2 + …
        Near.Equal(probability * (1 + probability / 2), Number(Of((0, probability)).LogLoss));
        Near.Equal(
            Math.Min(-Math.Log(probability), 24 * Math.Log(2)), Number(Of((1, probability)).LogLoss));
    }

    [Theory]
    [InlineData(1, double.NaN)]
    [InlineData(double.NaN, 0.5)]
    [InlineData(0, double.PositiveInfinity)]
    public void OneNonFiniteProbabilityLeavesNoMetric(double label, double probability) => AllMissing(
        Of([.. Published, (label, probability)]),
        new(5, 1, 0, 0),
        "1 of 5 rows have a value that is not finite");

    [Theory]
    [InlineData(1.0000001)]
    [InlineData(-1e-300)]
    [InlineData(80)]
    public void AProbabilityOutsideItsRangeIsNotClipped(double probability) => AllMissing(
        Of([.. Published, (1, probability)]),
        new(5, 0, 0, 1),
        "1 of 5 rows have a probability outside 0..1");

    [Fact]
    public void AllFaultsAreReportedTogetherAndEachRowOnce() => AllMissing(
        Of((1, 0.5), (double.NaN, 7), (2, 7), (0, 7)),
        new(4, 1, 1, 1),
        "1 of 4 rows have a value that is not finite; 1 of 4 rows have a label that is neither 0 nor 1; "
            + "1 of 4 rows have a probability outside 0..1");

    [Fact]
    public void NoRowsLeaveNoMetric() => AllMissing(Of(), new(0, 0, 0, 0), "there are no rows");

    [Fact]
    public void AShareOfNothingIsMissing()
    {
        var noPositives = Of((0, 0.1), (0, 0.2)).AtThreshold;
        Assert.Equal(new MetricValue.Missing("no row has a probability of 0.5 or more"), noPositives.Precision);
        Assert.Equal(new MetricValue.Missing("no row is positive"), noPositives.Recall);
        Assert.Equal(
            new MetricValue.Missing("no row is positive, and none has a probability of 0.5 or more"), noPositives.F1);
        Assert.Equal(1, Number(noPositives.Accuracy));
        // Only wrong calls are a measured 0.
        Assert.Equal(0, Number(Of((1, 0.1), (0, 0.9)).AtThreshold.F1));
    }

    [Fact]
    public void MillionsOfEqualLossesDoNotDrift()
    {
        var accumulator = new BinaryAccumulator();
        for (var row = 0; row < 3_000_000; row++)
            accumulator.Add(row % 3 == 0 ? 1 : 0, row % 3 == 0 ? 0.9 : 0.1);
        var metrics = accumulator.ToMetrics();
        Assert.Equal(-Math.Log(0.9), Number(metrics.LogLoss), 1e-12);
        Assert.Equal(0.01, Number(metrics.Brier), 1e-12);
        Assert.Equal(1, Number(metrics.RocAuc));
    }

    // The lower the better, and nothing is better than the truth: both losses are proper.
    [Fact]
    public void TheTrueProbabilityHasTheLeastLoss()
    {
        var truth = WithThirty(0.3);
        foreach (var other in new[] { 0.05, 0.29, 0.31, 0.9 })
        {
            Assert.True(Number(WithThirty(other).LogLoss) > Number(truth.LogLoss));
            Assert.True(Number(WithThirty(other).Brier) > Number(truth.Brier));
        }

        static BinaryMetrics WithThirty(double probability) =>
            Of([.. Enumerable.Range(0, 100).Select(row => (row < 30 ? 1.0 : 0, probability))]);
    }

    [Fact]
    public void RoundTripAsJson()
    {
        foreach (var metrics in new[] { Of(Published), Of((1, 0)), Of() })
        {
            var json = JsonSerializer.Serialize(metrics);
            Assert.Equal(metrics, JsonSerializer.Deserialize<BinaryMetrics>(json));
        }
    }

    private static void AllMissing(BinaryMetrics metrics, FaultCounts counts, string reason)
    {
        var missing = new MetricValue.Missing(reason);
        Assert.Equal(
            new(
                counts.All, counts.NonFinite, counts.UnknownLabel, counts.OutOfRange, 0,
                missing, missing, missing, missing, missing,
                new(0.5, missing, missing, missing, missing, missing, missing, missing, missing)),
            metrics);
    }

    private static BinaryMetrics Of(params (double Label, double Probability)[] rows) => Of(0.5, rows);

    private static BinaryMetrics Of(double threshold, params (double Label, double Probability)[] rows)
    {
        var accumulator = new BinaryAccumulator(threshold);
        foreach (var (label, probability) in rows)
            accumulator.Add(label, probability);
        return accumulator.ToMetrics();
    }

    private sealed record FaultCounts(long All, long NonFinite, long UnknownLabel, long OutOfRange);
}
