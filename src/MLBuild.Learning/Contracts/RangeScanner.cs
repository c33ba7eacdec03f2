using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Finds the numbers of a batch that are outside of bounds.</summary>
internal abstract class RangeScanner<TRow>
    where TRow : class, new()
{
    public static readonly IColumnUser<TRow, RangeScanner<TRow>> Maker = new TypedMaker();

    /// <summary>Marks rows with a finite number outside; a row without a value is not marked.</summary>
    public abstract void Mark(RowBatch<TRow> batch, Bounds bounds, Span<bool> outside);

    private sealed class TypedMaker : IColumnUser<TRow, RangeScanner<TRow>>
    {
        public RangeScanner<TRow> Use<TValue>(Column<TRow, TValue> column) => new Typed<TValue>(column);
    }

    private sealed class Typed<TValue>(Column<TRow, TValue> column) : RangeScanner<TRow>
    {
        public override void Mark(RowBatch<TRow> batch, Bounds bounds, Span<bool> outside)
        {
            var values = batch.Values(column);
            var min = bounds.Min ?? double.NegativeInfinity;
            var max = bounds.Max ?? double.PositiveInfinity;
            for (var i = 0; i < values.Length; i++)
            {
                outside[i] |= ValueNumber.TryGet(values[i], out var number)
                    && (number < min || number > max) && double.IsFinite(number);
            }
        }
    }
}
