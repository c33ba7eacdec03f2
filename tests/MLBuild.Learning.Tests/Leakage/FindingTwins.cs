using MLBuild.Learning.Leakage;

namespace MLBuild.Learning.Tests.Leakage;

/// <summary>Rows of two keys with the same features and the same label, one on each side.</summary>
public sealed class FindingTwins
{
    [Fact]
    public void TwinsAreCountedWithTheirKeys()
    {
        var twins = new SplitTwins([true, true]);
        twins.AddHeldOut([1, float.NaN], 5, "h1");
        twins.AddHeldOut([1, float.NaN], 5, "h2");
        twins.AddHeldOut([1, 2], 5, "h3");
        twins.AddHeldOut([0f, 2], 5, "h4");
        twins.AddTraining([1, BitConverter.Int32BitsToSingle(0x7fc00001)], 5, "t1");
        twins.AddTraining([1, float.NaN], 5, "t2");
        twins.AddTraining([1, 2], 6, "t3");
        twins.AddTraining([-0f, 2], 5, "t4");

        var found = twins.Complete(new() { MaxTwinShare = 0.5 });

        Assert.Equal((4, 2, LeakVerdict.Warn), (found.HeldOut, found.Rows, found.Verdict));
        Assert.Equal([new("h1", "t1")], found.Examples);
        Assert.Equal(LeakVerdict.Fail, twins.Complete(new() { MaxTwinShare = 0.49 }).Verdict);
    }

    [Fact]
    public void FeaturesThatDoNotCountMakeNoDifference()
    {
        var twins = new SplitTwins([true, false]);
        twins.AddHeldOut([1, 0.5f], 5, "h1");
        twins.AddTraining([1, 0.6f], 5, "t1");
        Assert.Equal(1, twins.Complete(new()).Rows);
    }

    [Fact]
    public void OtherRowsAreNone()
    {
        var twins = new SplitTwins([true]);
        for (var i = 0; i < 1000; i++)
        {
            twins.AddHeldOut([i], 5, $"h{i}");
        }
        for (var i = 1000; i < 2000; i++)
            twins.AddTraining([i], 5, $"t{i}");
        Assert.Equal((0, LeakVerdict.None), (twins.Complete(new()).Rows, twins.Complete(new()).Verdict));
    }
}
