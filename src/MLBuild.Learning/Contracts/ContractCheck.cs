using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Checks one data set against its contract, row by row: open each file, check its rows, then complete. Memory
/// grows with the number of files and columns, not of rows. No fault in the data throws. Not for several threads at
/// once.</summary>
public sealed class ContractCheck<TRow>
    where TRow : class, new()
{
    /// <summary>Distinct values are counted exactly up to this number, or up to a larger limit that the contract
    /// names.</summary>
    public const int DistinctCap = 10_000;

    private static readonly RowOutcome Accepted = new RowOutcome.Accepted();

    private readonly IReadOnlyList<Expectation<TRow>> _expectations;
    private readonly HeaderTally<TRow> _headers;
    private readonly RuleTally<TRow>[] _rules;
    private readonly ColumnMeasure<TRow>[] _columns;
    private readonly CategoryTally<TRow>[] _categories;
    private readonly SortedDictionary<string, FileTally> _files = new(StringComparer.Ordinal);
    private long _setAside;

    internal ContractCheck(Contract<TRow> contract)
    {
        _expectations = WithRows(contract.Expectations);
        _headers = new(contract);
        _rules = [.. contract.Rules.Select(rule => new RuleTally<TRow>(rule))];
        _columns =
        [
            .. RowSchema<TRow>.Instance.Columns.Select(column => ColumnMeasure<TRow>.Of(column, CapFor(column))),
        ];
        _categories =
        [
            .. _expectations.OfType<Expectation<TRow>.OfCategories>()
                .Select(expectation => new CategoryTally<TRow>(expectation)),
        ];
    }

    /// <summary>Says that rows of <paramref name="file"/> come next, or later, and which columns it has.</summary>
    /// <exception cref="ArgumentException">The file was opened before.</exception>
    public void Open(string file, IReadOnlyList<string> header)
    {
        if (!_files.TryAdd(file, new()))
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
        if (!_files.TryGetValue(source.File, out var file))
            throw new ArgumentException(
                $"BUG: {source} was checked before '{source.File}' was opened with its header.");
        file.RowsSeen++;

        RowOutcome? setAside = null;
        foreach (var rule in _rules)
        {
            if (rule.IsBrokenBy(row, source))
                setAside ??= rule.SetAside;
        }
        if (setAside is not null)
        {
            _setAside++;
            return setAside;
        }

        file.RowsAccepted++;
        foreach (var column in _columns)
            column.Add(row);
        foreach (var categories in _categories)
            categories.Add(row);
        return Accepted;
    }

    /// <summary>What was measured so far. Changes nothing.</summary>
    public ContractReport Complete()
    {
        var columns = _columns.Select(column => column.Complete()).ToArray();
        return new(
            typeof(TRow).Name,
            RowsSeen,
            RowsAccepted,
            _setAside,
            [.. _files.Select(file => new FileReport(file.Key, file.Value.RowsSeen, file.Value.RowsAccepted))],
            _headers.Complete(),
            [.. _rules.Select(rule => rule.Complete(RowsSeen))],
            [.. _expectations.SelectMany(expectation => Judge(expectation, columns))],
            columns);
    }

    private long RowsSeen => _files.Values.Sum(file => file.RowsSeen);

    private long RowsAccepted => _files.Values.Sum(file => file.RowsAccepted);

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
        new(Statistic.Rows, null, file, rows, false, bounds, [], [], severity, severity.Verdict(bounds.Contain(rows)));

    private static ExpectationReport Judge(Expectation<TRow>.OfColumn expectation, ColumnStatistics statistics)
    {
        var (column, statistic, bounds, severity) = expectation;
        var measured = statistics.Measured(statistic);
        var isMore = statistic == Statistic.Cardinality && statistics.IsDistinctMore;
        // The cap is no smaller than either limit: "more than the cap" is above a maximum and satisfies a minimum.
        var holds = measured is { } number && (isMore ? bounds.Max is null : bounds.Contain(number));
        return new(
            statistic, column.Name, null, measured, isMore, bounds, [], [], severity, severity.Verdict(holds));
    }

    // Data without a row satisfies nothing, whatever the contract forgot to say or only warns about.
    private static IReadOnlyList<Expectation<TRow>> WithRows(IReadOnlyList<Expectation<TRow>> expectations) =>
        expectations.Any(e => e is Expectation<TRow>.OfRows { Severity: Severity.Fail, Bounds.Min: >= 1 })
            ? expectations
            : [new Expectation<TRow>.OfRows(new(1, null), Severity.Fail), .. expectations];

    private int CapFor(Column<TRow> column) => _expectations.OfType<Expectation<TRow>.OfColumn>()
        .Where(expectation => expectation.Column == column && expectation.Statistic == Statistic.Cardinality)
        .SelectMany(expectation => new[] { expectation.Bounds.Min ?? 0, expectation.Bounds.Max ?? 0 })
        .Aggregate(DistinctCap, (cap, limit) => Math.Max(cap, (int)limit));

    private sealed class FileTally
    {
        public long RowsSeen { get; set; }

        public long RowsAccepted { get; set; }
    }
}
