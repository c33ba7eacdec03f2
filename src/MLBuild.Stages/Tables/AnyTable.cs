namespace MLBuild.Stages.Tables;

/// <summary>A table of any schema, some rows in memory at a time: Parquet, or text that is separated by commas or
/// tabs.</summary>
internal abstract class AnyTable : IDisposable
{
    /// <summary>True for the name of a file that this reads.</summary>
    public static bool Is(string name) =>
        FileFormat.Of(name) is { Rows: RowFormat.Csv or RowFormat.Tsv or RowFormat.Parquet, Packing: not Packing.Zip };

    /// <param name="path">Its bytes.</param>
    /// <param name="name">What messages call it, whose end says what it is.</param>
    /// <param name="wanted">The columns to read; null for all.</param>
    /// <exception cref="TableException">It is not what its name says.</exception>
    public static AnyTable Open(string path, string name, Func<string, bool>? wanted = null) =>
        FileFormat.Of(name) is { Rows: RowFormat.Csv or RowFormat.Tsv } format
            ? new TextTable(new(path, name, format.Rows, format.Packing), wanted)
            : new ParquetTable(path, name, wanted);

    /// <summary>Those that are read.</summary>
    public abstract IReadOnlyList<AnyColumn> Columns { get; }

    /// <summary>How many current rows there are.</summary>
    public int Count { get; protected set; }

    /// <summary>How many row groups the file has; null where it has none.</summary>
    public virtual int? Groups => null;

    /// <summary>How many rows the file has; null where that is known only when all were read.</summary>
    public virtual long? RowCount => null;

    /// <summary>Goes to the next rows.</summary>
    /// <param name="most">How many at most. Of a row group those behind them are passed over.</param>
    /// <returns>False if there are none.</returns>
    /// <exception cref="TableException">The file is corrupt.</exception>
    public abstract bool Next(int most = int.MaxValue);

    public abstract void Dispose();

    private sealed class ParquetTable : AnyTable
    {
        private readonly ParquetSource _source;
        private readonly PreviewColumn[] _columns;
        private int _group;

        public ParquetTable(string path, string name, Func<string, bool>? wanted)
        {
            _source = new(path, name);
            _columns = [.. _source.Fields.Where(field => wanted?.Invoke(field.Path.ToString()) ?? true)
                .Select(PreviewColumn.For)];
        }

        public override IReadOnlyList<AnyColumn> Columns => _columns;

        public override int? Groups => _source.GroupCount;

        public override long? RowCount => _source.RowCount;

        public override bool Next(int most = int.MaxValue)
        {
            Count = 0;
            while (Count == 0 && _group < _source.GroupCount)
            {
                var stored = _source.RowsIn(_group);
                Count = Math.Min(stored, most);
                foreach (var column in _columns)
                    column.Read(_source, _group, stored, Count);
                _group++;
            }
            return Count > 0;
        }

        public override void Dispose() => _source.Dispose();
    }
}
