using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>A fault that a row can have, and how many rows may have it.</summary>
/// <param name="Tolerance">The largest share of all rows, 0..1 inclusive, with which the data set still keeps the
/// rule.</param>
/// <param name="Breaks">True for a row that has the fault.</param>
/// <param name="Shows">The columns that show a reader the fault in an example row.</param>
internal sealed record RowRule<TRow>(
    string Name,
    double Tolerance,
    Severity Severity,
    Func<TRow, RowSource, bool> Breaks,
    Func<TRow, IEnumerable<Column<TRow>>> Shows)
    where TRow : class, new()
{
    /// <summary>The built-in rule: NaN and infinities are no values, they would spoil every mean and every
    /// model.</summary>
    public static RowRule<TRow> Finite(double tolerance, Severity severity)
    {
        var doubles = RowSchema<TRow>.Instance.Columns.Where(column => column.Type == ColumnType.Double).ToArray();
        return new("a number is not finite", tolerance, severity,
            (row, _) => Array.Exists(doubles, column => !IsFinite(column, row)),
            row => doubles.Where(column => !IsFinite(column, row)));
    }

    public static RowRule<TRow> Range(Column<TRow> column, Bounds bounds, double tolerance, Severity severity) =>
        new($"{column.Name} outside {RangeText(bounds)}", tolerance, severity,
            (row, _) => column.Number(row) is { } number && double.IsFinite(number) && !bounds.Contain(number),
            _ => [column]);

    private static bool IsFinite(Column<TRow> column, TRow row) =>
        column.Number(row) is not { } number || double.IsFinite(number);

    private static string RangeText(Bounds bounds) => bounds switch
    {
        { Min: { } min, Max: null } => $"{Figures.Number(min)}..",
        { Min: null, Max: { } max } => $"..{Figures.Number(max)}",
        _ => bounds.ToString(),
    };
}
