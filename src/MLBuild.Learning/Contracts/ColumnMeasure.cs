using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>Measures one column of the accepted rows, in memory that does not grow with the rows.</summary>
internal abstract class ColumnMeasure<TRow>
{
    public static ColumnMeasure<TRow> Of(Column<TRow> column, int distinctCap) => column.Use(new Maker(distinctCap));

    public abstract void Add(TRow row);

    public abstract ColumnStatistics Complete();

    private sealed class Maker(int distinctCap) : IColumnUser<TRow, ColumnMeasure<TRow>>
    {
        public ColumnMeasure<TRow> Use<TValue>(Column<TRow, TValue> column) => new Typed<TValue>(column, distinctCap);
    }

    private sealed class Typed<TValue>(Column<TRow, TValue> column, int distinctCap) : ColumnMeasure<TRow>
    {
        private readonly Moments _moments = new();
        private long _rows;
        private long _nulls;
        private DateTime? _earliest;
        private DateTime? _latest;

        /// <summary>Null from the first value beyond the cap: then only "more than the cap" is known.</summary>
        private HashSet<TValue>? _distinct = [];

        public override void Add(TRow row)
        {
            _rows++;
            var value = column.Get(row);
            if (value is null)
            {
                _nulls++;
                return;
            }
            if (_distinct is not null && _distinct.Add(value) && _distinct.Count > distinctCap)
                _distinct = null;
            // A row outside the finite rule never comes here, so a number is finite.
            if (column.Number(row) is { } number)
                _moments.Add(number);
            if (value is DateTime time)
            {
                _earliest = _earliest < time ? _earliest : time;
                _latest = _latest > time ? _latest : time;
            }
        }

        public override ColumnStatistics Complete() => new(
            column.Name,
            column.Type,
            _rows,
            _nulls,
            _moments.Mean,
            _moments.StandardDeviation,
            _moments.Minimum,
            _moments.Maximum,
            _earliest,
            _latest,
            _distinct?.Count ?? distinctCap,
            IsDistinctMore: _distinct is null);
    }
}
