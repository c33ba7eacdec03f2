using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>Windows and references at the edge of what can be compared: what is rare beside a large reference, what is
/// all absent, infinite or one value.</summary>
public sealed class MeetingOddWindows
{
    private const int Seed = 20261129;

    private static readonly CategoricalProfile Borough = Samples.Categories("borough", []) with
    {
        Categories = ["Queens", "Bronx"],
        BinCounts = [45_000, 30_000, 0, 0],
    };

    private static readonly NumericProfile Fare = Samples.Numbers("fare", []) with
    {
        Edges = [0, .. Enumerable.Range(1, 10).Select(i => i * 200.0 - 1)],
        BinCounts = [0, .. Enumerable.Repeat(7_500L, 10), 0, 0, 0],
    };

    // Of 75,000 + 2,000 rows, 190 of one category are expected to be in the 2,000 fewer than five times.
    [Theory]
    [InlineData(60, 2_000)]
    [InlineData(190, 2_000)]
    [InlineData(40, 200)]
    [InlineData(10, 100)]
    public void ACategoryThatALargeReferenceNeverHadDrifts(int rows, int window)
    {
        var borough = Samples.Measure(Borough.Count(Samples.Repeat(
            ("Moon", rows), ("Queens", (window - rows) * 3 / 5), ("Bronx", (window - rows) * 2 / 5))));
        Assert.Equal((DriftVerdict.Drift, 3), (borough.Verdict, borough.Bins));
        Assert.Equal([new CategoryCount("'Moon'", rows)], borough.NewCategories.ToArray());
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(4, 2_000)]
    public void AFewStrayRowsDoNot(int rows, int window)
    {
        var borough = Samples.Measure(Borough.Count(Samples.Repeat(
            ("Moon", rows), ("Queens", window * 3 / 5), ("Bronx", (window * 2 / 5) - rows))));
        Assert.Equal(DriftVerdict.None, borough.Verdict);
    }

    // Each of them alone might be chance.
    [Fact]
    public void ManyNewCategoriesOfFewRowsEachDrift()
    {
        var zone = Samples.Measure(Borough.Count(
        [
            .. Samples.Repeat(("Queens", 1_140), ("Bronx", 760)),
            .. Enumerable.Range(0, 100).Select(i => $"new {i}"),
        ]));
        Assert.Equal(DriftVerdict.Drift, zone.Verdict);
    }

    [Fact]
    public void KnownCategoriesThatWereRareAreSeenTogether()
    {
        string[] rare = [.. Enumerable.Range(0, 100).Select(i => $"zone {i}")];
        var profile = Borough with
        {
            Categories = ["Queens", "Bronx", .. rare],
            BinCounts = [45_000, 29_900, .. Enumerable.Repeat(1L, 100), 0, 0],
        };
        var moved = Samples.Measure(profile.Count(
            [.. Samples.Repeat(("Queens", 1_140), ("Bronx", 760)), .. rare]));
        Assert.Equal(DriftVerdict.Drift, moved.Verdict);
        Assert.True(moved.Bins < 5, $"{moved.Bins} bins");
    }

    [Fact]
    public void NumbersBeyondALargeReferenceDrift()
    {
        var fare = Samples.Measure(Fare.Count(
            [.. Samples.Range(0, 2_000 / 1_900.0, 1_900), .. Samples.Range(5_000, 1, 100)]));
        Assert.Equal(DriftVerdict.Drift, fare.Verdict);
        Assert.Equal(new BinMove("> 1999", 0, 0.05), fare.LargestMove);
    }

    [Fact]
    public void WhatASmallReferenceHadAndALargeWindowLacksDrifts()
    {
        var small = Borough with { Categories = ["Queens", "Bronx", "Moon"], BinCounts = [80, 60, 12, 0, 0] };
        var moved = Samples.Measure(small.Count(Samples.Repeat(("Queens", 11_000), ("Bronx", 8_900), ("Moon", 3))));
        Assert.Equal(DriftVerdict.Drift, moved.Verdict);
    }

    // A thousand categories, most of them rarer than one row of a window: no one of them is called grown by chance.
    [Theory]
    [InlineData(200)]
    [InlineData(2_000)]
    public void ManyRareCategoriesRaiseNoAlarm(int rows)
    {
        const int draws = 200;
        var random = new Random(Seed);
        var profile = Samples.Categories("zone", Enumerable.Range(0, 40_000).Select(_ => Zone()));
        var alarms = 0;
        var below = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            var zone = Samples.Measure(profile.Count(Enumerable.Range(0, rows).Select(_ => Zone())));
            alarms += zone.Verdict == DriftVerdict.Drift ? 1 : 0;
            below += zone.PValue <= 0.05 ? 1 : 0;
        }
        Assert.InRange(alarms, 0, 2);
        Assert.InRange(below / (double)draws, 0, 0.09);

        string Zone() => $"z{(int)(1_000 * Math.Pow(random.NextDouble(), 4))}";
    }

    [Fact]
    public void AWindowWithoutAnyValueDrifts()
    {
        var fare = Samples.Measure(Fare.Count(Enumerable.Repeat((double?)null, 500)));
        Assert.Equal(DriftVerdict.Drift, fare.Verdict);
        Assert.Equal(new BinMove("null", 0, 1), fare.LargestMove);
        Assert.Null(fare.KolmogorovSmirnov);
        Assert.Null(fare.Wasserstein);
        Assert.All(fare.Statistics, statistic => Assert.True(double.IsFinite(statistic.Value)));
        var borough = Samples.Measure(Borough.Count(Samples.Repeat((null, 500))));
        Assert.Equal((DriftVerdict.Drift, "null"), (borough.Verdict, borough.LargestMove.Bin));
        Assert.Empty(borough.NewCategories);
    }

    [Fact]
    public void InfinitiesAndNaNAreNoNumbersAndDrift()
    {
        double?[] wrong = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        var fare = Samples.Measure(Fare.Count(Enumerable.Range(0, 600).Select(i => wrong[i % 3])));
        Assert.Equal((DriftVerdict.Drift, new BinMove("not finite", 0, 1)), (fare.Verdict, fare.LargestMove));
    }

    [Fact]
    public void WhatNeverHadAValueIsClearUntilItHas()
    {
        var empty = Samples.Numbers("tip", Enumerable.Repeat((double?)null, 4_000));
        var same = Samples.Measure(empty.Count(Enumerable.Repeat((double?)null, 500)));
        Assert.Equal((DriftVerdict.None, 1.0, 0.0), (same.Verdict, same.AdjustedPValue, same.Psi.Value));
        var values = Samples.Measure(empty.Count(Samples.Range(0, 1, 500)));
        Assert.Equal((DriftVerdict.Drift, "any number"), (values.Verdict, values.LargestMove.Bin));
    }

    [Fact]
    public void ExtremeNumbersGiveFiniteStatistics()
    {
        var profile = Samples.Numbers(
            "x", Enumerable.Range(0, 4_000).Select(i => (double?)(i % 2 == 0 ? double.MaxValue : -double.MaxValue)));
        var drift = Samples.Measure(profile.Count(Enumerable.Range(0, 500).Select(i => (double?)double.MaxValue)));
        Assert.Equal(DriftVerdict.Drift, drift.Verdict);
        // A distance that no number holds is not told.
        Assert.Equal((null, 0), (drift.Wasserstein, profile.ChanceWasserstein));
        Assert.All(drift.Statistics, statistic => Assert.True(
            double.IsFinite(statistic.Value) && double.IsFinite(statistic.Chance95)
            && double.IsFinite(statistic.EffectSize), $"{statistic}"));
    }

    // Half a standard deviation, whatever the shape: skewed, discrete, with a value that fills bins.
    [Theory]
    [InlineData("normal")]
    [InlineData("uniform")]
    [InlineData("exponential")]
    [InlineData("log-normal")]
    [InlineData("counts")]
    [InlineData("mostly zero")]
    [InlineData("share")]
    public void HalfAStandardDeviationIsFoundInFeaturesOfEveryShape(string shape)
    {
        const int draws = 100;
        var random = new Random(Seed);
        double?[] population = [.. Enumerable.Range(0, 40_000).Select(_ => (double?)One())];
        var profile = Samples.Numbers("x", population);
        var half = ((Learning.Metrics.MetricValue.Value)profile.StandardDeviation).Number / 2;
        var found = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            // Of a share more rows have it, of the others each value is larger.
            var window = Enumerable.Range(0, 2_000).Select(_ => population[random.Next(population.Length)])
                .Select(value => shape == "share" ? (value == 0 && random.NextDouble() < half / 0.9 ? 1 : value)
                    : value + half);
            found += Samples.Measure(profile.Count(window)).Verdict == DriftVerdict.Drift ? 1 : 0;
        }
        Assert.True(found >= 99, $"{found} of {draws} were found");

        double One() => shape switch
        {
            "normal" => Normal(),
            "uniform" => random.NextDouble(),
            "exponential" => -Math.Log(1 - random.NextDouble()),
            "log-normal" => Math.Exp(Normal()),
            "counts" => Math.Floor(-3 * Math.Log(1 - random.NextDouble())),
            "mostly zero" => random.NextDouble() < 0.8 ? 0 : random.NextDouble(),
            "share" => random.NextDouble() < 0.1 ? 1 : 0,
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };

        double Normal() =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
