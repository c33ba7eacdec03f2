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

    internal ImmutableArray<UniqueRule<TRow>> Keys { get; init; } = [];

    internal ImmutableArray<HistoryCheck> HistoryChecks { get; init; } = [];

    internal HistoryOptions HistoryOptions { get; init; } = new();

    /// <summary>Batches at which history starts anew, and why.</summary>
    internal ImmutableSortedDictionary<string, string> Beginnings { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Columns that exist only in training.</summary>
    internal ImmutableHashSet<string> TrainingColumns { get; init; } = [];

    /// <summary>Columns of the row type that the data does not have here.</summary>
    internal ImmutableHashSet<string> LeftOut { get; init; } = [];

    internal IEnumerable<Column<TRow>> Columns =>
        RowSchema<TRow>.Instance.Columns.Where(column => !LeftOut.Contains(column.Name));

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
    /// <remarks>What is asked for as a warning and as a failure fails, whichever came first: so a contract can warn of
    /// everything, and fail for the columns that matter.</remarks>
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
        build(new(this, ColumnName.Resolve(column))).Contract;

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

    /// <summary>No two accepted rows of the data set have the same values in these columns; an absent value equals an
    /// absent one. No row is set aside: which of them is wrong is for the rules about duplicates.</summary>
    /// <param name="tolerance">The largest share of accepted rows, 0..1, whose key an earlier row has.</param>
    public Contract<TRow> Unique(string name, double tolerance, params Expression<Func<TRow, object?>>[] key)
    {
        var rule = new UniqueRule<TRow>(name, tolerance, Severity, [.. key.Select(ColumnName.Resolve<TRow>)]);
        if (rule.Columns.Count == 0)
            throw new ArgumentException($"{Name}: rule '{name}' has no key. Name its columns.");
        Named(name, tolerance);
        return this with { Keys = Keys.Add(rule) };
    }

    /// <summary>A row rule: the column's value is in a second table. A row without a value keeps it.</summary>
    /// <param name="keys">Of the second table, which whoever builds the contract has read.</param>
    public Contract<TRow> References<TValue>(
        string name, double tolerance, Expression<Func<TRow, TValue>> column, IReadOnlySet<TValue> keys) =>
        Rule(new RowRule<TRow>.Reference(
            name, tolerance, Severity,
            new AllowedValues<TRow, TValue>(ColumnName.Resolve(column), keys)));

    /// <summary>A row rule: within a file, no value is smaller than that of the row before. One that is too large makes
    /// the next one break the rule, and no more.</summary>
    public Contract<TRow> Monotone<TValue>(Expression<Func<TRow, TValue>> column, double tolerance = 0) =>
        Rule(new RowRule<TRow>.Order(ColumnName.Resolve<TRow>(column), tolerance, Severity));

    /// <summary>Columns that only the past knows: labels, outcomes. See <see cref="At"/>.</summary>
    public Contract<TRow> OnlyInTraining(params Expression<Func<TRow, object?>>[] columns) => this with
    {
        TrainingColumns = TrainingColumns.Union(columns.Select(column => ColumnName.Resolve<TRow>(column).Name)),
    };

    /// <summary>The contract of the data there. At serving, columns that exist only in training must not be there, and
    /// no check is about them; a C# rule is left out when it shows one of them.</summary>
    public Contract<TRow> At(ContractEnvironment environment)
    {
        if (environment == ContractEnvironment.Training)
            return this with { LeftOut = [] };
        var absent = TrainingColumns;
        return this with
        {
            LeftOut = absent,
            Rules = [.. Rules.Select(rule => rule.Without(absent)).OfType<RowRule<TRow>>()],
            Keys = [.. Keys.Where(key => !key.Columns.Any(column => absent.Contains(column.Name)))],
            HistoryChecks = [.. HistoryChecks.Where(check => check.Column is null || !absent.Contains(check.Column))],
            Expectations =
            [
                .. Expectations.Where(expectation => expectation switch
                {
                    Expectation<TRow>.OfColumn column => !absent.Contains(column.Column.Name),
                    Expectation<TRow>.OfCategories categories => !absent.Contains(categories.Allowed.Column.Name),
                    _ => true,
                }),
            ],
        };
    }

    /// <summary>What it says of a row that is alone and lacks some columns.</summary>
    public SingleRowContract<TRow> OfSingleRows(IReadOnlySet<string> absent) => new(this, absent);

    /// <summary>How many rows may have NaN or an infinity in a number. Without this, none.</summary>
    public Contract<TRow> NonFinite(double tolerance)
    {
        var rule = FiniteRule(tolerance, Severity);
        var others = this with { Rules = Rules.RemoveAt(0) };
        others.Named(rule.Name, tolerance);
        return this with { Rules = Rules.SetItem(0, rule) };
    }

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
    /// <param name="keys">Makes what finds repeated keys, one for each rule of unique keys. Without it, 16 bytes of
    /// memory a row.</param>
    /// <returns>To be disposed: what <paramref name="keys"/> makes may hold files.</returns>
    public ContractCheck<TRow> Begin(ContractHistory? history = null, Func<IKeyHashes>? keys = null) =>
        new(this, history ?? ContractHistory.Empty, keys ?? (() => new KeyHashesInMemory()));

    internal Contract<TRow> Steady(string? column, Statistic statistic, double? share)
    {
        var check = new HistoryCheck(column, statistic, share, Severity);
        return HistoryChecks.FirstOrDefault(other => (other with { Severity = Severity }) == check) is { } same
            ? this with
            {
                HistoryChecks = Severity == Severity.Fail ? HistoryChecks.Replace(same, check) : HistoryChecks,
            }
            : this with { HistoryChecks = HistoryChecks.Add(check) };
    }

    internal Contract<TRow> Range(Column<TRow> column, Bounds bounds, double tolerance) =>
        Rule(new RowRule<TRow>.Range(column, bounds, tolerance, Severity));

    internal Contract<TRow> Expect(Func<Severity, Expectation<TRow>> expectation) => Expect(expectation(Severity));

    private Contract<TRow> Expect(Expectation<TRow> expectation) =>
        this with { Expectations = Expectations.Add(expectation) };

    private Contract<TRow> Rule(RowRule<TRow> rule)
    {
        Named(rule.Name, rule.Tolerance);
        return this with { Rules = Rules.Add(rule) };
    }

    private void Named(string rule, double tolerance)
    {
        if (Rules.Any(other => other.Name == rule) || Keys.Any(other => other.Name == rule))
            throw new ArgumentException($"{Name} has two rules '{rule}'. Rename or remove one.");
        if (tolerance is not (>= 0 and <= 1))
            throw new ArgumentException(
                $"{Name}: rule '{rule}' tolerates {Figures.Number(tolerance)} of the rows. Give a share in 0..1.");
    }

    private static RowRule<TRow> FiniteRule(double tolerance, Severity severity) => new RowRule<TRow>.Finite(
        tolerance, severity,
        [.. RowSchema<TRow>.Instance.Columns.Where(column => column.Type == ColumnType.Double)]);
}
