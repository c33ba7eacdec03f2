using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>The values that a column may have. Null is always allowed.</summary>
internal abstract class AllowedValues<TRow>(Column<TRow> column)
    where TRow : class, new()
{
    public Column<TRow> Column => column;

    public abstract bool IsOther(TRow row);

    /// <summary>Marks the rows of a batch with another value.</summary>
    public abstract void MarkOthers(RowBatch<TRow> batch, Span<bool> others);
}

internal sealed class AllowedValues<TRow, TValue>(Column<TRow, TValue> column, IReadOnlySet<TValue> allowed)
    : AllowedValues<TRow>(column)
    where TRow : class, new()
{
    public override bool IsOther(TRow row) => column.Get(row) is { } value && !allowed.Contains(value);

    public override void MarkOthers(RowBatch<TRow> batch, Span<bool> others)
    {
        var values = batch.Values(column);
        var (last, isOther) = (default(TValue), false);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } value)
                continue;
            // The same value often stands in the next row too.
            if (!EqualityComparer<TValue>.Default.Equals(value, last))
                (last, isOther) = (value, !allowed.Contains(value));
            // The first value may be the default one, which nothing was asked about yet.
            others[i] = i == 0 ? isOther = !allowed.Contains(value) : isOther;
        }
    }
}
