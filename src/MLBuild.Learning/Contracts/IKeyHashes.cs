namespace MLBuild.Learning.Contracts;

/// <summary>Finds rows whose keys may be the same among any number of rows. A stage may supply one that spills to
/// disk.</summary>
public interface IKeyHashes : IDisposable
{
    /// <param name="hashes">Equal keys have equal hashes.</param>
    /// <param name="rows">A number that names each row.</param>
    void Add(ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> rows);

    /// <summary>All rows whose hash another row has too, those of one hash together in the order of their
    /// numbers.</summary>
    IEnumerable<(ulong Hash, long Row)> Repeated();
}

/// <summary>Keeps every hash in memory: 16 bytes a row.</summary>
public sealed class KeyHashesInMemory : IKeyHashes
{
    private ulong[] _hashes = [];
    private long[] _rows = [];
    private int _count;

    public void Add(ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> rows)
    {
        if (_count + hashes.Length > _hashes.Length)
        {
            var capacity = Math.Max(_count + hashes.Length, 2 * _hashes.Length);
            Array.Resize(ref _hashes, capacity);
            Array.Resize(ref _rows, capacity);
        }
        hashes.CopyTo(_hashes.AsSpan(_count));
        rows.CopyTo(_rows.AsSpan(_count));
        _count += hashes.Length;
    }

    public IEnumerable<(ulong Hash, long Row)> Repeated()
    {
        Array.Sort(_hashes, _rows, 0, _count);
        for (int first = 0, next; first < _count; first = next)
        {
            next = first + 1;
            while (next < _count && _hashes[next] == _hashes[first])
                next++;
            if (next == first + 1)
                continue;
            Array.Sort(_rows, first, next - first);
            for (var i = first; i < next; i++)
                yield return (_hashes[i], _rows[i]);
        }
    }

    public void Dispose()
    {
    }
}
