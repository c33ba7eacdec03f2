using System.Numerics;
using System.Runtime.CompilerServices;
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
    private ulong[] _table = [];
    private int _inMemory;
    private bool _isSpilled;

    private readonly record struct Entry(ulong Hash, long Row);

    public void Add(ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> rows)
    {
        for (var i = 0; i < hashes.Length; i++)
            _buckets[hashes[i] >> (64 - BucketBits)].Add(new(hashes[i], rows[i]));
        _inMemory += hashes.Length;
        if (_inMemory > mostInMemory)
            Spill();
    }

    public IEnumerable<(ulong Hash, long Row)> Repeated()
    {
        if (_isSpilled)
            Spill();
        foreach (var bucket in _buckets)
        {
            var repeated = Find(_isSpilled ? [bucket.Load()] : bucket.Blocks);
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
            _buckets[i].Dispose();
            File.Delete(PathOf(i));
        }
    }

    // Those whose hash another may have, in the order of their hashes.
    private Entry[] Find(IReadOnlyList<ArraySegment<Entry>> blocks)
    {
        // Open addressing: at most half full, so that an empty place is always near. Zero is no hash there.
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, blocks.Sum(block => block.Count)) * 2);
        if (_table.Length < length)
            _table = new ulong[length];
        var table = _table.AsSpan(0, length);
        table.Clear();
        var mask = length - 1;
        var twice = new HashSet<ulong>();
        foreach (var block in blocks)
        {
            foreach (var entry in block.AsSpan())
            {
                var hash = entry.Hash | 1;
                var at = (int)(hash * 0x9E37_79B9_7F4A_7C15 >> 20) & mask;
                while (table[at] != 0 && table[at] != hash)
                    at = (at + 1) & mask;
                if (table[at] == hash)
                    twice.Add(hash);
                table[at] = hash;
            }
        }
        if (twice.Count == 0)
            return [];
        return
        [
            .. blocks.SelectMany(block => block).Where(entry => twice.Contains(entry.Hash | 1))
                .OrderBy(entry => entry.Hash).ThenBy(entry => entry.Row),
        ];
    }

    private void Spill()
    {
        _isSpilled = true;
        foreach (var (i, bucket) in _buckets.Index())
            bucket.Spill(PathOf(i));
        _inMemory = 0;
    }

    private string PathOf(int bucket) => FormattableString.Invariant($"{place}-{bucket:00}");

    private sealed class Bucket : IDisposable
    {
        // In blocks: an array that grows is copied as often as its length has digits.
        private const int BlockLength = 1024;

        private readonly List<Entry[]> _blocks = [];
        private int _count;
        private FileStream? _file;

        public IReadOnlyList<ArraySegment<Entry>> Blocks =>
        [
            .. _blocks.TakeWhile((_, i) => i * BlockLength < _count).Select((block, i) =>
                new ArraySegment<Entry>(block, 0, Math.Min(BlockLength, _count - i * BlockLength))),
        ];

        public void Add(in Entry entry)
        {
            if (_count == _blocks.Count * BlockLength)
                _blocks.Add(new Entry[BlockLength]);
            _blocks[_count / BlockLength][_count % BlockLength] = entry;
            _count++;
        }

        public void Spill(string path)
        {
            _file ??= new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            foreach (var block in Blocks)
                _file.Write(MemoryMarshal.AsBytes(block.AsSpan()));
            _count = 0;
        }

        // All of a bucket at once: a 64th of the hashes, 250 MB of 1,000,000,000 rows, and a table of as much again.
        // Only rows of one key, which any way of dealing leaves together, make one larger than the others.
        public Entry[] Load()
        {
            var entries = new Entry[_file!.Length / Unsafe.SizeOf<Entry>()];
            _file.Position = 0;
            _file.ReadExactly(MemoryMarshal.AsBytes(entries.AsSpan()));
            return entries;
        }

        public void Dispose() => _file?.Dispose();
    }
}
