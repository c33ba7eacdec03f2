using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Writes a table row by row or batch by batch: the bytes are the same. A row group ends as
/// <see cref="RowBatch"/> says. The file is a table only after
/// <see cref="Complete"/>; a writer that is disposed before removes it.</summary>
public sealed class RowTableWriter<TRow> : IDisposable
    where TRow : class, new()
{
    private readonly RowColumn<TRow>[] _columns = [.. RowSchema<TRow>.Instance.Columns.Select(RowColumn<TRow>.For)];
    private readonly RowBatch<TRow> _waiting = new();
    private readonly TextBuffer _files = new(RowTable.FileColumn);
    private readonly ValueBuffer<long> _lines = new(RowTable.LineColumn);
    private readonly ParquetSink _sink;
    private long _rowCount;

    /// <exception cref="ArgumentException">The row type has a column with a name that the table needs for the source.
    /// </exception>
    public RowTableWriter(string path)
    {
        var schema = RowSchema<TRow>.Instance;
        if ((schema.Find(RowTable.FileColumn) ?? schema.Find(RowTable.LineColumn)) is { } taken)
            throw new ArgumentException(
                $"{typeof(TRow).Name} has a column '{taken.Name}', where a table keeps a row's source. Rename it.");
        _sink = new(path, [.. _columns.Select(column => column.Field), _files.Field, _lines.Field]);
    }

    public void Add(in SourceRow<TRow> row)
    {
        _waiting.Add(row.Row, row.File, row.Line);
        _rowCount++;
        if (_waiting.IsFull)
            Flush(_waiting);
    }

    /// <summary>Adds all rows of a batch, which is not kept.</summary>
    public void Add(RowBatch<TRow> batch)
    {
        _rowCount += batch.Count;
        for (var first = 0; first < batch.Count;)
        {
            var (length, fills) = Fitting(batch, first);
            if (fills && length == batch.Count && _waiting.Count == 0)
            {
                Write(batch);
                return;
            }
            _waiting.Append(batch, first, length);
            first += length;
            if (fills)
                Flush(_waiting);
        }
    }

    // Counted anew: some of a batch's texts may have been set after its rows were added.
    private (int Length, bool Fills) Fitting(RowBatch<TRow> batch, int first)
    {
        var characters = _waiting.Characters;
        for (var i = first; i < batch.Count; i++)
        {
            characters += batch.CharactersOf(i);
            var length = i + 1 - first;
            if (RowBatch.IsFull(_waiting.Count + length, characters))
                return (length, true);
        }
        return (batch.Count - first, false);
    }

    /// <summary>Writes what is left and closes the file.</summary>
    /// <returns>How many rows it has.</returns>
    public long Complete()
    {
        if (_waiting.Count > 0)
            Flush(_waiting);
        _sink.Complete();
        return _rowCount;
    }

    public void Dispose() => _sink.Dispose();

    private void Flush(RowBatch<TRow> batch)
    {
        Write(batch);
        batch.Clear();
    }

    private void Write(RowBatch<TRow> batch)
    {
        var count = batch.Count;
        batch.Files.CopyTo(_files.Room(count)!);
        batch.Lines.CopyTo(_lines.Room(count));
        _sink.WriteGroup(
        [
            .. _columns.Select<RowColumn<TRow>, ParquetSink.ColumnWrite>((column, i) =>
                group => column.WriteAsync(group, batch.Columns[i], count)),
            group => _files.WriteAsync(group, count),
            group => _lines.WriteAsync(group, count),
        ]);
    }
}
