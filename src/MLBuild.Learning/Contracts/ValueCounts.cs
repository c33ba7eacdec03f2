using System.Runtime.CompilerServices;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>How often each of a limited number of different values was seen. Values are told apart by 64 bits of hash,
/// so of 10,000 different ones two are taken for one with a chance of three in 10^12.</summary>
internal sealed class ValueCounts<TValue>(int limit)
{
    // An entry with count 0 is free. At most two of three are taken, so that a search is short.
    private Entry[] _entries = new Entry[16];

    /// <summary>How many different values there are.</summary>
    public int Distinct { get; private set; }

    /// <summary>What was counted, in no order that means anything.</summary>
    public Entry[] Entries()
    {
        var (entries, taken) = (new Entry[Distinct], 0);
        foreach (ref readonly var entry in _entries.AsSpan())
        {
            if (entry.Count > 0)
                entries[taken++] = entry;
        }
        return entries;
    }

    /// <summary>Counts values until one more different value would exceed the limit. Values that are null are counted
    /// in <paramref name="nulls"/>.</summary>
    /// <returns>How many were counted.</returns>
    public int Add(ReadOnlySpan<TValue> values, ref long nulls)
    {
        var entries = _entries;
        var mask = entries.Length - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (value is null)
            {
                nulls++;
                continue;
            }
            var hash = ValueHash.Of(value);
            var slot = (int)hash & mask;
            while (true)
            {
                ref var entry = ref entries[slot];
                if (entry.Hash == hash && entry.Count > 0)
                {
                    entry.Count++;
                    break;
                }
                if (entry.Count == 0)
                {
                    if (!Insert(ref entry, hash, value, 1))
                        return i;
                    entries = _entries;
                    mask = entries.Length - 1;
                    break;
                }
                slot = (slot + 1) & mask;
            }
        }
        return values.Length;
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    /// <returns>False, and nothing is added, where there are too many different values.</returns>
    public bool TryMerge(ValueCounts<TValue> other)
    {
        var entries = other.Entries();
        if (Distinct + entries.Length > limit && Distinct + entries.Count(entry => !Has(entry.Hash)) > limit)
            return false;
        foreach (ref readonly var entry in entries.AsSpan())
        {
            ref var found = ref Find(entry.Hash);
            if (found.Count > 0)
                found.Count += entry.Count;
            else
                Insert(ref found, entry.Hash, entry.Value, entry.Count);
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Insert(ref Entry free, ulong hash, TValue value, long count)
    {
        if (Distinct == limit)
            return false;
        free = new() { Hash = hash, Value = value, Count = count };
        if (3 * ++Distinct > 2 * _entries.Length)
            Grow();
        return true;
    }

    private void Grow()
    {
        var before = _entries;
        _entries = new Entry[2 * before.Length];
        foreach (var entry in before)
        {
            if (entry.Count > 0)
                Find(entry.Hash) = entry;
        }
    }

    private bool Has(ulong hash) => Find(hash).Count > 0;

    private ref Entry Find(ulong hash)
    {
        var slot = (int)hash & (_entries.Length - 1);
        while (_entries[slot].Count > 0 && _entries[slot].Hash != hash)
            slot = (slot + 1) & (_entries.Length - 1);
        return ref _entries[slot];
    }

    internal struct Entry
    {
        public ulong Hash;
        public long Count;
        public TValue Value;
    }
}
