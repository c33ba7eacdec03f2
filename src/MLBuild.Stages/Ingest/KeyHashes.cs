using System.Numerics;
using System.Runtime.InteropServices;

namespace MLBuild.Stages.Ingest;

/// <summary>Finds rows whose keys may be the same among any number of them: it takes a hash of each key, and spills to
/// disk what would fill too much memory.</summary>
/// <param name="folder">For its files, which it removes.</param>
/// <param name="mostInMemory">Hashes that are kept in memory, 16 bytes each. Default 1,048,576.</param>
public sealed class KeyHashes(string folder, int mostInMemory = 1 << 20) : IDisposable
{
    // Rows of one hash are in one bucket, which is looked at by itself.
    private const int BucketBits = 6;

    private readonly Bucket[] _buckets = [.. Enumerable.Range(0, 1 << BucketBits).Select(_ => new Bucket())];
    private int _inMemory;
    private bool _isSpilled;

    private readonly record struct Entry(ulong Hash, long Row);

    /// <param name="rows">Names each row, in a number that the caller can take apart again.</param>
    public void Add(ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> rows)
    {
        for (var i = 0; i < hashes.Length; i++)
            _buckets[hashes[i] >> (64 - BucketBits)].Entries.Add(new(hashes[i], rows[i]));
        _inMemory += hashes.Length;
        if (_inMemory > mostInMemory)
            Spill();
    }

    /// <summary>All rows whose hash another row has too.</summary>
    /// <param name="most">More than this many end the search.</param>
    /// <returns>Null where there are more.</returns>
    public HashSet<long>? Repeated(int most)
    {
        if (_isSpilled)
            Spill();
        var repeated = new HashSet<long>();
        for (var i = 0; i < _buckets.Length; i++)
        {
            var entries = _isSpilled ? Load(i) : CollectionsMarshal.AsSpan(_buckets[i].Entries);
            Find(entries, repeated);
            if (repeated.Count > most)
                return null;
        }
        return repeated;
    }

    public void Dispose()
    {
        for (var i = 0; i < _buckets.Length && _isSpilled; i++)
        {
            _buckets[i].File?.Dispose();
            File.Delete(PathOf(i));
        }
    }

    private static void Find(ReadOnlySpan<Entry> entries, HashSet<long> repeated)
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
        if (twice.Count == 0)
            return;
        foreach (var entry in entries)
        {
            if (twice.Contains(entry.Hash | 1))
                repeated.Add(entry.Row);
        }
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

    private string PathOf(int bucket) => Path.Combine(folder, FormattableString.Invariant($"keys-{bucket:00}"));

    private sealed class Bucket
    {
        public List<Entry> Entries { get; } = [];

        public FileStream? File { get; set; }
    }
}
