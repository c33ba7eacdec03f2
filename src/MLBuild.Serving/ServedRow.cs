using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving;

/// <summary>The columns of a row that are known when a prediction is asked for: the fields of a request. Those that are
/// not nullable must be in every request; any other column of the row type is refused by name.</summary>
public sealed class ServedRow<TRow>
    where TRow : class, new()
{
    /// <param name="columns">Names of columns of <typeparamref name="TRow"/>. Without the label.</param>
    /// <exception cref="ArgumentException">One is no column of the row type or is there twice; the message names each.
    /// </exception>
    public ServedRow(IReadOnlyList<string> columns)
    {
        var schema = RowSchema<TRow>.Instance;
        var faults = columns.Where(name => schema.Find(name) is null).Select(name => $"'{name}' is no column of it")
            .Concat(columns.CountBy(name => name)
                .Where(count => count.Value > 1)
                .Select(count => $"'{count.Key}' is there twice"))
            .ToArray();
        if (faults.Length > 0)
            throw new ArgumentException(
                $"The fields of a request for a {typeof(TRow).Name} are wrong: {string.Join("; ", faults)}. "
                + $"Its columns: {string.Join(", ", schema.Columns.Select(column => column.Name))}.");
        Columns = [.. columns.Select(name => schema.Find(name)!)];
        Withheld = [.. schema.Columns.Except(Columns)];
    }

    public IReadOnlyList<Column<TRow>> Columns { get; }

    /// <summary>What training rows satisfied: a row of a request that it would set aside is refused, with the rule.
    /// Rules that show a column which requests have not are left out. Null, the default, refuses none.</summary>
    public Contract<TRow>? Contract { get; init; }

    /// <summary>The columns of the row type that a request does not have.</summary>
    public IReadOnlyList<Column<TRow>> Withheld { get; }
}
