using System.Text.Json;
using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>What a profile keeps of a feature of categories.</summary>
public sealed class ProfilingCategories
{
    private static readonly CategoricalProfile Borough = new()
    {
        Name = "borough",
        Role = FeatureRole.Feature,
        RowCount = 4,
        NullCount = 0,
        Categories = ["Queens", "Bronx"],
        BinCounts = [2, 1, 0, 0],
    };

    [Fact]
    public void TheMostFrequentAreKeptByName()
    {
        var profile = Samples.Categories(
            "borough",
            Samples.Repeat(("b", 2000), ("c", 5000), ("a", 1000), ("", 500), (null, 1500)),
            new() { MaxCategories = 2 });
        Assert.Equal(["c", "b"], profile.Categories.AsEnumerable());
        Assert.Equal((10_000, 1500), (profile.RowCount, profile.NullCount));
        Assert.InRange(profile.BinCounts[2], 1125 - 75, 1125 + 75); // 'a' and the empty text
        Assert.InRange(profile.BinCounts[3], 1125 - 75, 1125 + 75); // null
        Assert.Equal(
            ["'c'", "'b'", "other categories", "null"], Enumerable.Range(0, 4).Select(profile.BinLabel));
    }

    [Fact]
    public void LaterValuesFindTheirBins()
    {
        var counter = Borough.Count(["Queens", "queens", null, "", "Bronx", "Queens"]);
        Assert.Equal([2, 1, 2, 1], counter.Counts.ToArray());
        Assert.Equal(6, counter.CurrentRows);
        Assert.Equal("new categories", Borough.BinLabel(2));
    }

    [Fact]
    public void AsJsonItIsStableReadableAndRoundTrips()
    {
        var json = JsonSerializer.Serialize<FeatureProfile>(Borough);
        Assert.Equal(
            """
            {"Kind":"Categorical","Name":"borough","Role":"Feature","RowCount":4,"NullCount":0,
            "Categories":["Queens","Bronx"],"Values":[],"BinCounts":[2,1,0,0]}
            """.ReplaceLineEndings(""),
            json);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<FeatureProfile>(json)));
    }

    [Fact]
    public void ADamagedProfileIsRefused()
    {
        var damaged = Borough with { BinCounts = [1, 0, 0] };
        Assert.Equal(
            "The profile of 'borough' counts 3 bins and describes 4. "
            + "It was changed by hand or damaged; build it again from the training data.",
            Assert.Throws<ArgumentException>(() => damaged.NewCounter()).Message);
    }
}
