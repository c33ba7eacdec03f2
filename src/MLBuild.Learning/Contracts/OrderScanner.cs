using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Finds rows whose value is smaller than that of the row before in the same file. State of one
/// check.</summary>
internal abstract class OrderScanner<TRow>
    where TRow : class, new()
{
    public static readonly IColumnUser<TRow, OrderScanner<TRow>> Maker = new TypedMaker();

    public abstract bool GoesBack(TRow row, RowSource source);

    public abstract void Mark(RowBatch<TRow> batch, Span<bool> back);

    private sealed class TypedMaker : IColumnUser<TRow, OrderScanner<TRow>>
    {
        public OrderScanner<TRow> Use<TValue>(Column<TRow, TValue> column) => new Typed<TValue>(column);
    }

    private sealed class Typed<TValue>(Column<TRow, TValue> column) : OrderScanner<TRow>
    {
        private readonly Dictionary<string, TValue> _before = new(StringComparer.Ordinal);

        public override bool GoesBack(TRow row, RowSource source) => GoesBack(column.Get(row), source.File);

        public override void Mark(RowBatch<TRow> batch, Span<bool> back)
        {
            var values = batch.Values(column);
            var files = batch.Files;
            for (var i = 0; i < values.Length; i++)
                back[i] = GoesBack(values[i], files[i]);
        }

        private bool GoesBack(TValue value, string file)
        {
            if (value is null)
                return false;
            var isBack = _before.TryGetValue(file, out var before)
                && (value is string text
                    ? string.CompareOrdinal(text, (string)(object)before!)
                    : Comparer<TValue>.Default.Compare(value, before)) < 0;
            _before[file] = value;
            return isBack;
        }
    }
}
