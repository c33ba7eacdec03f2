using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Writes a table row by row. The file is a table only after <see cref="Complete"/>; a writer that is disposed
/// before removes it.</summary>
public sealed class RowTableWriter<TRow> : IDisposable
    where TRow : class, new()
{
    private readonly RowColumn<TRow>[] _columns = [.. RowSchema<TRow>.Instance.Columns.Select(RowColumn<TRow>.For)];
    private readonly TextBuffer _files = new(RowTable.FileColumn);
    private readonly ValueBuffer<long> _lines = new(RowTable.LineColumn);
    private readonly ColumnBuffer[] _buffers;
    private readonly ParquetSink _sink;
    private long _rowCount;
    private int _buffered;

    /// <exception cref="ArgumentException">The row type has a column with a name that the table needs for the source.
    /// </exception>
    public RowTableWriter(string path)
    {
        var schema = RowSchema<TRow>.Instance;
        if ((schema.Find(RowTable.FileColumn) ?? schema.Find(RowTable.LineColumn)) is { } taken)
            throw new ArgumentException(
                $"{typeof(TRow).Name} has a column '{taken.Name}', where a table keeps a row's source. Rename it.");
        _buffers = [.. _columns.Select(column => column.Buffer), _files, _lines];
        _sink = new(path, _buffers.Select(buffer => buffer.Field));
    }

    public void Add(in SourceRow<TRow> row)
    {
        foreach (var column in _columns)
            column.Take(row.Row, _buffered);
        _files[_buffered] = row.File;
        _lines[_buffered] = row.Line;
        _buffered++;
        _rowCount++;
        if (_buffered == ParquetSink.RowsPerGroup)
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
        _buffered = 0;
    }
}
