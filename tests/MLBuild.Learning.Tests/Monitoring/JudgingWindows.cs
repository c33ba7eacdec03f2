using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Tests.Monitoring;

/// <summary>What a window says in one word, and what its business metrics and its data say.</summary>
public sealed class JudgingWindows
{
    private static readonly MeanAndEnds One = new(MetricValue.Of(1), MetricValue.Of(0.9), MetricValue.Of(1.1));

    [Theory]
    [InlineData(DriftVerdict.None, PerformanceVerdict.Fine, false, WindowVerdict.Fine)]
    [InlineData(DriftVerdict.None, PerformanceVerdict.NotAsked, false, WindowVerdict.Fine)]
    [InlineData(DriftVerdict.None, PerformanceVerdict.NotEnoughData, false, WindowVerdict.NotEnoughData)]
    [InlineData(DriftVerdict.NotEnoughData, PerformanceVerdict.Fine, false, WindowVerdict.NotEnoughData)]
    [InlineData(DriftVerdict.Drift, PerformanceVerdict.NotEnoughData, false, WindowVerdict.Drift)]
    [InlineData(DriftVerdict.Drift, PerformanceVerdict.Degraded, false, WindowVerdict.Degraded)]
    [InlineData(DriftVerdict.NotEnoughData, PerformanceVerdict.Degraded, false, WindowVerdict.Degraded)]
    [InlineData(DriftVerdict.Drift, PerformanceVerdict.Degraded, true, WindowVerdict.BadData)]
    [InlineData(DriftVerdict.NotEnoughData, PerformanceVerdict.NotEnoughData, true, WindowVerdict.BadData)]
    public void BadDataExplainsWorsePredictionsAndTheseExplainDrift(
        DriftVerdict drift, PerformanceVerdict performance, bool isBad, WindowVerdict expected)
    {
        var report = WindowReport.Of(
            new("2020-04", null, null), 1, 500,
            new(500, 0, [], isBad ? ["no distance: 400 rows"] : []),
            new(new(), [Feature(drift)]),
            new("mean absolute error", 500, 500, performance, One, One, One, 100), []);
        Assert.Equal(expected, report.Verdict);
        Assert.Equal(drift == DriftVerdict.Drift, report.Raised.Contains(WindowVerdict.Drift));
        Assert.Equal(
            performance == PerformanceVerdict.Degraded, report.Raised.Contains(WindowVerdict.Degraded));
        Assert.Equal(expected == WindowVerdict.Fine, report.Findings.Count == 0);
    }

    [Fact]
    public void AMetricBeyondItsLimitIsSaidWithIt()
    {
        var metric = new BusinessMetric<string>("share within 10 %", "", (_, _) => 1) { Min = 0.5 };
        var sure = Metric(metric, Share(300, 1_000));
        Assert.Equal(MetricVerdict.Beyond, sure.Verdict);
        Assert.Equal(
            "share within 10 %: 0.3, beyond its limit, at least 0.5; on held-out rows 0.6.", sure.Sentence());
        // Below the limit, and not by more than chance.
        Assert.Equal(MetricVerdict.Fine, Metric(metric, Share(480, 1_000)).Verdict);
        Assert.Equal(
            "share within 10 %: not enough labels; so far 0.3, at least 0.5; on held-out rows 0.6.",
            Metric(metric, Share(300, 1_000), hasLabels: false).Sentence());
    }

    [Fact]
    public void AMetricThatIsNoNumberIsBeyond()
    {
        var metric = new BusinessMetric<string>("money lost", "dollars per trip", (_, _) => 1) { Max = 1 };
        var report = Metric(metric, Share(300, 1_000) with { NonFinite = 2 });
        Assert.Equal(MetricVerdict.Beyond, report.Verdict);
        Assert.StartsWith(
            "money lost: missing (it is no number for 2 rows), beyond its limit, at most 1", report.Sentence(),
            StringComparison.Ordinal);
    }

    // Nothing is beyond NaN, and everything beyond limits that are crossed.
    [Fact]
    public void MetricsThatWouldSayNothingAreAllNamed()
    {
        BusinessMetric<string> money = new("money", "", (_, _) => 1);
        Assert.Equal(
            "Business metrics: Min of 'money' is NaN, expected a finite number, or null; that at position 2 has no "
            + "name, expected one; Max of ' ' is Infinity, expected a finite number, or null; Min of 'money' is 0.5, "
            + "expected at most its Max 0.25; 2 are named 'money', expected a name for each.",
            Assert.Throws<ArgumentException>(() => BusinessMetrics.Validate(
            [
                money with { Min = double.NaN },
                money with { Name = " ", Max = double.PositiveInfinity },
                money with { Min = 0.5, Max = 0.25 },
            ])).Message);
        BusinessMetrics.Validate([money with { Min = 1, Max = 1 }, money with { Name = "share" }]);
        BusinessMetrics.Validate<string>([]);
    }

    [Fact]
    public void ARuleIsBrokenByMoreThanChance()
    {
        // 3 of 200 are more than 1 %, as chance makes them of 1 % in one window of three.
        Assert.Empty(Quality(3, 200, 0.01).Faults);
        Assert.Equal(
            ["no distance: 20 rows, 10 %, in training 0.9 %, the limit is 1 %"], Quality(20, 200, 0.01).Faults);
        // Of what may never be, one row is too many.
        Assert.Single(Quality(1, 200, 0).Faults);
        Assert.Empty(Quality(20, 200, 0.01, Severity.Warn).Faults);
    }

    [Fact]
    public void RulesThatHoldInTrainingAreSeldomBrokenByChance()
    {
        var random = new SplitMix64(3);
        var broken = 0;
        for (var draw = 0; draw < 1_000; draw++)
        {
            // Twenty rules, each broken by half as many rows as it lets through.
            var rules = Enumerable.Range(0, 20).Select(rule => new RuleCount(
                $"rule {rule}", Enumerable.Range(0, 200).Count(_ => random.Below(2_000) < 10), 0.01, Severity.Fail));
            var quality = QualityReport.Of(new(200, 200, 0, [.. rules], []), new Dictionary<string, double>(), 0.01);
            broken += quality.IsBad ? 1 : 0;
        }
        Assert.InRange(broken, 0, 20);
    }

    private static FeatureDrift Feature(DriftVerdict verdict) => new FeatureDrift.TooFewRows
    {
        Name = "distance",
        Role = FeatureRole.Feature,
        Verdict = verdict,
        ReferenceRows = 1_000,
        CurrentRows = 500,
        RequiredRows = 100,
    };

    private static MetricReport Metric<TRow>(BusinessMetric<TRow> metric, SumTally window, bool hasLabels = true) =>
        MetricReport.Of(metric, Share(600, 1_000), window, new(), hasLabels);

    private static SumTally Share(int having, int all)
    {
        var counter = new SumCounter();
        for (var row = 0; row < all; row++)
            counter.Add(row < having ? 1 : 0);
        return counter.ToTally();
    }

    private static QualityReport Quality(long rows, long seen, double tolerance, Severity severity = Severity.Fail) =>
        QualityReport.Of(
            new(seen, seen, 0, [new("no distance", rows, tolerance, severity)], []),
            new Dictionary<string, double> { ["no distance"] = 0.009 }, 0.01);
}
