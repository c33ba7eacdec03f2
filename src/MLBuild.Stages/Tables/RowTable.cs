using System.Collections;
using MLBuild.Learning.Rows;
using Parquet.Schema;

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
public sealed class RowTable<TRow> : RowFile<TRow>, IEnumerable<SourceRow<TRow>>
    where TRow : class, new()
{
    private readonly string _path;

    internal RowTable(string path)
        : base(Path.GetFileName(path))
    {
        _path = path;
        using var table = new Groups(path, new());
        RowCount = table.Source.RowCount;
        Columns = [.. table.Source.Fields.Select(field => field.Path.ToString())
            .Where(name => name is not (RowTable.FileColumn or RowTable.LineColumn))];
    }

    public long RowCount { get; }

    public override IReadOnlyList<string> Columns { get; }

    /// <summary>Begins a pass over the rows, a row group at a time; none of them is a fault.</summary>
    /// <exception cref="TableException">The file has changed and is no longer such a table.</exception>
    public override RowPass<TRow> Begin(PassOptions<TRow> options) => new Groups(_path, options);

    /// <exception cref="TableException">The file is corrupt, or has changed and is no longer such a table.</exception>
    public IEnumerator<SourceRow<TRow>> GetEnumerator()
    {
        using var pass = Begin(new());
        while (pass.Next())
        {
            for (var i = 0; i < pass.Batch.Count; i++)
                yield return new(pass.Batch.Row(i), pass.Batch.Files[i], pass.Batch.Lines[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One pass over the file.</summary>
    private sealed class Groups : RowPass<TRow>
    {
        private readonly PassOptions<TRow> _options;
        private readonly (RowColumn<TRow> Column, ColumnValues<TRow> Values, DataField Stored)[] _columns;
        private readonly TextBuffer _files = new(RowTable.FileColumn);
        private readonly ValueBuffer<long> _lines = new(RowTable.LineColumn);
        private readonly DataField? _storedFiles;
        private readonly DataField? _storedLines;
        private int _group;
        private long _before;

        public Groups(string path, PassOptions<TRow> options)
        {
            _options = options;
            Source = new(path);
            try
            {
                var hasSource = Source.Fields.Any(field => field.Name == RowTable.FileColumn);
                var columns = RowSchema<TRow>.Instance.Columns
                    .Where(column => options.Reads(column)).ToArray();
                var own = columns.Select(RowColumn<TRow>.For).ToArray();
                DataField[] wanted = [.. own.Select(column => column.Field)];
                if (hasSource)
                    wanted = [.. wanted, _files.Field, _lines.Field];
                var stored = ColumnMatch.All(Source, typeof(TRow).Name, wanted,
                    (want, found) => ParquetType.Name(want) == ParquetType.Name(found),
                    "run the stage that wrote the table again");
                _columns = [.. columns.Select((column, i) => (own[i], Batch.Find(column), stored[i]))];
                if (hasSource)
                    (_storedFiles, _storedLines) = (stored[^2], stored[^1]);
            }
            catch
            {
                Source.Dispose();
                throw;
            }
        }

        public ParquetSource Source { get; }

        public override void Dispose() => Source.Dispose();

        public override bool Next()
        {
            Batch.Clear();
            while (Batch.Count == 0 && _group < Source.GroupCount)
                Load(_group++);
            return Batch.Count > 0;
        }

        private void Load(int group)
        {
            var count = Source.RowsIn(group);
            if (_storedLines is not null && _storedFiles is not null)
            {
                Source.Read(group, reader => _lines.ReadAsync(reader, _storedLines, count));
                Source.Read(group, reader => _files.ReadAsync(reader, _storedFiles, count));
            }
            // Where none of a group's rows is wanted its other columns need not be read.
            var wanted = new bool[count];
            for (var i = 0; i < count; i++)
                wanted[i] = _options.Wants(LineOf(i));
            if (wanted.AsSpan().Contains(true))
            {
                Batch.Reserve(count);
                foreach (var (column, values, stored) in _columns)
                    Source.Read(group, reader => column.ReadAsync(reader, stored, values, count));
                if (_storedLines is null)
                    Batch.Filled(count, [Source.Name], [], _before + 1);
                else
                    Batch.Filled(count, _files.Values(count)!, _lines.Values(count));
                Batch.Keep(wanted);
            }
            _before += count;
        }

        private long LineOf(int index) => _storedLines is null ? _before + index + 1 : _lines[index];
    }
}
