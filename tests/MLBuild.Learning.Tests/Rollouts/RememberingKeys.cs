using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Rollouts;

/// <summary>A server remembers which keys it counted, in memory of a fixed size.</summary>
public class RememberingKeys
{
    [Fact]
    public void EachIsNewOnceWhoeverBringsIt()
    {
        var keys = Enumerable.Range(0, 50_000).Select(i => RowKey.Of($"{i % 20_000}")).ToArray();
        var seen = new SeenKeys();
        var added = 0;
        Parallel.ForEach(keys, key =>
        {
            if (seen.Add(key))
                Interlocked.Increment(ref added);
        });
        Assert.Equal(20_000, added);
    }

    [Fact]
    public void BeyondTheMostNoneIsNew()
    {
        var seen = new SeenKeys();
        Assert.Equal(
            TrafficCounts.MostKeys,
            Enumerable.Range(0, TrafficCounts.MostKeys + 1_000).Count(i => seen.Add(RowKey.Of($"{i}"))));
        Assert.False(seen.Add(RowKey.Of("another")));
    }

    [Fact]
    public void KeysThatSomebodyMadeUpToMeetEndQuickly()
    {
        var seen = new SeenKeys();
        Assert.InRange(
            Enumerable.Range(1, 10_000).Count(i => seen.Add(new(((UInt128)(uint)i) << 40))), 1, 200);
        Assert.True(seen.Add(RowKey.Of("another")));
        // The free place is no key.
        Assert.True(new SeenKeys().Add(new(0)));
    }

    [Fact]
    public void NothingIsAllocatedForAKey()
    {
        var seen = new SeenKeys();
        var keys = Enumerable.Range(0, 1_000).Select(i => RowKey.Of($"{i}")).ToArray();
        seen.Add(RowKey.Of("first"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var key in keys)
            seen.Add(key);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
