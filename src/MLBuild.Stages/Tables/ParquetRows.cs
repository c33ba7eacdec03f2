using System.Globalization;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>The rows of a Parquet file that others wrote, named by their position in it. A stored type may be narrower
/// than the column's; a value that the column cannot hold is a fault of its row.</summary>
/// <remarks>A row group is in memory as a whole, with the columns that are read, so one has at most
/// <see cref="LargestGroup"/> rows. Times finer than a tenth of a microsecond are cut to that by the library before
/// they are looked at.</remarks>
internal sealed class ParquetRows<TRow> : RowFile<TRow>
    where TRow : class, new()
{
    /// <summary>The most rows in a row group, 2²³; with eight bytes a value, 128 MB a column.</summary>
    public const int LargestGroup = 1 << 23;

    private readonly string _path;
    private readonly GivenColumns<TRow> _given;

    public ParquetRows(string path, string name, GivenColumns<TRow> given)
        : base(name)
    {
        _path = path;
        using (var source = Open())
            Columns = [.. source.Fields.Select(field => field.Path.ToString())];
        _given = given.Without(Columns);
        Begin(new()).Dispose();
    }

    public override IReadOnlyList<string> Columns { get; }

    public override RowPass<TRow> Begin(PassOptions<TRow> options) => new Pass(this, options);

    private ParquetSource Open() => new(_path, Name, "fetch or write it again.");

    /// <summary>One pass over the file.</summary>
    private sealed class Pass : RowPass<TRow>
    {
        private readonly string _file;
        private readonly PassOptions<TRow> _options;
        private readonly GivenColumns<TRow> _given;
        private readonly ParquetSource _source;
        private readonly ParquetField<TRow>[] _fields;
        private int _group = -1;
        private int _row;
        private int _count;
        private long _before;

        public Pass(ParquetRows<TRow> rows, PassOptions<TRow> options)
        {
            (_file, _options, _given) = (rows.Name, options, rows._given);
            _source = rows.Open();
            try
            {
                _fields = Fields();
            }
            catch
            {
                _source.Dispose();
                throw;
            }
        }

        public override void Dispose() => _source.Dispose();

        public override bool Next()
        {
            Batch.Clear();
            while (Batch.Count == 0)
            {
                if (_row == _count && !NextGroup())
                    return false;
                Take(Math.Min(_count - _row, RowBatch.MostRows));
            }
            _given.Fill(Batch);
            return true;
        }

        private ParquetField<TRow>[] Fields()
        {
            var columns = RowSchema<TRow>.Instance.Columns.Where(column => !_given.Has(column))
                .ToDictionary(column => column.Name, column => Batch.Find(column));
            var stored = ColumnMatch.All(_source, typeof(TRow).Name,
                [.. columns.Values.Select(values => RowColumn<TRow>.For(values.Column).Field)],
                (want, found) => ParquetField<TRow>.For(columns[want.Name], found) is not null,
                "write the file with these columns");
            return
            [
                .. columns.Values.Zip(stored).Where(pair => _options.Reads(pair.First.Column))
                    .Select(pair => ParquetField<TRow>.For(pair.First, pair.Second)!),
            ];
        }

        // Where none of a group's rows is wanted it need not be read.
        private bool NextGroup()
        {
            _before += _count;
            (_row, _count) = (0, 0);
            if (++_group == _source.GroupCount)
                return false;
            var count = _source.RowsIn(_group);
            if (count > LargestGroup)
                throw new TableException(string.Create(CultureInfo.InvariantCulture,
                    $"'{_file}' has a row group of {count:N0} rows, of which {LargestGroup:N0} are held at most. ")
                    + "Write it with smaller row groups.");
            var isWanted = false;
            for (var i = 0; i < count && !isWanted; i++)
                isWanted = _options.Wants(_before + i + 1);
            if (isWanted)
            {
                foreach (var field in _fields)
                    _source.Read(_group, reader => field.ReadAsync(reader, count));
            }
            _count = count;
            _row = isWanted ? 0 : count;
            return true;
        }

        private void Take(int count)
        {
            Batch.Reserve(count);
            var keep = new bool[count];
            for (var i = 0; i < count; i++)
            {
                var line = _before + _row + i + 1;
                if (!_options.Wants(line))
                    continue;
                var fault = FaultIn(i, _row + i, line);
                keep[i] = fault is null;
                if (fault is not null)
                    _options.Fault(fault);
            }
            Batch.Filled(count, [_file], [], _before + _row + 1);
            Batch.Keep(keep);
            _row += count;
        }

        private RowFault? FaultIn(int index, int row, long line)
        {
            foreach (var field in _fields)
            {
                if (!field.TrySet(index, row))
                    return new(_file, line, field.Column.Name, field.Text(row), field.Expected)
                    {
                        Counts = LineKind.Rows,
                    };
            }
            return null;
        }
    }
}
