using System.Text.Json;
using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>What a drift report finds and says.</summary>
public sealed class ReportingDrift
{
    private static readonly NumericProfile Fare = Tenths(rowsPerBin: 200);

    private static readonly CategoricalProfile Borough = Samples.Categories("borough", []) with
    {
        Categories = ["Queens", "Bronx"],
        BinCounts = [1200, 800, 0, 0],
    };

    [Fact]
    public void EqualDataDoNotDrift()
    {
        var report = DriftReport.Compare(
            [
                Fare.Count(Samples.Range(0, 1, 2000)),
                Borough.Count(Samples.Repeat(("Bronx", 800), ("Queens", 1200))),
            ],
            new());
        Assert.Equal(DriftVerdict.None, report.Verdict);
        Assert.Equal(
            [
                "fare: no drift; PSI 0.000, chance alone up to 0.017 (n=2000, m=2000), adjusted p 1.",
                "borough: no drift; PSI 0.000, chance alone up to 0.004 (n=2000, m=2000), adjusted p 1.",
            ],
            report.Sentences());
    }

    [Fact]
    public void ShiftedDataDrift()
    {
        // Shares 0.1 -> 0 twice (half a row: 0.00025) and 0 -> 0.2: PSI 2 × 0.09975 ln 400 + 0.19975 ln 800.
        var fare = Samples.Measure(Fare.Count(Samples.Range(400, 1, 2000)));
        Assert.Equal(DriftVerdict.Drift, fare.Verdict);
        Assert.Equal(
            "fare: drift; PSI 2.531, chance alone up to 0.018 (n=2000, m=2000), adjusted p 2.1E-165; "
            + "most moved: > 1999 0.0 % -> 20.0 %.",
            fare.Sentence());
        Assert.InRange(fare.JensenShannon.Value, 0.3, 0.7);
    }

    [Fact]
    public void ANewCategoryDrifts()
    {
        var borough = Samples.Measure(
            Borough.Count(Samples.Repeat(("Queens", 500), ("Bronx", 340), ("Staten Island", 160))));
        Assert.Equal(DriftVerdict.Drift, borough.Verdict);
        Assert.Equal(new BinMove("new categories", 0, 0.16), borough.LargestMove);
    }

    [Fact]
    public void AppearingNullsDrift()
    {
        var fare = Samples.Measure(
            Fare.Count(Samples.Range(0, 1, 2000).Select((value, row) => row % 8 == 0 ? null : value)));
        Assert.Equal(DriftVerdict.Drift, fare.Verdict);
        Assert.Equal(new BinMove("null", 0, 0.125), fare.LargestMove);
    }

    [Fact]
    public void AppearingNaNScoresDrift()
    {
        var score = Fare with { Name = "score", Role = FeatureRole.Prediction };
        var found = Samples.Measure(
            score.Count(Samples.Range(0, 1, 2000).Select((value, row) => row % 8 == 0 ? double.NaN : value)));
        Assert.Equal(DriftVerdict.Drift, found.Verdict);
        Assert.Equal("not finite", found.LargestMove.Bin);
        Assert.StartsWith("score (prediction): drift; ", found.Sentence(), StringComparison.Ordinal);
    }

    [Fact]
    public void OneStrayRowInAThousandIsNoDrift()
    {
        var borough = Samples.Measure(
            Borough.Count(Samples.Repeat(("Queens", 600), ("Bronx", 400), ("Mars", 1), (null, 1))));
        Assert.Equal(DriftVerdict.None, borough.Verdict);
    }

    [Fact]
    public void FewRowsAreNeverCompared()
    {
        var report = DriftReport.Compare([Fare.Count(Samples.Range(5000, 1, 99)), Borough.NewCounter()], new());
        Assert.Equal(DriftVerdict.NotEnoughData, report.Verdict);
        Assert.Equal(
            [
                "fare: not enough data; n=2000 reference and m=99 current rows, each side needs 100.",
                "borough: not enough data; n=2000 reference and m=0 current rows, each side needs 100.",
            ],
            report.Sentences());
    }

    [Fact]
    public void WhereChanceAloneReachesTheThresholdThereIsNoAllClear()
    {
        var fare = Samples.Measure(Fare.Count(Samples.Range(0, 20, 100)));
        Assert.Equal(DriftVerdict.NotEnoughData, fare.Verdict);
        Assert.Equal(
            "fare: not enough data; PSI 0.000, chance alone up to 0.178 (n=2000, m=100), adjusted p 1; "
            + "needs about 2000 reference and 185 current rows.",
            fare.Sentence());
        var enough = Samples.Measure(Fare.Count(Samples.Range(0, 2000 / 185.0, 185)));
        Assert.Equal(DriftVerdict.None, enough.Verdict);
    }

    [Fact]
    public void ASmallReferenceAsksForRowsOnBothSides()
    {
        var fare = Samples.Measure(Tenths(rowsPerBin: 12).Count(Samples.Range(0, 0.1, 20_000)));
        Assert.Equal(DriftVerdict.NotEnoughData, fare.Verdict);
        Assert.Equal(new RowsNeeded(339, 339), fare.RowsNeeded);
    }

    [Fact]
    public void CategoriesTooRareToCompareAreNoAllClear()
    {
        string[] zones = [.. Enumerable.Range(0, 25).Select(i => $"zone{i}")];
        var profile = Samples.Categories("zone", []) with
        {
            Categories = [.. zones],
            BinCounts = [.. Enumerable.Repeat(4L, 25), 0, 0],
        };
        var zone = Samples.Measure(profile.Count(Enumerable.Repeat(zones, 4).SelectMany(zone => zone)));
        Assert.Equal((1, DriftVerdict.NotEnoughData), (zone.Bins, zone.Verdict));
        Assert.Equal(new RowsNeeded(729, 729), zone.RowsNeeded);
    }

    [Fact]
    public void WhatIsExpectedToMoveIsMeasuredAndRaisesNothing()
    {
        var report = DriftReport.Compare(
            [
                Fare.Count(Samples.Range(400, 1, 2000)),
                Borough.Count(Samples.Repeat(("Bronx", 800), ("Queens", 1200))),
            ],
            new() { KnownChanges = [new("fare", "the tariff rose in March")] });
        Assert.Equal(DriftVerdict.None, report.Verdict);
        Assert.StartsWith(
            "fare: expected to move (the tariff rose in March); PSI 2.531, ", report.Sentences().First(),
            StringComparison.Ordinal);
        Assert.Equal(
            "DriftOptions: KnownChanges names 'fares', expected features that are compared: fare.",
            Assert.Throws<ArgumentException>(() => DriftReport.Compare(
                [Fare.NewCounter()], new() { KnownChanges = [new("fares", "new tariff")] })).Message);
    }

    // A sure discovery in the family would let a second feature pass at twice the level.
    [Fact]
    public void WhatIsExpectedToMoveExcusesNoOther()
    {
        var moved = Fare.Count(Samples.Range(400, 1, 2000));
        var other = (Fare with { Name = "other" }).Count(Samples.Range(0, 1.02, 2000));
        var alone = Samples.Measure(other);
        var beside = DriftReport.Compare([moved, other], new() { KnownChanges = [new("fare", "new tariff")] });
        Assert.Equal(alone.AdjustedPValue, ((FeatureDrift.Measured)beside.Features[1]).AdjustedPValue);
    }

    [Fact]
    public void ManyCategoriesOfFewRowsAreComparedWhereTheyAreFrequent()
    {
        string[] zones = [.. Enumerable.Range(0, 100).Select(i => $"zone{i}")];
        var profile = Samples.Categories("zone", []) with
        {
            Categories = [.. zones],
            BinCounts = [.. Enumerable.Range(0, 100).Select(i => i < 4 ? 2_500L : 100), 0, 0],
        };
        var same = Enumerable.Range(0, 200).Select(i => zones[i < 100 ? i % 4 : 4 + (i % 96)]);
        var zone = Samples.Measure(profile.Count(same));
        Assert.Equal((DriftVerdict.None, 100), (zone.Verdict, zone.BinsBeforePooling));
        Assert.InRange(zone.Bins, 5, 12);
        var moved = Samples.Measure(profile.Count(Enumerable.Repeat("zone0", 120).Concat(same.Take(80))));
        Assert.Equal(DriftVerdict.Drift, moved.Verdict);
    }

    [Fact]
    public void CategoriesThatTheReferenceDoesNotHaveAreNamed()
    {
        var borough = Samples.Measure(
            Borough.Count(Samples.Repeat(("Queens", 500), ("Bronx", 340), ("Mars", 40), ("Moon", 60))));
        Assert.Equal([new CategoryCount("'Moon'", 60), new("'Mars'", 40)], borough.NewCategories.ToArray());
    }

    [Fact]
    public void WhatWasCountedInPartsAddsUp()
    {
        var fare = Samples.Numbers("fare", Samples.Range(0, 1, 4000));
        var whole = fare.Count(Samples.Range(100, 1, 3000));
        var parts = fare.NewCounter();
        parts.Add(fare.Count(Samples.Range(100, 1, 1000)).ToTally());
        parts.Add(fare.Count(Samples.Range(1100, 1, 2000)).ToTally());
        Assert.Equal(
            JsonSerializer.Serialize(DriftReport.Compare([whole], new())),
            JsonSerializer.Serialize(DriftReport.Compare([parts], new())));
    }

    // Every value of the reference is in the current rows, 200 further on.
    [Fact]
    public void DistancesAreThoseOfTheDistributionFunctions()
    {
        var fare = Samples.Numbers("fare", Samples.Range(0, 1, 20_000));
        var moved = Samples.Measure(fare.Count(Samples.Range(200, 1, 20_000)));
        Assert.InRange(moved.Wasserstein!.Value, 180, 220);
        Assert.InRange(moved.Wasserstein.EffectSize, 180 / 5774.0, 220 / 5774.0);
        Assert.InRange(moved.KolmogorovSmirnov!.Value, 0.009, 0.021);
        Assert.Null(Samples.Measure(Borough.Count(Samples.Repeat(("Bronx", 800), ("Queens", 1200)))).Wasserstein);
    }

    [Fact]
    public void AConstantFeatureIsClearUntilItMoves()
    {
        var version = Samples.Numbers("version", Samples.Range(3, 0, 500));
        Assert.Equal(DriftVerdict.None, Samples.Measure(version.Count(Samples.Range(3, 0, 500))).Verdict);
        var moved = Samples.Measure(version.Count(Samples.Range(4, 0, 500)));
        Assert.Equal(DriftVerdict.Drift, moved.Verdict);
        Assert.Equal(1, moved.JensenShannon.Value);
    }

    [Fact]
    public void AReportAboutNothingIsNoAllClear() =>
        Assert.Equal(DriftVerdict.NotEnoughData, DriftReport.Compare([], new()).Verdict);

    [Fact]
    public void EffectBelowTheThresholdIsNoDriftHoweverSure()
    {
        // 2 percentage points over 100 000 rows: p is tiny, PSI 0.0017.
        var large = Borough with { BinCounts = [60_000, 40_000, 0, 0] };
        var found = Samples.Measure(large.Count(Samples.Repeat(("Queens", 58_000), ("Bronx", 42_000))));
        Assert.InRange(found.AdjustedPValue, 0, 1e-10);
        Assert.Equal(DriftVerdict.None, found.Verdict);
    }

    [Fact]
    public void AsJsonItRoundTrips()
    {
        var report = DriftReport.Compare([Fare.Count(Samples.Range(400, 1, 2000)), Borough.NewCounter()], new());
        var json = JsonSerializer.Serialize(report);
        Assert.StartsWith("""{"Verdict":"Drift","Options":{"Significance":0.01,""", json, StringComparison.Ordinal);
        var read = JsonSerializer.Deserialize<DriftReport>(json)!;
        Assert.Equal(json, JsonSerializer.Serialize(read));
    }

    [Fact]
    public void OptionsOutOfRangeAreAllNamed() => Assert.Equal(
        "DriftOptions: Significance is NaN, expected above 0 and below 1; "
        + "MinPsi is 0, expected a finite number above 0; MinRows is 29, expected at least 30.",
        Assert.Throws<ArgumentException>(() => DriftReport.Compare(
            [], new() { Significance = double.NaN, MinPsi = 0, MinRows = 29 })).Message);

    // 0..1999 in ten bins, as if that many rows had been counted in each.
    private static NumericProfile Tenths(int rowsPerBin) => Samples.Numbers("fare", []) with
    {
        Edges = [0, .. Enumerable.Range(1, 10).Select(i => i * 200.0 - 1)],
        BinCounts = [0, .. Enumerable.Repeat((long)rowsPerBin, 10), 0, 0, 0],
    };
}
