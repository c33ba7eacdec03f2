using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>What a contract says of a row that is alone, as in a request: its rules that set a row aside, the
/// categories it allows, and the columns it lets no row lack. What is about many rows (shares, means, keys, order, history) says
/// nothing here, and neither does a rule that shows a column which the row has not.</summary>
public sealed class SingleRowContract<TRow>
    where TRow : class, new()
{
    private readonly Check[] _checks;

    internal SingleRowContract(Contract<TRow> contract, IReadOnlySet<string> absent) => _checks =
    [
        .. contract.Rules
            // In order is a row only behind another.
            .Where(rule => rule.SetsAside && rule is not RowRule<TRow>.Order)
            .Select(rule => rule.Without(absent))
            .OfType<RowRule<TRow>>()
            .Select(rule => new Check(rule.Name, rule.Columns, rule.Breaks)),
        .. contract.Expectations.Where(expectation => expectation.Severity == Severity.Fail)
            .Select(Alone)
            .OfType<Check>()
            .Where(check => !check.Columns.Any(column => absent.Contains(column.Name))),
    ];

    /// <summary>Adds each rule that the row breaks to <paramref name="broken"/>, in the contract's order.</summary>
    /// <param name="source">Where the row came from, which a rule may look at.</param>
    public void Judge(TRow row, RowSource source, ICollection<BrokenRow> broken)
    {
        foreach (var check in _checks)
        {
            if (check.Breaks(row, source))
                broken.Add(new(source.File, source.Line, check.Rule,
                    [.. check.Columns.Select(column => new ShownValue(column.Name, column.Text(row)))]));
        }
    }

    private static Check? Alone(Expectation<TRow> expectation) => expectation switch
    {
        Expectation<TRow>.OfCategories(var allowed, var names, _) => new(
            $"one of {string.Join(", ", names)}", [allowed.Column], (row, _) => allowed.IsOther(row)),
        Expectation<TRow>.OfColumn { Statistic: Statistic.NullRatio, Bounds.Max: 0, Column: var column } => new(
            "never absent", [column], (row, _) => column.IsNull(row)),
        _ => null,
    };

    private sealed record Check(string Rule, IReadOnlyList<Column<TRow>> Columns, Func<TRow, RowSource, bool> Breaks);
}
