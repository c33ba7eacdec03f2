using MLBuild.Stages.Deploy;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Deploy;

/// <summary>What serves, as a text that says what matters to a stage and nothing else.</summary>
public sealed class ObservingChampions
{
    private static readonly ContentHash Model = ContentHash.Of("model");
    private static readonly ContentHash Split = ContentHash.Of("split");

    [Fact]
    public void NothingServes()
    {
        Assert.Equal("none", new Champion.None().ToString());
        Assert.IsType<Champion.None>(Champion.Parse("none"));
    }

    [Fact]
    public void AVersionReadsBackFromItsText()
    {
        var attachments = new Dictionary<string, ContentHash> { ["split.json"] = Split, ["a.json"] = Model };
        var champion = new Champion.Serving(12, Model, attachments);
        var text = $"v12 model={Model} a.json={Model} split.json={Split}";
        Assert.Equal(text, champion.ToString());
        Assert.Equal(text, Champion.Parse(text).ToString());
    }
}
