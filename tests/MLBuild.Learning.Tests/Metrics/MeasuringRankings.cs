using MLBuild.Learning.Metrics;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>AUC and average precision against published values, their definitions and their laws.</summary>
public sealed class MeasuringRankings
{
    // scikit-learn, documentation of roc_auc_score and average_precision_score.
    [Fact]
    public void AsPublished()
    {
        var metrics = Of([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
        Assert.Equal((4, 0, 0), (metrics.Count, metrics.NonFiniteCount, metrics.UnknownLabelCount));
        Assert.Equal(0.5, Number(metrics.Prevalence));
        Near.Equal(0.75, Number(metrics.RocAuc));
        Near.Equal(0.83333333333333333, Number(metrics.AveragePrecision));
    }

    // As scikit-learn and ML.NET compute it.
    [Fact]
    public void TiesCountHalf() =>
        Near.Equal(0.7777777777777778, Number(Of([0, 1, 1, 0, 0, 1], [0.2, 0.5, 0.5, 0.5, 0.5, 0.9]).RocAuc));

    [Fact]
    public void PerfectWorstAndBlindOrders()
    {
        double[] labels = [1, 1, 1, 0, 0, 0, 0, 1, 1, 1];
        Assert.Equal((1, 1), Areas(labels, [.. labels]));
        Assert.Equal(0, Areas(labels, [.. labels.Select(label => -label)]).RocAuc);
        Assert.Equal((0.5, 0.6), Areas(labels, [.. labels.Select(_ => 7.0)]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AsDefined(int seed)
    {
        var (labels, scores) = Draw(seed);
        var positives = Of(labels, scores, 1);
        var negatives = Of(labels, scores, 0);
        var inOrder = positives.Sum(positive => negatives.Sum(negative =>
            positive > negative ? 1 : positive == negative ? 0.5 : 0));
        // The precision among the rows that score at least as high, averaged over positive rows.
        var precisions = positives.Average(score =>
            positives.Count(other => other >= score) / (double)scores.Count(other => other >= score));
        var (rocAuc, averagePrecision) = Areas(labels, scores);
        Near.Equal(inOrder / (positives.Length * (double)negatives.Length), rocAuc);
        Near.Equal(precisions, averagePrecision);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OppositeScoresHaveTheOtherArea(int seed)
    {
        var (labels, scores) = Draw(seed);
        double[] opposite = [.. scores.Select(score => -score)];
        var rocAuc = Areas(labels, scores).RocAuc;
        Assert.Equal(1 - rocAuc, Areas(labels, opposite).RocAuc, 1e-15);
        // What was positive is negative, and what was high is low.
        Assert.Equal(rocAuc, Areas([.. labels.Select(label => 1 - label)], opposite).RocAuc);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OnlyTheOrderOfScoresCounts(int seed)
    {
        var (labels, scores) = Draw(seed);
        var areas = Areas(labels, scores);
        Assert.Equal(areas, Areas(labels, [.. scores.Select(score => 3 * score - 100)]));
        Assert.Equal(areas, Areas(labels, [.. scores.Select(score => Math.Exp(score / 4))]));
        Assert.Equal(areas, Areas(labels, [.. scores.Select(score => score * 1e300)]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TheOrderOfRowsDoesNot(int seed)
    {
        var (labels, scores) = Draw(seed);
        var areas = Areas(labels, scores);
        Array.Sort(scores, labels);
        Assert.Equal(areas, Areas(labels, scores));
        Assert.Equal(areas, Areas([.. labels.Reverse()], [.. scores.Reverse()]));
    }

    [Fact]
    public void NegativeZeroIsZero() => Assert.Equal((0.5, 0.5), Areas([1, 0, 1, 0], [0.0, -0.0, -0.0, 0.0]));

    [Fact]
    public void MoreRowsMayFollow()
    {
        var accumulator = new RankingAccumulator();
        accumulator.Add(1, 2);
        accumulator.Add(0, 1);
        Assert.Equal(1, Number(accumulator.ToMetrics().RocAuc));
        accumulator.Add(0, 3);
        Assert.Equal(0.5, Number(accumulator.ToMetrics().RocAuc));
    }

    [Theory]
    [InlineData(1, double.NaN)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(0, double.NegativeInfinity)]
    public void OneNonFiniteScoreLeavesNoMetric(double label, double score)
    {
        var missing = new MetricValue.Missing("1 of 3 rows have a value that is not finite");
        Assert.Equal(new(3, 1, 0, missing, missing, missing), Of([1, 0, label], [2, 1, score]));
    }

    [Fact]
    public void ALabelIsZeroOrOne()
    {
        var missing = new MetricValue.Missing(
            "1 of 4 rows have a value that is not finite; 2 of 4 rows have a label that is neither 0 nor 1");
        Assert.Equal(
            new(4, 1, 2, missing, missing, missing), Of([1, -1, 0.5, 0], [2, 1, 1, double.NaN]));
    }

    [Fact]
    public void OneClassHasNoOrder()
    {
        var positive = new MetricValue.Missing("all 2 rows are positive; an order needs both classes");
        Assert.Equal(new(2, 0, 0, MetricValue.Of(1), positive, positive), Of([1, 1], [0.5, 0.9]));
        var negative = new MetricValue.Missing("all 1 rows are negative; an order needs both classes");
        Assert.Equal(new(1, 0, 0, MetricValue.Of(0), negative, negative), Of([0], [0.5]));
        Assert.Equal(new MetricValue.Missing("there are no rows"), Of([], []).RocAuc);
    }

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5];

    // Scores 0 to 24, so that many are equal.
    private static (double[] Labels, double[] Scores) Draw(int seed)
    {
        var random = new Random(seed);
        double[] labels = [1, 0, .. Enumerable.Range(0, 98).Select(_ => (double)random.Next(2))];
        return (labels, [.. labels.Select(label => label * random.Next(5) + random.Next(21))]);
    }

    private static double[] Of(double[] labels, double[] scores, double label) =>
        [.. scores.Where((_, row) => labels[row] == label)];

    private static (double RocAuc, double AveragePrecision) Areas(double[] labels, double[] scores)
    {
        var metrics = Of(labels, scores);
        return (Number(metrics.RocAuc), Number(metrics.AveragePrecision));
    }

    private static RankingMetrics Of(double[] labels, double[] scores)
    {
        var accumulator = new RankingAccumulator();
        foreach (var (label, score) in labels.Zip(scores))
            accumulator.Add(label, score);
        return accumulator.ToMetrics();
    }
}
