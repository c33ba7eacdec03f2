using System.Collections;
using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>A row and where it came from, so that each stage after the first can still name it.</summary>
/// <param name="Row">The values.</param>
/// <param name="File">The file that first held the row.</param>
/// <param name="Line">Its line in that file, from 1.</param>
public readonly record struct SourceRow<TRow>(TRow Row, string File, long Line);

/// <summary>Tables of typed rows as Parquet files: the columns of the row type, and two that name the source.</summary>
public static class RowTable
{
    internal const string FileColumn = "source_file";
    internal const string LineColumn = "source_line";

    /// <summary>Writes all rows.</summary>
    /// <returns>How many.</returns>
    public static long Write<TRow>(string path, IEnumerable<SourceRow<TRow>> rows)
        where TRow : class, new()
    {
        using var writer = new RowTableWriter<TRow>(path);
        foreach (var row in rows)
            writer.Add(row);
        return writer.Complete();
    }

    /// <summary>Checks the file's columns; the rows are read as they are enumerated.</summary>
    /// <exception cref="TableException">The file is missing, is not Parquet, or its columns are not those of
    /// <typeparamref name="TRow"/>.</exception>
    public static RowTable<TRow> Read<TRow>(string path)
        where TRow : class, new() => new(path);
}

/// <summary>The rows of a Parquet file, read anew by each enumeration, one row group in memory at a time.</summary>
/// <remarks>In a table that others wrote, without the columns that name the source, a row is named by that table and
/// its position in it. Columns that the row type does not have are not read.</remarks>
public sealed class RowTable<TRow> : IEnumerable<SourceRow<TRow>>
    where TRow : class, new()
{
    private readonly string _path;

    internal RowTable(string path)
    {
        _path = path;
        using var table = new Groups(path);
        RowCount = table.Source.RowCount;
    }

    public long RowCount { get; }

    /// <exception cref="TableException">The file is corrupt, or has changed and is no longer such a table.</exception>
    public IEnumerator<SourceRow<TRow>> GetEnumerator()
    {
        using var table = new Groups(_path);
        var before = 0L;
        for (var group = 0; group < table.Source.GroupCount; group++)
        {
            var count = table.Load(group);
            for (var i = 0; i < count; i++)
                yield return table.Row(i, before + i);
            before += count;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One pass over the file.</summary>
    private sealed class Groups : IDisposable
    {
        private readonly RowColumn<TRow>[] _columns =
            [.. RowSchema<TRow>.Instance.Columns.Select(RowColumn<TRow>.For)];

        private readonly TextBuffer _files = new(RowTable.FileColumn);
        private readonly ValueBuffer<long> _lines = new(RowTable.LineColumn);
        private readonly bool _hasSource;
        private readonly ColumnMatch[] _matches;

        public Groups(string path)
        {
            Source = new(path);
            try
            {
                _hasSource = Source.Fields.Any(field => field.Name == RowTable.FileColumn);
                var wanted = _columns.Select(column => column.Buffer);
                if (_hasSource)
                    wanted = [.. wanted, _files, _lines];
                _matches = ColumnMatch.All(Source, typeof(TRow).Name, wanted);
            }
            catch
            {
                Source.Dispose();
                throw;
            }
        }

        public ParquetSource Source { get; }

        public void Dispose() => Source.Dispose();

        public int Load(int group)
        {
            var count = Source.RowsIn(group);
            foreach (var (buffer, stored) in _matches)
                Source.Read(group, reader => buffer.ReadAsync(reader, stored, count));
            return count;
        }

        public SourceRow<TRow> Row(int index, long position)
        {
            var row = new TRow();
            foreach (var column in _columns)
                column.Give(index, row);
            return _hasSource ? new(row, _files[index]!, _lines[index]) : new(row, Source.Name, position + 1);
        }
    }
}
