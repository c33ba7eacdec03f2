using System.Collections.Immutable;
using System.Globalization;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Contracts to documents, and back as far as no C# is needed.</summary>
public static class ContractDocuments
{
    /// <summary>The contract as a text for people and differences.</summary>
    public static ContractDocument ToDocument<TRow>(this Contract<TRow> contract)
        where TRow : class, new() => new()
        {
            RowType = typeof(TRow).Name,
            Headers = contract.HeaderSeverity,
            History = contract.HistoryOptions,
            Columns =
            [
                .. contract.Columns.Select(column => new ColumnEntry(
                    column.Name, column.Type, True(column.IsNullable),
                    True(contract.AbsentColumns.Contains(column.Name)),
                    contract.TrainingColumns.Contains(column.Name) ? ContractEnvironment.Training : null)),
            ],
            Rules =
            [
                .. contract.Rules.Select(Entry),
                .. contract.Keys.Select(key => new RuleEntry(
                    key.Name, RuleKind.Unique, [.. key.Columns.Select(column => column.Name)],
                    Tolerance: key.Tolerance, Severity: key.Severity)),
            ],
            Expectations = [.. contract.Expectations.Select(Entry)],
            Steady =
            [
                .. contract.HistoryChecks.Select(check =>
                    new SteadyEntry(check.Column, check.Statistic, check.Share, check.Severity)),
            ],
            Beginnings = [.. contract.Beginnings.Select(start => new BeginningEntry(start.Key, start.Value))],
            Extra = [.. contract.ExtraColumns.Order(StringComparer.Ordinal).Select(name => new ExtraEntry(name))],
        };

    /// <summary>The contract with what the document says in place of its own: bounds, order, tolerances, severities,
    /// keys, history. Of its own only rules stay that C# finds; those that the document names take tolerance and
    /// severity from there.</summary>
    /// <exception cref="ArgumentException">The document is about another row type, or names a rule that only C# can
    /// supply and the contract does not have; all such faults are named.</exception>
    public static Contract<TRow> With<TRow>(this Contract<TRow> contract, ContractDocument document)
        where TRow : class, new()
    {
        var faults = Faults(contract, document).ToArray();
        if (faults.Length > 0)
            throw new ArgumentException(
                $"{Contract<TRow>.Name} cannot take its document: {string.Join("; ", faults)}.");
        document.History.Validate();
        var named = document.Rules.Where(rule => rule.Kind != RuleKind.Unique).ToArray();
        var rules = named.Select(entry => Rule(contract, entry)).ToArray();
        return contract with
        {
            HeaderSeverity = document.Headers,
            HistoryOptions = document.History,
            Rules =
            [
                // The rule about finite numbers is always the first.
                .. rules.OfType<RowRule<TRow>.Finite>().DefaultIfEmpty((RowRule<TRow>.Finite)contract.Rules[0]),
                .. rules.Where(rule => rule is not RowRule<TRow>.Finite),
                .. contract.Rules
                    .Where(rule => rule is RowRule<TRow>.Predicate or RowRule<TRow>.Reference)
                    .Where(rule => named.All(entry => entry.Rule != rule.Name)),
            ],
            Keys =
            [
                .. document.Rules.Where(rule => rule.Kind == RuleKind.Unique).Select(entry => new UniqueRule<TRow>(
                    entry.Rule, entry.Tolerance, entry.Severity, [.. entry.Columns.Select(Find<TRow>)])),
            ],
            Expectations = [.. document.Expectations.Select(Expectation<TRow>)],
            HistoryChecks =
            [
                .. document.Steady.Select(entry =>
                    new HistoryCheck(entry.Column, entry.Statistic, entry.Share, entry.Severity)),
            ],
            Beginnings = document.Beginnings
                .ToImmutableSortedDictionary(start => start.File, start => start.Because, StringComparer.Ordinal),
            ExtraColumns = [.. document.Extra.Select(extra => extra.Name)],
            AbsentColumns = [.. document.Columns.Where(column => column.Missing == true).Select(column => column.Name)],
            TrainingColumns =
            [
                .. document.Columns.Where(column => column.OnlyIn is not null).Select(column => column.Name),
            ],
        };
    }

    private static IEnumerable<string> Faults<TRow>(Contract<TRow> contract, ContractDocument document)
        where TRow : class, new()
    {
        var schema = RowSchema<TRow>.Instance;
        if (document.RowType != typeof(TRow).Name)
            yield return $"it is about {document.RowType}";
        foreach (var entry in document.Columns)
        {
            if (schema.Find(entry.Name) is not { } column)
                yield return $"the row type has no column '{entry.Name}'";
            else if (column.Type != entry.Type || column.IsNullable != (entry.Nullable == true))
                yield return $"column '{entry.Name}' is {column.Type}{(column.IsNullable ? "?" : "")} in C# and "
                    + $"{entry.Type}{(entry.Nullable == true ? "?" : "")} there";
        }
        var names = document.Rules.SelectMany(rule => rule.Columns)
            .Concat(document.Expectations.Select(entry => entry.Column))
            .Concat(document.Steady.Select(entry => entry.Column));
        foreach (var name in names.OfType<string>().Distinct().Where(name => schema.Find(name) is null))
            yield return $"a check names column '{name}', which the row type has not";
        foreach (var column in document.Columns.Where(column => column is { Missing: true, Nullable: not true }))
            yield return $"files may lack column '{column.Name}', which is not nullable";
        foreach (var twice in document.Rules.CountBy(rule => rule.Rule).Where(same => same.Value > 1))
            yield return $"it has {twice.Value} rules '{twice.Key}'";
        foreach (var rule in document.Rules)
        {
            if (rule.Kind is RuleKind.Code or RuleKind.References && contract.Rules.All(own => own.Name != rule.Rule))
                yield return $"only C# can supply rule '{rule.Rule}': add it to the contract";
            if (rule.Tolerance is not (>= 0 and <= 1))
                yield return $"rule '{rule.Rule}' tolerates {Figures.Number(rule.Tolerance)}, expected 0..1";
            if (rule.Kind == RuleKind.Range && rule is { Min: null, Max: null })
                yield return $"rule '{rule.Rule}' has no limit";
            if (rule.Kind is RuleKind.Range or RuleKind.Monotone && rule.Columns.Count != 1)
                yield return $"rule '{rule.Rule}' needs one column";
            if (rule.Kind == RuleKind.Unique && rule.Columns.Count == 0)
                yield return $"rule '{rule.Rule}' has no key";
            if (rule.Kind == RuleKind.Range && rule.Columns.Any(name => schema.Find(name) is { IsNumeric: false }))
                yield return $"rule '{rule.Rule}' needs a numeric column";
        }
        foreach (var entry in document.Expectations)
        {
            if (entry.Statistic is Statistic.NewCategories or Statistic.VanishedCategories)
                yield return $"{entry.Statistic} is no expectation, but can be steady";
            foreach (var fault in Faults<TRow>(entry.Statistic, entry.Column, entry.Share))
                yield return fault;
        }
        foreach (var entry in document.Steady)
        {
            if (entry.Statistic == Statistic.OtherCategories)
                yield return $"{entry.Statistic} cannot be steady; NewCategories can";
            foreach (var fault in Faults<TRow>(entry.Statistic, entry.Column, entry.Share))
                yield return fault;
        }
    }

    private static IEnumerable<string> Faults<TRow>(Statistic statistic, string? column, double? share)
        where TRow : class, new()
    {
        if (column is null && statistic != Statistic.Rows)
            yield return $"{statistic} has no column";
        if (column is not null && statistic == Statistic.Rows)
            yield return $"{statistic} is of no column, and has '{column}'";
        if (statistic == Statistic.Quantile && share is not (> 0 and < 1))
            yield return $"a quantile of '{column}' has no share above 0 and below 1";
        var isOfNumbers = statistic is Statistic.Mean or Statistic.StandardDeviation or Statistic.Minimum
            or Statistic.Maximum or Statistic.Quantile;
        if (isOfNumbers && column is not null && RowSchema<TRow>.Instance.Find(column) is { IsNumeric: false })
            yield return $"{statistic} needs a numeric column, and '{column}' is none";
    }

    private static RowRule<TRow> Rule<TRow>(Contract<TRow> contract, RuleEntry entry)
        where TRow : class, new() => entry.Kind switch
        {
            RuleKind.Range => new RowRule<TRow>.Range(
                Find<TRow>(entry.Columns[0]), Bounds.Of($"rule '{entry.Rule}'", entry.Min, entry.Max), entry.Tolerance,
                entry.Severity),
            RuleKind.Monotone => new RowRule<TRow>.Order(
                Find<TRow>(entry.Columns[0]), entry.Tolerance, entry.Severity),
            RuleKind.Finite => contract.Rules[0] with { Tolerance = entry.Tolerance, Severity = entry.Severity },
            _ => contract.Rules.Single(rule => rule.Name == entry.Rule) with
            {
                Tolerance = entry.Tolerance,
                Severity = entry.Severity,
            },
        };

    private static Expectation<TRow> Expectation<TRow>(ExpectationEntry entry)
        where TRow : class, new()
    {
        var severity = entry.Severity;
        if (entry.Statistic == Statistic.OtherCategories)
        {
            var allowed = entry.Allowed ?? [];
            return new Expectation<TRow>.OfCategories(
                Find<TRow>(entry.Column!).Use(new AllowedParser<TRow>(allowed)), allowed, severity);
        }
        var bounds = Bounds.Of($"{entry.Statistic} of '{entry.Column}'", entry.Min, entry.Max);
        return entry switch
        {
            { Statistic: Statistic.Rows, PerFile: true } => new Expectation<TRow>.OfRowsPerFile(bounds, severity),
            { Statistic: Statistic.Rows } => new Expectation<TRow>.OfRows(bounds, severity),
            _ => new Expectation<TRow>.OfColumn(
                Find<TRow>(entry.Column!), entry.Statistic, bounds, severity, entry.Share),
        };
    }

    private static RuleEntry Entry<TRow>(RowRule<TRow> rule)
        where TRow : class, new()
    {
        var entry = new RuleEntry(
            rule.Name, RuleKind.Code, [.. rule.Columns.Select(column => column.Name)], Tolerance: rule.Tolerance,
            Severity: rule.Severity);
        return rule switch
        {
            RowRule<TRow>.Range range => entry with
            {
                Kind = RuleKind.Range,
                Min = range.Bounds.Min,
                Max = range.Bounds.Max,
            },
            RowRule<TRow>.Finite => entry with { Kind = RuleKind.Finite },
            RowRule<TRow>.Reference => entry with { Kind = RuleKind.References },
            RowRule<TRow>.Order => entry with { Kind = RuleKind.Monotone },
            _ => entry,
        };
    }

    private static ExpectationEntry Entry<TRow>(Expectation<TRow> expectation)
        where TRow : class, new() => expectation switch
        {
            Expectation<TRow>.OfRows rows => new(
                null, Statistic.Rows, null, null, rows.Bounds.Min, rows.Bounds.Max, null, rows.Severity),
            Expectation<TRow>.OfRowsPerFile rows => new(
                null, Statistic.Rows, true, null, rows.Bounds.Min, rows.Bounds.Max, null, rows.Severity),
            Expectation<TRow>.OfColumn column => new(
                column.Column.Name, column.Statistic, null, column.Share, column.Bounds.Min, column.Bounds.Max, null,
                column.Severity),
            Expectation<TRow>.OfCategories categories => new(
                categories.Allowed.Column.Name, Statistic.OtherCategories, Allowed: categories.Names,
                Severity: categories.Severity),
            _ => throw new NotSupportedException($"BUG: no entry for {expectation.GetType().Name}."),
        };

    private static Column<TRow> Find<TRow>(string name)
        where TRow : class, new() => RowSchema<TRow>.Instance.Find(name)!;

    private static bool? True(bool value) => value ? true : null;

    private sealed class AllowedParser<TRow>(IReadOnlyList<string> texts) : IColumnUser<TRow, AllowedValues<TRow>>
        where TRow : class, new()
    {
        public AllowedValues<TRow> Use<TValue>(Column<TRow, TValue> column) => new AllowedValues<TRow, TValue>(
            column, texts.Select(text => (TValue)Parse(column, text)).ToHashSet());

        private static object Parse(Column<TRow> column, string text)
        {
            var culture = CultureInfo.InvariantCulture;
            try
            {
                return column.Type switch
                {
                    ColumnType.Boolean => bool.Parse(text),
                    ColumnType.Int32 => int.Parse(text, culture),
                    ColumnType.Int64 => long.Parse(text, culture),
                    ColumnType.Double => double.Parse(text, culture),
                    ColumnType.Decimal => decimal.Parse(text, culture),
                    ColumnType.DateTime => DateTime.Parse(text, culture),
                    _ => text,
                };
            }
            catch (Exception fault) when (fault is FormatException or OverflowException)
            {
                throw new ArgumentException(
                    $"{Contract<TRow>.Name}: category '{text}' of '{column.Name}' is no {column.Type}. Mend it.");
            }
        }
    }
}
