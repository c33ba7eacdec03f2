using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Tests.Gates;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>How sure the metrics of classes are.</summary>
public sealed class IntervalsOfClasses
{
    private const int Draws = 150;

    private static LearningTask YesNo => LearningTask.Binary("no", "yes");

    private static LearningTask Abc => LearningTask.Multiclass("a", "b", "c");

    private static NamedMetric Of(LearningTask task, IEnumerable<(double Label, double[] Scores)> rows, string id)
    {
        var (all, loss) = (
            TaskMetrics.Of(task, MetricDepth.Full, intervals: new() { Resamples = 399 }), RowLoss.Of(task.Kind));
        foreach (var (label, scores) in rows)
            all.Add(label, scores, loss.Of(label, scores));
        var metrics = all.ToMetrics();
        return metrics.All.Single(metric => metric.Id == id);
    }

    // Scores are uniform, and the event happens as often as they say.
    private static IEnumerable<(double, double[])> Binary(int rows, ulong seed)
    {
        var draws = new SeededDraws(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var probability = draws.Uniform();
            return (draws.Uniform() < probability ? 1.0 : 0, new[] { probability });
        })];
    }

    // The most probable of three classes is right in 7 of 10.
    private static IEnumerable<(double, double[])> Multiclass(int rows, ulong seed)
    {
        var draws = new SeededDraws(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            var most = (int)(draws.Uniform() * 3);
            double[] scores = [0.15, 0.15, 0.15];
            scores[most] = 0.7;
            var draw = draws.Uniform();
            return (draw < 0.7 ? most : draw < 0.85 ? (most + 1) % 3 : (double)((most + 2) % 3), scores);
        })];
    }

    // Scores have the density 2 s where it happens and 2 (1 - s) where it does not: a pair is in order in 5 of 6.
    [Theory]
    [InlineData("roc-auc", 5.0 / 6)]
    [InlineData("precision", 0.75)]
    [InlineData("recall", 0.75)]
    [InlineData("f1", 0.75)]
    [InlineData("accuracy", 0.75)]
    [InlineData("prevalence", 0.5)]
    [InlineData("log-loss", 0.5)]
    [InlineData("brier", 1.0 / 6)]
    public void IntervalsOfTwoClassesHoldTheTruthAsOftenAsTheySay(string id, double truth) =>
        Assert.InRange(Held(400, id, YesNo, Binary, truth), 0.9, 0.995);

    // The precision above a score s is (1 + s) / 2 and the recall 1 - s²: its mean over recalls is
    // ∫ (1 + s) / 2 · 2 s ds = 5/6.
    [Fact]
    public void IntervalOfTheAveragePrecisionHoldsTheTruthAsOftenAsItSays() =>
        Assert.InRange(Held(400, "average-precision", YesNo, Binary, 5.0 / 6), 0.88, 1);

    [Theory]
    [InlineData("accuracy", 0.7)]
    [InlineData("macro-f1", 0.7)]
    [InlineData("log-loss", 0.8188)] // 0.7 · ln(1/0.7) + 0.3 · ln(1/0.15)
    public void IntervalsOfSeveralClassesHoldTheTruthAsOftenAsTheySay(string id, double truth) =>
        Assert.InRange(Held(400, id, Abc, Multiclass, truth), 0.9, 0.995);

    // y = x + e of variances 1 and 1: half of the variance is told.
    [Fact]
    public void IntervalOfR2HoldsTheTruthAsOftenAsItSays()
    {
        var held = Held(300, "r2", LearningTask.Regression, (rows, seed) =>
        {
            var draws = new SeededDraws(seed);
            return [.. Enumerable.Range(0, rows).Select(_ =>
            {
                var x = draws.Normal();
                return (1_000 + x + draws.Normal(), new[] { 1_000 + x });
            })];
        }, truth: 0.5);
        Assert.InRange(held, 0.9, 0.99);
    }

    [Fact]
    public void AreaByRanksAsTheTextbookCountsPairs()
    {
        var rows = Binary(200, seed: 3).ToArray();
        var (positive, negative) = (
            rows.Where(row => row.Item1 == 1).Select(row => row.Item2[0]).ToArray(),
            rows.Where(row => row.Item1 == 0).Select(row => row.Item2[0]).ToArray());
        double[] above = [.. positive.Select(p => negative.Average(n => n < p ? 1.0 : n == p ? 0.5 : 0))];
        double[] below = [.. negative.Select(n => positive.Average(p => n < p ? 1.0 : n == p ? 0.5 : 0))];
        var auc = above.Average();
        var error = Math.Sqrt((Variance(above) / above.Length) + (Variance(below) / below.Length))
            / (auc * (1 - auc));
        var metric = Of(YesNo, rows, "roc-auc");
        Assert.Equal(IntervalMethod.DeLong, metric.Interval!.Method);
        Near.Equal(auc, Number(metric.Value));
        Near.Equal(
            1 / (1 + Math.Exp(-Math.Log(auc / (1 - auc)) + (1.959963984540054 * error))),
            Number(metric.Interval.Low), 1e-9);

        static double Variance(double[] values) =>
            values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);
    }

    [Fact]
    public void FewRowsOfOneClassHaveNoIntervalOfAnOrder()
    {
        // However many there are of the other: how such rows vary is not known.
        var rows = Enumerable.Range(0, 1_000).Select(i => (i is 300 or 700 ? 1.0 : 0, new[] { i / 1_000.0 })).ToArray();
        foreach (var id in new[] { "roc-auc", "average-precision" })
            Assert.Equal(
                "2 rows of the rarer class are too few for an interval, which needs 30",
                Assert.IsType<MetricValue.Missing>(Of(YesNo, rows, id).Interval!.Low).Reason);
    }

    [Fact]
    public void APerfectOrderHasNoIntervalThatSaysItIsCertain()
    {
        var rows = Enumerable.Range(0, 100).Select(i => (i < 50 ? 0.0 : 1, new[] { i / 100.0 })).ToArray();
        Assert.Equal(1, Number(Of(YesNo, rows, "roc-auc").Value));
        Assert.IsType<MetricValue.Missing>(Of(YesNo, rows, "roc-auc").Interval!.Low);
        // Of shares it says how many rows there were.
        Assert.InRange(Number(Of(YesNo, rows, "recall").Interval!.Low), 0.9, 0.95);
        Assert.InRange(Number(Of(YesNo, rows, "f1").Interval!.Low), 0.9, 0.97);
    }

    [Fact]
    public void CalibrationErrorOfAModelThatIsTooSureIsOutsideThatOfOneThatIsNot()
    {
        var calibrated = Of(YesNo, Binary(5_000, seed: 1), "calibration-error");
        var tooSure = Of(
            YesNo, Binary(5_000, seed: 1).Select(row => (row.Item1, new[] { row.Item2[0] < 0.5 ? 0.05 : 0.95 })),
            "calibration-error");
        Assert.InRange(Number(calibrated.Value), 0, 0.03);
        Assert.InRange(Number(tooSure.Interval!.Low), 0.17, 0.2);
        Assert.True(Number(calibrated.Interval!.High) < Number(tooSure.Interval.Low));
    }

    [Fact]
    public void CurvesOfManyRowsAreThinAndEndWhereAllRowsDo()
    {
        var ranking = new RankingAccumulator();
        foreach (var (label, scores) in Binary(20_000, seed: 2))
            ranking.Add(label, scores[0]);
        var points = ranking.Curve(200);
        Assert.InRange(points.Count, 90, 200);
        Assert.Equal(20_000, points[^1].TruePositives + points[^1].FalsePositives);
        Assert.Equal(points, points.OrderByDescending(point => point.Score));
        // As area, with the corner before the first point: the thinned curve is the whole one's.
        var area = points.Prepend(new(1, 0, 0)).Zip(points, (from, to) =>
            (to.FalsePositives - from.FalsePositives) * (double)(to.TruePositives + from.TruePositives) / 2).Sum();
        Assert.Equal(
            Number(ranking.ToMetrics().RocAuc),
            area / ((double)points[^1].TruePositives * points[^1].FalsePositives), 1e-3);
    }

    private static double Held(
        int rows, string id, LearningTask task, Func<int, ulong, IEnumerable<(double, double[])>> draw, double truth) =>
        Enumerable.Range(0, Draws).Count(i =>
        {
            var interval = Of(task, draw(rows, (ulong)(i + 1) * 7919), id).Interval!;
            return Number(interval.Low) <= truth && truth <= Number(interval.High);
        }) / (double)Draws;
}
