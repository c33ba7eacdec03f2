using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Contracts;

/// <summary>Checks one data set against its contract, row by row or batch by batch: open each file, check its rows,
/// then complete. Memory grows with the number of files and columns, not of rows. No fault in the data throws. Not for
/// several threads at once.</summary>
public sealed class ContractCheck<TRow> : IDisposable
    where TRow : class, new()
{
    /// <summary>Different values are counted exactly up to this number, or up to a larger limit that the contract
    /// names.</summary>
    public const int DistinctCap = 10_000;

    /// <summary>The same for columns of dates, which are rarely counted and seldom alike.</summary>
    public const int DistinctDatesCap = 1_000;

    /// <summary>Files whose rows may alternate without a loss: when one more begins, the first of them rests, and what
    /// comes for it later makes its statistics estimates.</summary>
    public const int OpenFiles = 16;

    private static readonly RowOutcome Accepted = new RowOutcome.Accepted();

    private readonly Contract<TRow> _contract;
    private readonly ContractHistory _history;
    private readonly IReadOnlyList<Expectation<TRow>> _expectations;
    private readonly HeaderTally<TRow> _headers;
    private readonly RuleTally<TRow>[] _rules;
    private readonly BatchRules<TRow> _batchRules;
    private readonly UniqueTally<TRow>[] _keys;
    private readonly CategoryTally<TRow>[] _categories;
    private readonly SortedDictionary<string, FileTally<TRow>> _files = new(StringComparer.Ordinal);
    private readonly Queue<FileTally<TRow>> _open = [];
    private readonly ColumnTally<TRow>[] _rested;
    private (string Name, FileTally<TRow> Tally)? _last;
    private long _setAside;

    internal ContractCheck(Contract<TRow> contract, ContractHistory history, Func<IKeyHashes> keys)
    {
        (_contract, _history) = (contract, history);
        _expectations = WithRows(contract.Expectations);
        _headers = new(contract);
        _rules = [.. contract.Rules.Select(rule => new RuleTally<TRow>(rule.ForOneCheck()))];
        _batchRules = new(_rules, (rule, source) => File(source).Broken[rule]++);
        _keys = [.. contract.Keys.Select(rule => new UniqueTally<TRow>(rule, keys()))];
        _rested = NewColumns();
        _categories =
        [
            .. _expectations.OfType<Expectation<TRow>.OfCategories>()
                .Select(expectation => new CategoryTally<TRow>(expectation)),
        ];
    }

    /// <summary>Says that rows of <paramref name="file"/> come next, or later, and which columns it has.</summary>
    /// <param name="content">Tells the bytes of the file, for its place in history.</param>
    /// <exception cref="ArgumentException">The file was opened before.</exception>
    public void Open(string file, IReadOnlyList<string> header, string? content = null)
    {
        if (!_files.TryAdd(file, new(content, _rules.Length, NewColumns)))
            throw new ArgumentException(
                $"'{file}' was opened twice. A contract tells files apart by name: give each its own.");
        _headers.Add(file, header);
    }

    /// <summary>Checks a row against every row rule. An accepted row is measured; the caller keeps or drops
    /// it.</summary>
    /// <exception cref="ArgumentException">The row's file was not opened.</exception>
    /// <exception cref="InvalidOperationException">A rule of the contract threw.</exception>
    public RowOutcome Check(TRow row, RowSource source)
    {
        var file = File(source);
        file.RowsSeen++;

        RowOutcome? setAside = null;
        for (var rule = 0; rule < _rules.Length; rule++)
        {
            if (!_rules[rule].IsBrokenBy(row, source))
                continue;
            file.Broken[rule]++;
            if (_rules[rule].Rule.SetsAside)
                setAside ??= _rules[rule].SetAside;
        }
        if (setAside is not null)
        {
            _setAside++;
            return setAside;
        }

        file.RowsAccepted++;
        foreach (var column in Columns(file))
            column.Add(row);
        foreach (var categories in _categories)
            categories.Add(row);
        foreach (var key in _keys)
            key.Add(row, source);
        return Accepted;
    }

    /// <summary>Checks rows against every row rule, as <see cref="Check(TRow, RowSource)"/> does one by one. Those that
    /// break one leave the batch; those that remain are measured.</summary>
    /// <param name="batch">Rows of files that were opened; after, the accepted ones in their order.</param>
    /// <param name="setAside">Is told of each row that leaves the batch, in their order.</param>
    /// <exception cref="ArgumentException">A row's file was not opened.</exception>
    /// <exception cref="InvalidOperationException">A rule of the contract threw.</exception>
    public void Sift(RowBatch<TRow> batch, Action<BrokenRow>? setAside = null)
    {
        for (int first = 0, length; first < batch.Count; first += length)
        {
            length = OneFile(batch, first);
            File(batch.Source(first)).RowsSeen += length;
        }

        var keep = _batchRules.Check(batch, setAside);
        _setAside += keep.Count(false);
        batch.Keep(keep);

        for (int first = 0, length; first < batch.Count; first += length)
        {
            length = OneFile(batch, first);
            var file = File(batch.Source(first));
            file.RowsAccepted += length;
            foreach (var column in Columns(file))
                column.Add(batch, first, length);
        }
        foreach (var categories in _categories)
            categories.Add(batch, _batchRules.Marks(batch.Count));
        foreach (var key in _keys)
            key.Add(batch);
    }

    /// <summary>True where a key may have come again. The report then counts equal hashes, 64 bits of each key, unless
    /// <see cref="Verify"/> has seen the accepted rows once more. Where more than a million rows have, it counts
    /// hashes all the same: it then changes nothing that two of a billion keys have one by chance.</summary>
    public bool NeedsVerification => _keys.Any(key => key.NeedsVerification);

    /// <summary>Compares the keys themselves where their hashes are equal. Call it after the last row, with all
    /// accepted rows in any order.</summary>
    public void Verify(RowBatch<TRow> accepted)
    {
        foreach (var key in _keys)
            key.Verify(accepted);
    }

    /// <summary>What was measured so far. Changes nothing.</summary>
    public ContractReport Complete()
    {
        var (files, comparisons) = CompleteFiles();
        var total = _rested.Select(column => column.Copy()).ToArray();
        foreach (var file in _files.Values)
            file.AddTo(total);
        var columns = total.Select(column => column.Complete()).ToArray();
        return new(
            typeof(TRow).Name,
            RowsSeen,
            RowsAccepted,
            _setAside,
            _headers.Complete(),
            [.. _contract.Columns.Zip(columns, Schema)],
            [.. _rules.Select(rule => rule.Complete(RowsSeen)), .. _keys.Select(key => key.Complete(RowsAccepted))],
            [.. _expectations.SelectMany(expectation => Judge(expectation, columns))],
            comparisons,
            columns,
            files);
    }

    private SchemaReport Schema(Column<TRow> column, ColumnStatistics statistics) => new(
        column.Name, column.Type, column.IsNullable, _headers.FilesWithout(column.Name), statistics.Nulls,
        _contract.HeaderSeverity.Verdict(holds: column.IsNullable || statistics.Nulls == 0));

    /// <summary>Closes and removes what the search for repeated keys has put on disk.</summary>
    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }

    // In the order of their names: a file is compared with the accepted ones before it only.
    private (IReadOnlyList<FileReport>, IReadOnlyList<HistoryReport>) CompleteFiles()
    {
        var batches = new BatchHistory(_contract.HistoryChecks, _contract.HistoryOptions, _contract.Beginnings);
        var measured = _files
            .Select(file => new FileReport(
                file.Key, file.Value.Content, file.Value.RowsSeen, file.Value.RowsAccepted,
                Faults(file.Key, file.Value), file.Value.Complete()))
            .ToArray();
        var before = _history.Without(measured.Select(file => file.Record()));
        return batches.Judge(measured, before);
    }

    // A tolerance is about the whole data set: a small part of it may have more by chance.
    private static bool IsBroken(RowRule<TRow> rule, long broken, long seen) =>
        broken > 0 && WilsonInterval.Of(broken, seen, 0.999).Low > rule.Tolerance;

    // What is wrong with one file, apart from its history.
    private IReadOnlyList<string> Faults(string name, FileTally<TRow> file) =>
    [
        .. _contract.HeaderSeverity == Severity.Fail && _headers.IsDifferent(name) ? ["columns"] : (string[])[],
        .. file.RowsAccepted == 0
            || _expectations.OfType<Expectation<TRow>.OfRowsPerFile>().Any(
                rows => rows.Severity == Severity.Fail && !rows.Bounds.Contain(file.RowsAccepted))
            ? ["rows"]
            : (string[])[],
        .. _rules.Select(rule => rule.Rule)
            .Where((rule, index) => rule.Severity == Severity.Fail && IsBroken(rule, file.Broken[index], file.RowsSeen))
            .Select(rule => rule.Name),
    ];

    private long RowsSeen => _files.Values.Sum(file => file.RowsSeen);

    private long RowsAccepted => _files.Values.Sum(file => file.RowsAccepted);

    // How many consecutive rows are of one file.
    private static int OneFile(RowBatch<TRow> batch, int first)
    {
        var files = batch.Files;
        var end = first + 1;
        while (end < files.Length && (ReferenceEquals(files[end], files[first]) || files[end] == files[first]))
            end++;
        return end - first;
    }

    private FileTally<TRow> File(RowSource source)
    {
        if (_last is { } last && last.Name == source.File)
            return last.Tally;
        if (!_files.TryGetValue(source.File, out var file))
            throw new ArgumentException(
                $"BUG: {source} was checked before '{source.File}' was opened with its header.");
        _last = (source.File, file);
        return file;
    }

    private ColumnTally<TRow>[] Columns(FileTally<TRow> file)
    {
        if (!file.IsOpen)
        {
            if (_open.Count == OpenFiles)
                _open.Dequeue().Rest(_rested);
            _open.Enqueue(file);
        }
        return file.Columns;
    }

    private ColumnTally<TRow>[] NewColumns() =>
        [.. _contract.Columns.Select(column => ColumnTally<TRow>.Of(column, CapFor(column)))];

    private IEnumerable<ExpectationReport> Judge(Expectation<TRow> expectation, ColumnStatistics[] columns) =>
        expectation switch
        {
            Expectation<TRow>.OfRows rows => [Judge(rows.Bounds, rows.Severity, null, RowsAccepted)],
            Expectation<TRow>.OfRowsPerFile rows =>
                _files.Select(file => Judge(rows.Bounds, rows.Severity, file.Key, file.Value.RowsAccepted)),
            Expectation<TRow>.OfColumn column =>
                [Judge(column, columns.Single(statistics => statistics.Column == column.Column.Name))],
            Expectation<TRow>.OfCategories =>
                [_categories.Single(tally => ReferenceEquals(tally.Expectation, expectation)).Complete()],
            _ => throw new NotSupportedException($"BUG: no judgement of {expectation.GetType().Name}."),
        };

    private static ExpectationReport Judge(Bounds bounds, Severity severity, string? file, long rows) =>
        new(
            Statistic.Rows, null, null, file, rows, false, bounds, [], [], severity,
            severity.Verdict(bounds.Contain(rows)));

    private static ExpectationReport Judge(Expectation<TRow>.OfColumn expectation, ColumnStatistics statistics)
    {
        var (column, statistic, bounds, severity, share) = expectation;
        var measured = statistics.Measured(statistic, share);
        var isEstimate = statistic == Statistic.Cardinality && statistics.IsDistinctEstimate;
        // The cap is no smaller than either limit: more than the cap is above a maximum and satisfies a minimum.
        var holds = measured is { } number && (isEstimate ? bounds.Max is null : bounds.Contain(number));
        return new(
            statistic, column.Name, share, null, measured, isEstimate, bounds, [], [], severity,
            severity.Verdict(holds));
    }

    // Data without a row satisfies nothing, whatever the contract forgot to say or only warns about.
    private static IReadOnlyList<Expectation<TRow>> WithRows(IReadOnlyList<Expectation<TRow>> expectations) =>
        expectations.Any(e => e is Expectation<TRow>.OfRows { Severity: Severity.Fail, Bounds.Min: >= 1 })
            ? expectations
            : [new Expectation<TRow>.OfRows(new(1, null), Severity.Fail), .. expectations];

    private int CapFor(Column<TRow> column) => _expectations.OfType<Expectation<TRow>.OfColumn>()
        .Where(expectation => expectation.Column == column && expectation.Statistic == Statistic.Cardinality)
        .SelectMany(expectation => new[] { expectation.Bounds.Min ?? 0, expectation.Bounds.Max ?? 0 })
        .Append(column.Type == ColumnType.DateTime ? DistinctDatesCap : DistinctCap)
        .Max(limit => (int)limit);
}
