using System.Collections.Immutable;
using System.Linq.Expressions;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Where the contract of a row type begins.</summary>
public static class Contract
{
    /// <summary>The contract that every data set has: at least one row is accepted, every number is finite, and each
    /// file has exactly the columns of <typeparamref name="TRow"/>.</summary>
    public static Contract<TRow> For<TRow>()
        where TRow : class, new() => new();
}

/// <summary>What a data set of <typeparamref name="TRow"/> must satisfy. Two kinds of checks: a row that breaks a row
/// rule is set aside, and too many of them fail the data set; expectations are about all rows that remain. Immutable:
/// each method returns a contract with one more check, so a contract that needs a date is a function of that
/// date.</summary>
public sealed record Contract<TRow>
    where TRow : class, new()
{
    internal Contract()
    {
    }

    /// <summary>How messages call it.</summary>
    internal static string Name => $"The contract of {typeof(TRow).Name}";

    /// <summary>The severity of the checks that are added next.</summary>
    private Severity Severity { get; init; }

    internal ImmutableArray<RowRule<TRow>> Rules { get; init; } = [FiniteRule(0, Severity.Fail)];

    internal ImmutableArray<Expectation<TRow>> Expectations { get; init; } = [];

    internal ImmutableArray<HistoryCheck> HistoryChecks { get; init; } = [];

    internal HistoryOptions HistoryOptions { get; init; } = new();

    /// <summary>Batches at which history starts anew, and why.</summary>
    internal ImmutableSortedDictionary<string, string> Beginnings { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    internal ImmutableHashSet<string> ExtraColumns { get; init; } = [];

    internal ImmutableHashSet<string> AbsentColumns { get; init; } = [];

    internal Severity HeaderSeverity { get; init; } = Severity.Fail;

    /// <summary>Checks added by <paramref name="build"/> only warn when they are broken, and a row that breaks a rule
    /// there stays in the data set: it is counted. With a tolerance of 1 a rule only counts.</summary>
    public Contract<TRow> Warning(Func<Contract<TRow>, Contract<TRow>> build) =>
        build(this with { Severity = Severity.Warn }) with { Severity = Severity };

    /// <summary>How many rows must be accepted. Without this, one.</summary>
    public Contract<TRow> Rows(long? min = null, long? max = null) =>
        Expect(new Expectation<TRow>.OfRows(Bounds.Of($"{Name}: rows", min, max), Severity));

    /// <summary>How many rows of each file must be accepted.</summary>
    public Contract<TRow> RowsPerFile(long? min = null, long? max = null) =>
        Expect(new Expectation<TRow>.OfRowsPerFile(
            Bounds.Of($"{Name}: rows per file", min, max), Severity));

    /// <summary>How many rows each file has must stay as it was in the accepted files before it.</summary>
    public Contract<TRow> SteadyRows() => Steady(null, Statistic.Rows, null);

    /// <summary>The rows of each file and the usual statistics of every column must stay as they were in the accepted
    /// files before it: nulls; of numbers mean, standard deviation and quantiles; the extremes of those that are not
    /// whole; how many different values; new and vanished categories of texts, booleans and whole numbers.</summary>
    public Contract<TRow> SteadyAgainstHistory() => RowSchema<TRow>.Instance.Columns.Aggregate(
        SteadyRows(),
        (contract, column) => HistoryCheck.Usual(column).Aggregate(
            contract, (steady, check) => steady.Steady(column.Name, check.Statistic, check.Share)));

    /// <summary>When a file differs from those before it.</summary>
    public Contract<TRow> History(HistoryOptions options)
    {
        options.Validate();
        return this with { HistoryOptions = options };
    }

    /// <summary>Says that the world changed with a file: no earlier one is compared with it or with later
    /// ones.</summary>
    /// <param name="file">As data sets name it.</param>
    /// <param name="because">For the reader of a difference.</param>
    public Contract<TRow> HistoryStartsAt(string file, string because) =>
        this with { Beginnings = Beginnings.SetItem(file, because) };

    /// <summary>Adds the checks of one column.</summary>
    public Contract<TRow> Column<TValue>(
        Expression<Func<TRow, TValue>> column,
        Func<ColumnContract<TRow, TValue>, ColumnContract<TRow, TValue>> build) =>
        build(new(this, (Column<TRow, TValue>)ColumnName.Resolve<TRow>(column))).Contract;

    /// <summary>Adds a row rule: a row for which <paramref name="breaks"/> is true is set aside.</summary>
    /// <param name="name">The fault, as a reader of the report should see it: "drop-off before pick-up".</param>
    /// <param name="tolerance">The largest share of all rows, 0..1, that may break the rule.</param>
    /// <param name="breaks">Pure. Sees the row and where it was read.</param>
    /// <param name="shows">The columns to show in the example rows.</param>
    public Contract<TRow> Row(
        string name,
        double tolerance,
        Func<TRow, RowSource, bool> breaks,
        params Expression<Func<TRow, object?>>[] shows)
    {
        var columns = shows.Select(ColumnName.Resolve<TRow>).ToArray();
        return Rule(new RowRule<TRow>.Predicate(name, tolerance, Severity, columns, breaks));
    }

    /// <summary>How many rows may have NaN or an infinity in a number. Without this, none.</summary>
    public Contract<TRow> NonFinite(double tolerance) => this with
    {
        Rules = Rules.SetItem(0, Checked(FiniteRule(tolerance, Severity))),
    };

    /// <summary>What a file with other columns than the row type does. Without this, it fails the data set.</summary>
    public Contract<TRow> Headers(Severity severity) => this with { HeaderSeverity = severity };

    /// <summary>Columns that a file may have although the row type has not.</summary>
    public Contract<TRow> AllowsExtraColumns(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (RowSchema<TRow>.Instance.Find(name) is not null)
                throw new ArgumentException(
                    $"{Name} allows the extra column '{name}', which the row type has. Remove it.");
        }
        return this with { ExtraColumns = ExtraColumns.Union(names.ToArray()) };
    }

    /// <summary>Columns that a file may lack; its rows have no value there.</summary>
    public Contract<TRow> AllowsMissingColumns(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (RowSchema<TRow>.Instance.Find(name) is not { IsNullable: true })
                throw new ArgumentException(
                    $"{Name} lets files lack '{name}', which is no nullable column of the row type. "
                    + "Make the property nullable, or remove it here.");
        }
        return this with { AbsentColumns = AbsentColumns.Union(names.ToArray()) };
    }

    /// <summary>Starts a check of one data set.</summary>
    /// <param name="history">The accepted files of earlier runs.</param>
    public ContractCheck<TRow> Begin(ContractHistory? history = null) => new(this, history ?? ContractHistory.Empty);

    internal Contract<TRow> Steady(string? column, Statistic statistic, double? share)
    {
        var check = new HistoryCheck(column, statistic, share, Severity);
        return HistoryChecks.Any(other => (other with { Severity = Severity }) == check)
            ? this
            : this with { HistoryChecks = HistoryChecks.Add(check) };
    }

    internal Contract<TRow> Range(Column<TRow> column, Bounds bounds, double tolerance) =>
        Rule(new RowRule<TRow>.Range(column, bounds, tolerance, Severity));

    internal Contract<TRow> Expect(Func<Severity, Expectation<TRow>> expectation) => Expect(expectation(Severity));

    private Contract<TRow> Expect(Expectation<TRow> expectation) =>
        this with { Expectations = Expectations.Add(expectation) };

    private Contract<TRow> Rule(RowRule<TRow> rule) => Rules.Any(other => other.Name == rule.Name)
        ? throw new ArgumentException($"{Name} has two rules '{rule.Name}'. Rename or remove one.")
        : this with { Rules = Rules.Add(Checked(rule)) };

    private static RowRule<TRow> FiniteRule(double tolerance, Severity severity) => new RowRule<TRow>.Finite(
        tolerance, severity,
        [.. RowSchema<TRow>.Instance.Columns.Where(column => column.Type == ColumnType.Double)]);

    private static RowRule<TRow> Checked(RowRule<TRow> rule) => rule.Tolerance is >= 0 and <= 1
        ? rule
        : throw new ArgumentException(
            $"{Name}: rule '{rule.Name}' tolerates {Figures.Number(rule.Tolerance)} of the rows. "
            + "Give a share in 0..1.");
}
