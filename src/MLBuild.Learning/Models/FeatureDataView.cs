using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLBuild.Learning.Models;

/// <summary>A feature source as ML.NET reads it to train: in order, one row at a time, as often as a trainer
/// likes.</summary>
internal sealed class FeatureDataView(IFeatureSource source, FeatureColumns columns, CancellationToken cancellation)
    : IDataView
{
    public DataViewSchema Schema => columns.Schema;

    /// <summary>False: the order of rows is part of what equal bytes depend on.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => source.RowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> needed, Random? rand = null) =>
        new Cursor(source, columns, cancellation);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> needed, int n, Random? rand = null) =>
        [GetRowCursor(needed, rand)];

    private sealed class Cursor(IFeatureSource source, FeatureColumns columns, CancellationToken cancellation)
        : DataViewRowCursor
    {
        private readonly FeatureRow _row = new(columns);
        private readonly IEnumerator<FeatureBatch> _batches = source.Read().GetEnumerator();
        private FeatureBatch? _batch;
        private int _inBatch = -1;

        public override DataViewSchema Schema => columns.Schema;

        public override long Position => _row.Position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            while (_batch is null || _inBatch + 1 >= _batch.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!_batches.MoveNext())
                    return AtEnd();
                _batch = _batches.Current;
                _inBatch = -1;
            }
            _inBatch++;
            var width = columns.FeatureSchema.Width;
            var values = _batch.Values.AsMemory(_inBatch * width, width);
            var label = (float)_batch.Labels[_inBatch];
            FeatureRowCheck.Demand(columns.FeatureSchema, _row.Position + 1, values.Span, label);
            _row.MoveTo(values, label);
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            _row.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _batches.Dispose();
            base.Dispose(disposing);
        }

        private bool AtEnd()
        {
            FeatureRowCheck.DemandAll(source, _row.Position + 1);
            return false;
        }
    }
}
