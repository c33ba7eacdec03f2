using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>The metrics of each task by their names, as text, page, card and registry show them.</summary>
public sealed class NamingMetrics
{
    private static readonly BootstrapOptions Intervals = new() { Resamples = 999 };

    private static LearningTask YesNo => LearningTask.Binary("no", "yes");

    private static LearningTask Abc => LearningTask.Multiclass("a", "b", "c");

    // The published vectors of ranking and log loss.
    private static readonly (double, double[])[] Published =
        [(0, [0.1]), (0, [0.4]), (1, [0.35]), (1, [0.8])];

    private static TaskMetrics Of(
        LearningTask task, IEnumerable<(double Label, double[] Scores)> rows, MetricDepth depth = MetricDepth.Full)
    {
        var (metrics, loss) = (TaskMetrics.Of(task, depth, intervals: Intervals), RowLoss.Of(task.Kind));
        foreach (var (label, scores) in rows)
            metrics.Add(label, scores, loss.Of(label, scores));
        return metrics;
    }

    [Fact]
    public void OfTwoClassesAsPublished()
    {
        var metrics = Of(YesNo, Published).ToMetrics();
        Assert.Equal(
            ["log-loss", "roc-auc", "average-precision", "calibration-error", "precision", "recall"],
            metrics.Summary.Select(metric => metric.Id));
        Assert.Equal(
            ["f1", "accuracy", "brier", "prevalence", "sure-and-wrong"], metrics.Details.Select(metric => metric.Id));
        Near.Equal(0.47228795380917610713, Number(metrics.Of("log-loss")));
        Assert.Equal(metrics.Loss, metrics.Of("log-loss"));
        Near.Equal(0.75, Number(metrics.Of("roc-auc")));
        // Not the interpolated 0.7917.
        Near.Equal(0.83333333333333333, Number(metrics.Of("average-precision")));
        Near.Equal(0.158125, Number(metrics.Of("brier")));
        Assert.Equal((1, 0.5), (Number(metrics.Of("precision")), Number(metrics.Of("recall"))));
        Assert.Equal(("precision at 0.5", "share of 'yes'"),
            (metrics.Summary[4].Name, metrics.Details[3].Name));
        Assert.Equal([2, 2], metrics.RowsOfClasses);
    }

    [Fact]
    public void OfSeveralClasses()
    {
        var all = Of(Abc, [(0, [0.7, 0.2, 0.1]), (0, [0.2, 0.7, 0.1]), (1, [0.1, 0.8, 0.1]), (2, [0, 0, 1])]);
        var metrics = all.ToMetrics();
        Assert.Equal(
            ["log-loss", "accuracy", "macro-f1", "calibration-error"], metrics.Summary.Select(metric => metric.Id));
        Near.Equal(-(Math.Log(0.7) + Math.Log(0.2) + Math.Log(0.8)) / 4, Number(metrics.Of("log-loss")));
        Assert.Equal(0.75, Number(metrics.Of("accuracy")));
        Near.Equal((2.0 / 3 + 2.0 / 3 + 1) / 3, Number(metrics.Of("macro-f1")));
        Assert.Equal([2, 1, 1], metrics.RowsOfClasses);
        var classes = all.Classes()!;
        Assert.Equal([[1, 1, 0], [0, 1, 0], [0, 0, 1]], classes.Confusion.Counts);
        Assert.Equal(
            [("a", 2, 1.0, 0.5), ("b", 1, 0.5, 1), ("c", 1, 1, 1)],
            classes.Classes.Select(one => (
                one.Class, one.Rows, Number(one.Metrics[0].Value), Number(one.Metrics[1].Value))));
    }

    // Leaving the row out would give a perfect order.
    [Theory]
    [InlineData(1, double.NaN, "1 of 5 rows have a value that is not finite")]
    [InlineData(1, 1.5, "1 of 5 rows have a probability outside 0..1")]
    [InlineData(2, 0.5, "1 of 5 rows have a label that is neither 0 nor 1")]
    public void OneFaultyRowLeavesNoMetricOfTwoClasses(double label, double score, string why)
    {
        var all = Of(YesNo, [.. Published, (label, [score])]);
        var metrics = all.ToMetrics();
        Assert.Equal((5, 1), (metrics.Count, metrics.FaultyCount));
        Assert.All(
            metrics.All.Select(metric => metric.Value).Prepend(metrics.Loss),
            value => Assert.Equal(new MetricValue.Missing(why), value));
        Assert.All(metrics.Summary, metric => Assert.Null(metric.Interval));
        Assert.Null(all.Classes());
    }

    [Theory]
    [InlineData(1, new[] { 0.2, double.NaN, 0.4 }, "1 of 2 rows have a value that is not finite")]
    [InlineData(1, new[] { 0.2, 0.2, 0.2 }, "1 of 2 rows have probabilities outside 0..1 or of a sum that is not 1")]
    [InlineData(3, new[] { 0.2, 0.4, 0.4 }, "1 of 2 rows have no class; it knows 'a', 'b', 'c'")]
    public void OneFaultyRowLeavesNoMetricOfSeveral(double label, double[] scores, string why)
    {
        var all = Of(Abc, [(0, [0.7, 0.2, 0.1]), (label, scores)]);
        Assert.All(
            all.ToMetrics().Summary.Select(metric => metric.Value), value =>
                Assert.Equal(new MetricValue.Missing(why), value));
        Assert.Null(all.Classes());
    }

    [Fact]
    public void RowsOfOneClassHaveNoOrderAndAreCounted()
    {
        var metrics = Of(YesNo, [(0, [0.1]), (0, [0.4])]).ToMetrics();
        Assert.Equal(
            new MetricValue.Missing("all 2 rows are negative; an order needs both classes"), metrics.Of("roc-auc"));
        Assert.Equal(new MetricValue.Missing("no row is positive"), metrics.Of("recall"));
        Assert.IsType<MetricValue.Value>(metrics.Of("log-loss"));
        Assert.Equal([2, 0], metrics.RowsOfClasses);
    }

    [Fact]
    public void SureAndWrongRowsAreCounted()
    {
        var metrics = Of(YesNo, [.. Published, (1, [0])]).ToMetrics();
        Assert.Equal(1, Number(metrics.Of("sure-and-wrong")));
        Assert.Equal(0, Number(Of(YesNo, Published).ToMetrics().Of("sure-and-wrong")));
    }

    [Fact]
    public void WhereScoresAreNotKeptTheRestIsTheSame()
    {
        var rows = Enumerable.Range(0, 100).Select(i => ((double)(i % 3 / 2), new[] { i % 50 / 50.0 })).ToArray();
        var (full, streamed) = (Of(YesNo, rows), Of(YesNo, rows, MetricDepth.Streamed));
        Assert.Equal(["log-loss", "precision", "recall"], streamed.ToMetrics().Summary.Select(metric => metric.Id));
        Assert.All(streamed.ToMetrics().Summary, metric =>
            Assert.Equal(metric, full.ToMetrics().Summary.Single(other => other.Id == metric.Id)));
        Assert.Empty(streamed.Classes()!.Reliability);
        Assert.Equal(
            full.ToMetrics().Loss, Of(YesNo, rows, MetricDepth.Loss).ToMetrics().Loss);
    }

    [Fact]
    public void TheLossAloneIsThatOfAllTasks()
    {
        var only = Of(YesNo, [.. Published, (1, [double.NaN])], MetricDepth.Loss).ToMetrics();
        Assert.Equal(new MetricValue.Missing("1 of 5 rows have no finite loss"), only.Loss);
        Assert.Equal(("log-loss", only.Loss), (only.Headline.Id, only.Headline.Value));
        Assert.Equal(
            new MetricValue.Missing("there are no rows"), Of(Abc, [], MetricDepth.Loss).ToMetrics().Loss);
    }

    [Fact]
    public void AMetricThatIsNoneIsNamed() => Assert.StartsWith(
        "There is no metric 'rmse'. There are log-loss, roc-auc, ",
        Assert.Throws<ArgumentException>(() => Of(YesNo, Published).ToMetrics().Of("rmse")).Message);
}
