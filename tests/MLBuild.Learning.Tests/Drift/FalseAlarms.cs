using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>How often a report cries wolf, and how often it sees one, by seeded simulation.</summary>
public sealed class FalseAlarms
{
    private const int Draws = 300;
    private const int Seed = 20260305;

    // Ten features, n = m = 200, no drift. One report in twenty may alarm; 8 % leaves 300 draws their own chance.
    [Fact]
    public void StayRareOverManyFeatures()
    {
        var random = new Random(Seed);
        var alarms = 0;
        var thumbAlarms = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var report = DriftReport.Compare(TenFeatures(random, rows: 200, shift: 0), new());
            alarms += report.Verdict == DriftVerdict.Drift ? 1 : 0;
            thumbAlarms += report.Features.OfType<FeatureDrift.Measured>()
                .Any(feature => feature.Psi.Value > 0.1) ? 1 : 0;
        }
        Assert.InRange(alarms / (double)Draws, 0, 0.08);
        // The same data by the rule of thumb: nearly every report would alarm.
        Assert.InRange(thumbAlarms / (double)Draws, 0.9, 1);
    }

    [Fact]
    public void AreNotBoughtWithBlindness()
    {
        var random = new Random(Seed);
        for (var draw = 0; draw < 10; draw++)
        {
            var report = DriftReport.Compare(TenFeatures(random, rows: 2000, shift: 0.5), new());
            Assert.All(report.Features, feature => Assert.Equal(DriftVerdict.Drift, feature.Verdict));
        }
    }

    [Fact]
    public void WithEnoughRowsNoDriftIsSaidToBeNone()
    {
        var random = new Random(Seed);
        for (var draw = 0; draw < 10; draw++)
        {
            var report = DriftReport.Compare(TenFeatures(random, rows: 2000, shift: 0), new());
            Assert.Equal(DriftVerdict.None, report.Verdict);
        }
    }

    // Thirty zones, so few rows that the reference misses some: 5 % of the p-values are below 0.05, no more.
    [Fact]
    public void StayRareWhereTheReferenceMissesCategories()
    {
        const int draws = 1500;
        var random = new Random(Seed);
        var below = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            var reference = Samples.Categories("zone", Enumerable.Range(0, 150).Select(_ => Zone(random, by: 0)));
            var current = Enumerable.Range(0, 100).Select(_ => Zone(random, by: 0));
            below += Samples.Measure(reference.Count(current)).PValue <= 0.05 ? 1 : 0;
        }
        Assert.InRange(below / (double)draws, 0.03, 0.07);
    }

    // What a report prints beside each statistic is what chance does: it is exceeded about once in twenty.
    [Fact]
    public void ExceedTheValueOfChanceOnceInTwenty()
    {
        const int draws = 300;
        var random = new Random(Seed);
        var above = new Dictionary<DriftMeasure, int>();
        for (var draw = 0; draw < draws; draw++)
        {
            var reference = Samples.Numbers("fare", Values(2000));
            foreach (var statistic in Samples.Measure(reference.Count(Values(600))).Statistics)
                above[statistic.Measure] = above.GetValueOrDefault(statistic.Measure)
                    + (statistic.Value > statistic.Chance95 ? 1 : 0);
        }
        Assert.Equal(5, above.Count);
        Assert.All(above, pair => Assert.InRange(pair.Value / (double)draws, 0.02, 0.09));

        double?[] Values(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => (double?)-Math.Log(1 - random.NextDouble()))];
    }

    private static string Zone(Random random, double by) => $"z{(int)(30 * Math.Pow(random.NextDouble(), 2 + by * 4))}";

    // A quarter of the reference rows chooses the bins, so a third more of them makes n = m.
    private static List<BinCounter> TenFeatures(Random random, int rows, double shift)
    {
        var features = new List<BinCounter>();
        for (var feature = 0; feature < 4; feature++)
        {
            features.Add(Samples.Numbers($"skewed{feature}", Skewed(0, rows * 4 / 3)).Count(Skewed(shift, rows)));
            features.Add(Samples.Categories($"zone{feature}", Zones(0, rows * 4 / 3)).Count(Zones(shift, rows)));
        }
        features.Add(Samples.Numbers("count", Counts(0, rows * 4 / 3)).Count(Counts(shift, rows)));
        features.Add(Samples.Numbers("gaps", Gaps(0, rows * 4 / 3)).Count(Gaps(shift, rows)));
        return features;

        double?[] Skewed(double by, int count) =>
            Draw<double?>(count, () => by - Math.Log(1 - random.NextDouble()));

        double?[] Counts(double by, int count) =>
            Draw<double?>(count, () => Math.Floor(by - Math.Log(1 - random.NextDouble())));

        double?[] Gaps(double by, int count) =>
            Draw<double?>(count, () => random.NextDouble() < 0.03 + by / 3 ? null : random.NextDouble());

        string[] Zones(double by, int count) => Draw(count, () => Zone(random, by));

        static T[] Draw<T>(int count, Func<T> one) => [.. Enumerable.Range(0, count).Select(_ => one())];
    }
}
