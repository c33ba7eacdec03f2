using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Rollouts;

/// <summary>Which keys there have been, up to <see cref="TrafficCounts.MostKeys"/>: a table of hashes of a fixed size,
/// for any number of threads without a lock. That any two of them share a hash of 64 bits has a chance of one in
/// 10^9.</summary>
public sealed class SeenKeys
{
    // At most half full, so that a place is found after few looks.
    private const int Places = 2 * TrafficCounts.MostKeys;

    // Far more than chance needs: who makes up keys that fall on one place gets no further.
    private const int MostLooks = 128;

    // 0 is a free place.
    private readonly ulong[] _hashes = new ulong[Places];
    private int _count;

    /// <returns>True once for each key; never where there is no room for another.</returns>
    public bool Add(RowKey key)
    {
        if (Volatile.Read(ref _count) >= TrafficCounts.MostKeys)
            return false;
        var hash = Math.Max(1, (ulong)(key.Value >> 64) ^ (ulong)key.Value);
        for (var look = 0UL; look < MostLooks; look++)
        {
            ref var place = ref _hashes[(hash + look) % Places];
            var there = Volatile.Read(ref place);
            if (there == 0)
                there = Interlocked.CompareExchange(ref place, hash, 0);
            if (there == 0)
            {
                Interlocked.Increment(ref _count);
                return true;
            }
            if (there == hash)
                return false;
        }
        return false;
    }
}
