using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>No two rows of a data set have the same values in these columns; an absent value equals an absent
/// one.</summary>
internal sealed record UniqueRule<TRow>(
    string Name, double Tolerance, Severity Severity, IReadOnlyList<Column<TRow>> Columns);

/// <summary>Collects the keys of accepted rows and counts those that come again.</summary>
internal sealed class UniqueTally<TRow>(UniqueRule<TRow> rule, IKeyHashes hashes) : IDisposable
    where TRow : class, new()
{
    private const int Examples = 3;

    // Rows whose keys are read and held, about 100 bytes each. Of more, equal hashes count as equal keys: by chance two
    // of a billion different keys have one, which is nothing beside so many.
    private const int MostHeld = 1_000_000;

    // A row is named by its file and line in one number: a million files, eight million million lines.
    private const int LineBits = 43;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private readonly RowBatch<TRow> _single = new();

    // The keys of rows whose hash came again, null until they are read; none of more than can be held.
    private Dictionary<long, string?>? _keys;
    private int _unread;

    public void Add(TRow row, RowSource source)
    {
        _single.Clear();
        _single.Add(row, source.File, source.Line);
        Add(_single);
    }

    public void Add(RowBatch<TRow> batch)
    {
        var keys = new ulong[batch.Count];
        foreach (var column in rule.Columns)
            batch.Find(column).HashInto(keys);
        var rows = new long[batch.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Place(batch.Source(i));
        hashes.Add(keys, rows);
    }

    /// <summary>True where keys came again, or two different ones have one hash: only the rows themselves can
    /// tell.</summary>
    public bool NeedsVerification
    {
        get
        {
            if (_keys is not null)
                return _unread > 0;
            _keys = hashes.Repeated().Take(MostHeld + 1).ToDictionary(found => found.Row, _ => (string?)null);
            if (_keys.Count > MostHeld)
                _keys = [];
            _unread = _keys.Count;
            return _unread > 0;
        }
    }

    /// <summary>Reads the keys of the rows in question.</summary>
    public void Verify(RowBatch<TRow> batch)
    {
        for (var i = 0; i < batch.Count && NeedsVerification; i++)
        {
            var place = Place(batch.Source(i));
            if (!_keys!.TryGetValue(place, out var known) || known is not null)
                continue;
            _keys[place] = KeyText.Of(rule.Columns, batch.Row(i));
            _unread--;
        }
    }

    public RuleReport Complete(long rows)
    {
        var repeated = 0L;
        var examples = new SortedList<RowSource, (long Row, RowSource First)>();
        var hash = 0UL;
        // The first row of each key with this hash. What was not read counts as its hash says.
        var firsts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var found in hashes.Repeated())
        {
            if (found.Hash != hash)
                firsts.Clear();
            hash = found.Hash;
            var key = _keys?.GetValueOrDefault(found.Row) ?? "";
            if (firsts.TryAdd(key, found.Row))
                continue;
            repeated++;
            var source = Source(found.Row);
            if (examples.Count == Examples && source.CompareTo(examples.Keys[^1]) > 0)
                continue;
            examples[source] = (found.Row, Source(firsts[key]));
            if (examples.Count > Examples)
                examples.RemoveAt(Examples);
        }
        double? share = rows > 0 ? (double)repeated / rows : null;
        return new(
            rule.Name, repeated, share, rule.Tolerance, rule.Severity,
            rule.Severity.Verdict(holds: share <= rule.Tolerance),
            [
                .. examples.Select(example => new RowExample(
                    example.Key.File, example.Key.Line, Values(example.Value.Row), example.Value.First)),
            ]);
    }

    public void Dispose() => hashes.Dispose();

    private ShownValue[] Values(long row) => _keys?.GetValueOrDefault(row) is { } key
        ? [.. rule.Columns.Zip(KeyText.Values(key), (column, value) => new ShownValue(column.Name, value))]
        : [];

    private long Place(RowSource source)
    {
        if (!_numbers.TryGetValue(source.File, out var file))
        {
            _numbers.Add(source.File, file = _files.Count);
            _files.Add(source.File);
        }
        return ((long)file << LineBits) | source.Line;
    }

    private RowSource Source(long place) => new(_files[(int)(place >> LineBits)], place & ((1L << LineBits) - 1));
}
