using MLBuild.Learning.Rows;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>Writes a table whose columns are known only when the program runs, value by value and row by row. The file
/// is a table only after <see cref="Complete"/>; a writer that is disposed before removes it.</summary>
/// <remarks>Equal rows give equal bytes. A row group ends as <see cref="RowBatch"/> says.</remarks>
public sealed class TableWriter : IDisposable
{
    private readonly Cell[] _cells;
    private readonly ColumnBuffer[] _buffers;
    private readonly bool[] _isSet;
    private readonly ParquetSink _sink;
    private long _rowCount;
    private long _characters;
    private int _buffered;
    private int _set;

    /// <exception cref="ArgumentException">There is no column, or two have the same name.</exception>
    public TableWriter(string path, IReadOnlyList<TableColumn> columns)
    {
        if (columns.Count == 0)
            throw new ArgumentException("A table needs a column.");
        var twice = columns.CountBy(column => column.Name, StringComparer.Ordinal).Where(count => count.Value > 1)
            .Select(count => $"'{count.Key}'").ToList();
        if (twice.Count > 0)
            throw new ArgumentException(
                $"A table cannot have two columns {string.Join(", ", twice)}: each needs a name of its own.");
        _cells = [.. columns.Select(Cell.For)];
        _buffers = [.. _cells.Select(cell => cell.Buffer)];
        _isSet = new bool[_cells.Length];
        _sink = new(path, _buffers.Select(buffer => buffer.Field));
    }

    /// <summary>Sets the current row's value of a column, which is then not to be set again before the next row.
    /// </summary>
    /// <param name="column">Its position, from 0.</param>
    /// <param name="value">Of the column's own type: bool, int, long, double, decimal, DateTime or string.</param>
    /// <exception cref="ArgumentException">The column has another type.</exception>
    /// <exception cref="InvalidOperationException">It was set in this row before.</exception>
    /// <exception cref="TableException">A time is finer than milliseconds, or a decimal number has more digits than
    /// its column.</exception>
    public void Set<T>(int column, T value)
        where T : notnull
    {
        if (_cells[column] is not Cell<T> cell)
            throw new ArgumentException(
                $"BUG: column '{_buffers[column].Field.Name}' holds other values than {typeof(T).Name}.");
        DemandUnset(column);
        cell.Set(_buffered, value);
        Mark(column);
        if (value is string text)
            _characters += text.Length;
    }

    /// <summary>Says that the current row has no value in a column.</summary>
    /// <exception cref="TableException">The column's values are always present.</exception>
    public void SetNull(int column)
    {
        DemandUnset(column);
        _cells[column].SetNull(_buffered);
        Mark(column);
    }

    /// <summary>Ends the current row.</summary>
    /// <exception cref="InvalidOperationException">Not every column was set.</exception>
    public void EndRow()
    {
        if (_set != _cells.Length)
            throw new InvalidOperationException($"BUG: {_set} values were set in a row of {_cells.Length} columns.");
        _set = 0;
        Array.Clear(_isSet);
        _buffered++;
        _rowCount++;
        if (RowBatch.IsFull(_buffered, _characters))
            Flush();
    }

    /// <summary>Writes what is left and closes the file.</summary>
    /// <returns>How many rows it has.</returns>
    /// <exception cref="InvalidOperationException">A row was begun and not ended.</exception>
    public long Complete()
    {
        if (_set > 0)
            throw new InvalidOperationException(
                $"BUG: the table ends in a row in which {_set} of {_cells.Length} columns were set.");
        if (_buffered > 0)
            Flush();
        _sink.Complete();
        return _rowCount;
    }

    public void Dispose() => _sink.Dispose();

    // A column that was not set would keep the value of an earlier row group.
    private void DemandUnset(int column)
    {
        if (_isSet[column])
            throw new InvalidOperationException(
                $"BUG: column '{_buffers[column].Field.Name}' was set twice in one row.");
    }

    private void Mark(int column)
    {
        _isSet[column] = true;
        _set++;
    }

    private void Flush()
    {
        _sink.WriteGroup(_buffers, _buffered);
        (_buffered, _characters) = (0, 0);
    }

    private abstract class Cell(ColumnBuffer buffer)
    {
        public ColumnBuffer Buffer => buffer;

        public abstract void SetNull(int row);

        public static Cell For(TableColumn column) => column.Type switch
        {
            ColumnType.Boolean => Values<bool>(column),
            ColumnType.Int32 => Values<int>(column),
            ColumnType.Int64 => Values<long>(column),
            ColumnType.Double => Values<double>(column),
            ColumnType.Decimal => Values<decimal>(column),
            ColumnType.DateTime => Values<DateTime>(column),
            ColumnType.String => new Texts(new(column.Name, column.IsNullable)),
            _ => throw new InvalidOperationException($"BUG: unknown column type {column.Type}."),
        };

        private static Cell Values<T>(TableColumn column)
            where T : struct => column.IsNullable
                ? new Nullables<T>(new(column.Field))
                : new Present<T>(new(column.Field));
    }

    private abstract class Cell<T>(ColumnBuffer buffer) : Cell(buffer)
    {
        public abstract void Set(int row, T value);

        public override void SetNull(int row) => throw StorableValue.Null(Buffer.Field.Name);

        protected T Storable(T value) => value switch
        {
            DateTime time => (T)(object)StorableValue.Time(time, Buffer.Field.Name),
            decimal number when Buffer.Field is DecimalDataField { Scale: var scale } =>
                (T)(object)StorableValue.Number(number, Buffer.Field.Name, scale),
            _ => value,
        };
    }

    private sealed class Present<T>(ValueBuffer<T> buffer) : Cell<T>(buffer)
        where T : struct
    {
        public override void Set(int row, T value) => buffer[row] = Storable(value);
    }

    private sealed class Nullables<T>(NullableBuffer<T> buffer) : Cell<T>(buffer)
        where T : struct
    {
        public override void Set(int row, T value) => buffer[row] = Storable(value);

        public override void SetNull(int row) => buffer[row] = null;
    }

    private sealed class Texts(TextBuffer buffer) : Cell<string>(buffer)
    {
        public override void Set(int row, string value) => buffer[row] = value;

        public override void SetNull(int row)
        {
            if (!Buffer.Field.IsNullable)
                base.SetNull(row);
            buffer[row] = null;
        }
    }
}
