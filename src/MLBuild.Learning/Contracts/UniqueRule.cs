using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>No two rows of a data set have the same values in these columns; an absent value equals an absent
/// one.</summary>
internal sealed record UniqueRule<TRow>(
    string Name, double Tolerance, Severity Severity, IReadOnlyList<Column<TRow>> Columns);

/// <summary>Collects the keys of accepted rows and counts those that come again.</summary>
internal sealed class UniqueTally<TRow>(UniqueRule<TRow> rule, IKeyHashes hashes)
    where TRow : class, new()
{
    private const int Examples = 3;

    // A row is named by its file and line in one number: a million files, eight million million lines.
    private const int LineBits = 43;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private readonly RowBatch<TRow> _single = new();
    private Dictionary<long, string?>? _keys;

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
    public bool NeedsVerification => (_keys ??= hashes.Repeated().ToDictionary(found => found.Row, _ => (string?)null))
        .Values.Any(key => key is null);

    /// <summary>Reads the keys of the rows in question.</summary>
    public void Verify(RowBatch<TRow> batch)
    {
        if (!NeedsVerification)
            return;
        for (var i = 0; i < batch.Count; i++)
        {
            var place = Place(batch.Source(i));
            if (!_keys!.ContainsKey(place))
                continue;
            var row = batch.Row(i);
            // Lengths before texts, so that no two keys are one text.
            _keys[place] = string.Concat(rule.Columns
                .Select(column => column.Text(row))
                .Select(text => text is null ? "-" : FormattableString.Invariant($"{text.Length}:{text}")));
        }
    }

    public RuleReport Complete(long rows)
    {
        // What was not verified counts as its hash says.
        var keys = _keys ?? [];
        var repeated = hashes.Repeated()
            .GroupBy(found => (found.Hash, Key: keys.GetValueOrDefault(found.Row)))
            .SelectMany(same => same.Select(found => found.Row).Order().Skip(1))
            .Select(Source)
            .Order()
            .ToArray();
        double? share = rows > 0 ? (double)repeated.Length / rows : null;
        return new(
            rule.Name, repeated.Length, share, rule.Tolerance, rule.Severity,
            rule.Severity.Verdict(holds: share <= rule.Tolerance),
            [.. repeated.Take(Examples).Select(source => new RowExample(source.File, source.Line, []))]);
    }

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
