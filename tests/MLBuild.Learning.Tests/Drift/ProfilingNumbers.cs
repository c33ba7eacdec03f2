using System.Text.Json;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>What a profile keeps of a feature of numbers.</summary>
public sealed class ProfilingNumbers
{
    [Fact]
    public void CountsRangeAndMomentsAreOfAllRows()
    {
        var profile = Samples.Numbers("fare", [.. Samples.Range(1, 1, 1000), null, null, double.NaN]);
        Assert.Equal((1003, 2, 1), (profile.RowCount, profile.NullCount, profile.NonFiniteCount));
        Assert.Equal((MetricValue.Of(1), MetricValue.Of(1000)), (profile.Min, profile.Max));
        Assert.Equal(MetricValue.Of(500.5), profile.Mean);
        Assert.Equal(Math.Sqrt(1000 * 1001 / 12.0), ((MetricValue.Value)profile.StandardDeviation).Number, 1e-9);
    }

    [Fact]
    public void ThreeQuartersOfTheRowsAreCounted()
    {
        var profile = Samples.Numbers("fare", Samples.Range(0, 1, 10_000));
        Assert.InRange(profile.BinCounts.Sum(), 7500 - 130, 7500 + 130);
        Assert.All(profile.BinCounts[1..^3], count => Assert.InRange(count, 650, 850));
    }

    [Fact]
    public void EveryValueHasOneBin()
    {
        var profile = Samples.Numbers("fare", [1, 2]) with { Edges = [0, 1, 4] };
        Assert.Equal(
            ["< 0", "[0, 1]", "[0, 1]", "(1, 4]", "(1, 4]", "> 4", "null", "not finite", "not finite"],
            new double?[] { -0.1, 0, 1, 1.1, 4, 4.1, null, double.NaN, double.NegativeInfinity }
                .Select(value => profile.BinLabel(profile.BinOf(value))));
    }

    [Fact]
    public void AConstantIsOneBin()
    {
        var profile = Samples.Numbers("version", Samples.Range(3, 0, 50));
        Assert.Equal("= 3", profile.BinLabel(profile.BinOf(3)));
        Assert.Equal(profile.BinCounts.Sum(), profile.BinCounts[profile.BinOf(3)]);
        Assert.NotEqual(profile.BinOf(3), profile.BinOf(3.1));
        Assert.NotEqual(profile.BinOf(3), profile.BinOf(2.9));
    }

    [Fact]
    public void WithoutANumberThereIsNoRange()
    {
        var profile = Samples.Numbers("tip", Enumerable.Repeat<double?>(null, 100));
        Assert.Equal(new MetricValue.Missing("no row has a finite value"), profile.Mean);
        Assert.Empty(profile.Edges);
        Assert.Equal(profile.BinCounts.Sum(), profile.BinCounts[profile.BinOf(null)]);
        Assert.Equal("any number", profile.BinLabel(profile.BinOf(5)));
    }

    [Fact]
    public void HugeValuesOverflowIntoNoNumber()
    {
        var profile = Samples.Numbers("odometer", [-1e308, 1e308, 1]);
        Assert.Equal(new MetricValue.Missing("measured as NaN"), profile.StandardDeviation);
        Assert.Equal(MetricValue.Of(1e308), profile.Max);
        Assert.Contains("1E+308", JsonSerializer.Serialize(profile), StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryIsBoundedAndQuantilesStayNear()
    {
        // A million rows in a rhythm of 1000 that a stride would alias with; a sample of 20 000 at most.
        var values = Enumerable.Range(0, 1_000_000).Select(i => (double?)(i % 1000));
        var profile = Samples.Numbers("rhythm", values, new() { SampleRows = 20_000 });
        Assert.InRange(profile.BinCounts.Sum(), 7_000, 15_500);
        Assert.Equal(1_000_000, profile.RowCount);
        for (var i = 1; i < 10; i++)
            Assert.InRange(profile.Edges[i], i * 100 - 30, i * 100 + 30);
    }

    [Fact]
    public void AsJsonItIsStableReadableAndRoundTrips()
    {
        FeatureProfile profile = Samples.Numbers("fare", [1, 2, 3, null]) with
        {
            Edges = [1, 2.5, 3],
            BinCounts = [0, 2, 1, 0, 1, 0],
            GridEdges = [1, 2, 3],
            GridCounts = [0, 1, 2, 0],
            ChanceWasserstein = 0.75,
        };
        var json = JsonSerializer.Serialize(profile);
        Assert.Equal(
            """
            {"Kind":"Numeric","Name":"fare","Role":"Feature","RowCount":4,"NullCount":1,
            "NonFiniteCount":0,"Min":1,"Max":3,"Mean":2,"StandardDeviation":1,"Edges":[1,2.5,3],
            "GridEdges":[1,2,3],"GridCounts":[0,1,2,0],"ChanceWasserstein":0.75,"BinCounts":[0,2,1,0,1,0]}
            """.ReplaceLineEndings(""),
            json);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<FeatureProfile>(json)));
    }

    [Fact]
    public void EqualRowsGiveEqualText() => Assert.Equal(
        JsonSerializer.Serialize(Samples.Numbers("fare", Samples.Range(0, 0.1, 5000), new() { SampleRows = 1000 })),
        JsonSerializer.Serialize(Samples.Numbers("fare", Samples.Range(0, 0.1, 5000), new() { SampleRows = 1000 })));

    [Fact]
    public void OptionsOutOfRangeAreAllNamed() => Assert.Equal(
        "ProfileOptions: Bins is 1, expected 2..100; MaxCategories is 0, expected 1..10000; "
        + "SampleRows is 999, expected 1000..10000000.",
        Assert.Throws<ArgumentException>(() => new NumericProfileBuilder(
            "x", FeatureRole.Feature, new() { Bins = 1, MaxCategories = 0, SampleRows = 999 })).Message);
}
