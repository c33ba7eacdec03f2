using System.Numerics;
using System.Runtime.InteropServices;
using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Ingest;

/// <summary>Finds rows whose keys may be the same among any number of them: it takes a hash of each key, and spills to
/// disk what would fill too much memory.</summary>
/// <param name="place">What the paths of its files begin with; it removes them.</param>
/// <param name="mostInMemory">Hashes that are kept in memory, 16 bytes each. Default 1,048,576.</param>
public sealed class KeyHashes(string place, int mostInMemory = 1 << 20) : IKeyHashes
{
    // Rows of one hash are in one bucket, which is looked at by itself.
    private const int BucketBits = 6;

    private readonly Bucket[] _buckets = [.. Enumerable.Range(0, 1 << BucketBits).Select(_ => new Bucket())];
    private int _inMemory;
    private bool _isSpilled;

    private readonly record struct Entry(ulong Hash, long Row);

    public void Add(ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> rows)
    {
        for (var i = 0; i < hashes.Length; i++)
            _buckets[hashes[i] >> (64 - BucketBits)].Entries.Add(new(hashes[i], rows[i]));
        _inMemory += hashes.Length;
        if (_inMemory > mostInMemory)
            Spill();
    }

    public IEnumerable<(ulong Hash, long Row)> Repeated()
    {
        if (_isSpilled)
            Spill();
        for (var i = 0; i < _buckets.Length; i++)
        {
            var repeated = Find(_isSpilled ? Load(i) : CollectionsMarshal.AsSpan(_buckets[i].Entries));
            for (var at = 0; at < repeated.Length; at++)
            {
                if ((at > 0 && repeated[at - 1].Hash == repeated[at].Hash)
                    || (at + 1 < repeated.Length && repeated[at + 1].Hash == repeated[at].Hash))
                    yield return (repeated[at].Hash, repeated[at].Row);
            }
        }
    }

    public void Dispose()
    {
        for (var i = 0; i < _buckets.Length && _isSpilled; i++)
        {
            _buckets[i].File?.Dispose();
            File.Delete(PathOf(i));
        }
    }

    // Those whose hash another may have, in the order of their hashes.
    private static Entry[] Find(ReadOnlySpan<Entry> entries)
    {
        // Open addressing: at most half full, so that an empty place is always near. Zero is no hash there.
        var table = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, entries.Length) * 2)];
        var mask = (ulong)table.Length - 1;
        var twice = new HashSet<ulong>();
        foreach (var entry in entries)
        {
            var hash = entry.Hash | 1;
            var at = hash * 0x9E37_79B9_7F4A_7C15 >> 20 & mask;
            while (table[at] != 0 && table[at] != hash)
                at = (at + 1) & mask;
            if (table[at] == hash)
                twice.Add(hash);
            table[at] = hash;
        }
        var found = new List<Entry>();
        foreach (var entry in entries)
        {
            if (twice.Count > 0 && twice.Contains(entry.Hash | 1))
                found.Add(entry);
        }
        return [.. found.OrderBy(entry => entry.Hash).ThenBy(entry => entry.Row)];
    }

    private void Spill()
    {
        _isSpilled = true;
        for (var i = 0; i < _buckets.Length; i++)
        {
            var bucket = _buckets[i];
            bucket.File ??= new(PathOf(i), FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            bucket.File.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(bucket.Entries)));
            bucket.Entries.Clear();
        }
        _inMemory = 0;
    }

    private Entry[] Load(int bucket)
    {
        var file = _buckets[bucket].File!;
        var entries = new Entry[file.Length / 16];
        file.Position = 0;
        file.ReadExactly(MemoryMarshal.AsBytes(entries.AsSpan()));
        return entries;
    }

    private string PathOf(int bucket) => FormattableString.Invariant($"{place}-{bucket:00}");

    private sealed class Bucket
    {
        public List<Entry> Entries { get; } = [];

        public FileStream? File { get; set; }
    }
}
