using MLBuild.Learning.Leakage;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Leakage;

/// <summary>Rows of two keys with the same features and the same label, one on each side.</summary>
public sealed class FindingTwins
{
    [Fact]
    public void TwinsAreCountedWithTheirKeys()
    {
        var twins = new SplitTwins();
        twins.AddHeldOut([1, float.NaN], 5, Key("h1"));
        twins.AddHeldOut([1, float.NaN], 5, Key("h2"));
        twins.AddHeldOut([1, 2], 5, Key("h3"));
        twins.AddHeldOut([0f, 2], 5, Key("h4"));
        twins.AddTraining([1, BitConverter.Int32BitsToSingle(0x7fc00001)], 5, Key("t1"));
        twins.AddTraining([1, float.NaN], 5, Key("t2"));
        twins.AddTraining([1, 2], 6, Key("t3"));
        twins.AddTraining([-0f, 2], 5, Key("t4"));

        var found = twins.Complete(new() { MaxTwinShare = 0.5 });

        Assert.Equal((4, 2, LeakVerdict.Warn), (found.HeldOut, found.Rows, found.Verdict));
        Assert.Equal([new($"{Key("h1")}", $"{Key("t1")}")], found.Examples);
        Assert.Equal(LeakVerdict.Fail, twins.Complete(new() { MaxTwinShare = 0.49 }).Verdict);
    }

    [Fact]
    public void OtherRowsAreNone()
    {
        var twins = new SplitTwins();
        for (var i = 0; i < 1000; i++)
            twins.AddHeldOut([i], 5, Key($"h{i}"));
        for (var i = 1000; i < 2000; i++)
            twins.AddTraining([i], 5, Key($"t{i}"));
        Assert.Equal((0, LeakVerdict.None), (twins.Complete(new()).Rows, twins.Complete(new()).Verdict));
    }

    private static RowKey Key(string name) => RowKey.Of(name);
}
