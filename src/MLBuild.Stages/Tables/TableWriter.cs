using System.Globalization;
using MLBuild.Learning.Rows;
using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>Writes a table whose columns are known only when the program runs, value by value and row by row. The file
/// is a table only after <see cref="Complete"/>; a writer that is disposed before removes it.</summary>
/// <remarks>Equal rows give equal bytes. A row group ends after 65,536 rows or 16 Mi characters of text, whichever
/// comes first, so that rows with long texts need no more memory.</remarks>
public sealed class TableWriter : IDisposable
{
    private const long MostCharactersPerGroup = 16 << 20;

    private readonly Cell[] _cells;
    private readonly ColumnBuffer[] _buffers;
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
        _sink = new(path, _buffers.Select(buffer => buffer.Field));
    }

    /// <summary>Sets the current row's value of a column, which is then not to be set again before the next row.
    /// </summary>
    /// <param name="column">Its position, from 0.</param>
    /// <param name="value">Of the column's own type: bool, int, long, double, decimal, DateTime or string.</param>
    /// <exception cref="ArgumentException">The column has another type.</exception>
    /// <exception cref="TableException">A time is finer than milliseconds, or a decimal number has more digits than
    /// its column.</exception>
    public void Set<T>(int column, T value)
        where T : notnull
    {
        if (_cells[column] is not Cell<T> cell)
            throw new ArgumentException(
                $"BUG: column '{_buffers[column].Field.Name}' holds other values than {typeof(T).Name}.");
        if (value is string text)
            _characters += text.Length;
        cell.Set(_buffered, value);
        _set++;
    }

    /// <summary>Says that the current row has no value in a column.</summary>
    /// <exception cref="TableException">The column's values are always present.</exception>
    public void SetNull(int column)
    {
        _cells[column].SetNull(_buffered);
        _set++;
    }

    /// <summary>Ends the current row.</summary>
    /// <exception cref="InvalidOperationException">Not every column was set once.</exception>
    public void EndRow()
    {
        if (_set != _cells.Length)
            throw new InvalidOperationException($"BUG: {_set} values were set in a row of {_cells.Length} columns.");
        _set = 0;
        _buffered++;
        _rowCount++;
        if (_buffered == ParquetSink.RowsPerGroup || _characters >= MostCharactersPerGroup)
            Flush();
    }

    /// <summary>Writes what is left and closes the file.</summary>
    /// <returns>How many rows it has.</returns>
    public long Complete()
    {
        if (_buffered > 0)
            Flush();
        _sink.Complete();
        return _rowCount;
    }

    public void Dispose() => _sink.Dispose();

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

        public override void SetNull(int row) => throw new TableException(
            $"Column '{Buffer.Field.Name}' holds null, and its type says it never does.");

        protected T Storable(T value) => value switch
        {
            // A time with a kind would be moved by the machine's offset in the minima and maxima of row groups.
            DateTime time => time.Ticks % TimeSpan.TicksPerMillisecond == 0
                ? (T)(object)DateTime.SpecifyKind(time, DateTimeKind.Unspecified)
                : throw new TableException(
                    $"Column '{Buffer.Field.Name}' holds "
                    + time.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture)
                    + ": a table keeps milliseconds. Round it."),
            decimal number when Buffer.Field is DecimalDataField { Scale: var scale }
                && !DecimalScale.Fits(number, scale) => throw new TableException(
                    string.Create(CultureInfo.InvariantCulture, $"Column '{Buffer.Field.Name}' holds {number}, ")
                    + string.Create(CultureInfo.InvariantCulture, $"expected at most {DecimalScale.Precision - scale} ")
                    + string.Create(CultureInfo.InvariantCulture, $"digits before the point and {scale} behind it.")),
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
