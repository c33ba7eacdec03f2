namespace MLBuild.Learning.Rows;

/// <summary>When a batch, and a row group of a table, has enough rows: many enough to compress well, few enough to hold
/// in memory.</summary>
public static class RowBatch
{
    /// <summary>However short the rows are.</summary>
    public const int MostRows = 65_536;

    /// <summary>Of the rows' texts together, in UTF-16 units: fewer rows than this are full with them.</summary>
    public const long MostCharacters = 16 << 20;

    /// <summary>Whether rows of so many characters are enough. Who ends a group with the first row for which they are
    /// makes equal groups of equal rows, however these come.</summary>
    public static bool IsFull(int rows, long characters) => rows >= MostRows || characters >= MostCharacters;
}

/// <summary>Consecutive rows of a table, held as one array for each column. It is filled again and again by who reads a
/// table, so its values are valid until the next rows are read into it.</summary>
public sealed class RowBatch<TRow>
    where TRow : class, new()
{
    // Few, for small tables; then sixteen times as many: what is outgrown was written for nothing.
    private const int FirstRows = 256;
    private const int Growth = 16;

    private readonly ColumnValues<TRow, string?>[] _texts;
    private string[] _files = [];
    private long[] _lines = [];

    public RowBatch() => _texts = [.. Columns.OfType<ColumnValues<TRow, string?>>()];

    /// <summary>One for each column of the row type, in its order.</summary>
    public IReadOnlyList<ColumnValues<TRow>> Columns { get; } =
        [.. RowSchema<TRow>.Instance.Columns.Select(ColumnValues<TRow>.For)];

    public int Count { get; private set; }

    /// <summary>The characters of the texts of all rows.</summary>
    public long Characters { get; private set; }

    /// <summary>Whether who adds rows one by one is to stop.</summary>
    public bool IsFull => RowBatch.IsFull(Count, Characters);

    /// <summary>The file that first held each row.</summary>
    public ReadOnlySpan<string> Files => _files.AsSpan(0, Count);

    /// <summary>The line of each row in its file, from 1.</summary>
    public ReadOnlySpan<long> Lines => _lines.AsSpan(0, Count);

    /// <summary>The values of one column.</summary>
    public ReadOnlySpan<TValue> Values<TValue>(Column<TRow, TValue> column) =>
        Find(column) is ColumnValues<TRow, TValue> values
            ? values.Items.AsSpan(0, Count)
            : throw new ArgumentException($"BUG: the batch has no column '{column}'.");

    public ColumnValues<TRow> Find(Column<TRow> column)
    {
        foreach (var values in Columns)
        {
            if (ReferenceEquals(values.Column, column))
                return values;
        }
        throw new ArgumentException($"BUG: the batch has no column '{column}'.");
    }

    public RowSource Source(int index) => new(_files[index], _lines[index]);

    /// <summary>A row of its own with the values at <paramref name="index"/>.</summary>
    public TRow Row(int index)
    {
        var row = new TRow();
        foreach (var column in Columns)
            column.Give(index, row);
        return row;
    }

    public void Clear() => (Count, Characters) = (0, 0);

    /// <summary>The characters of the texts of one row.</summary>
    public int CharactersOf(int index)
    {
        var characters = 0;
        foreach (var texts in _texts)
            characters += texts.Items[index]?.Length ?? 0;
        return characters;
    }

    /// <summary>Makes room for a row behind the last; who reads a table puts its values there, at <see cref="Count"/>,
    /// and then calls <see cref="Commit"/>.</summary>
    public void Reserve()
    {
        if (Count == _lines.Length)
            Reserve(Count + 1);
    }

    /// <summary>Makes room for so many rows.</summary>
    public void Reserve(int rows)
    {
        if (rows <= _lines.Length)
            return;
        var capacity = FirstRows;
        while (capacity < rows)
            capacity *= Growth;
        Array.Resize(ref _files, capacity);
        Array.Resize(ref _lines, capacity);
        foreach (var column in Columns)
            column.Reserve(capacity);
    }

    /// <summary>The row behind the last is complete.</summary>
    public void Commit(string file, long line)
    {
        _files[Count] = file;
        _lines[Count] = line;
        Characters += CharactersOf(Count);
        Count++;
    }

    public void Add(TRow row, string file, long line)
    {
        Reserve();
        foreach (var column in Columns)
            column.Take(row, Count);
        Commit(file, line);
    }

    /// <summary>Appends rows of another batch.</summary>
    public void Append(RowBatch<TRow> from, int first, int length)
    {
        Reserve(Count + length);
        for (var i = 0; i < Columns.Count; i++)
            Columns[i].Append(Count, from.Columns[i], first, length);
        Array.Copy(from._files, first, _files, Count, length);
        Array.Copy(from._lines, first, _lines, Count, length);
        for (var i = 0; i < length; i++)
            Characters += CharactersOf(Count + i);
        Count += length;
    }

    /// <summary>Removes the rows that are not kept; the others stay in their order.</summary>
    /// <param name="keep">One for each row.</param>
    public void Keep(ReadOnlySpan<bool> keep)
    {
        if (!keep.Contains(false))
            return;
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (keep[i])
                (_files[kept], _lines[kept++]) = (_files[i], _lines[i]);
        }
        foreach (var column in Columns)
            column.Keep(keep);
        Count = kept;
        Characters = CharactersOfAll();
    }

    /// <summary>Says that all arrays hold so many values, which who reads a table has put there.</summary>
    /// <param name="files">The file of each row, or one for all.</param>
    /// <param name="lines">The line of each row; without, they are counted from <paramref name="firstLine"/>.</param>
    public void Filled(int count, ReadOnlySpan<string> files, ReadOnlySpan<long> lines, long firstLine = 0)
    {
        Reserve(count);
        if (files.Length == 1)
            Array.Fill(_files, files[0], 0, count);
        else
            files[..count].CopyTo(_files);
        for (var i = 0; i < count; i++)
            _lines[i] = lines.IsEmpty ? firstLine + i : lines[i];
        Count = count;
        Characters = CharactersOfAll();
    }

    private long CharactersOfAll()
    {
        var characters = 0L;
        for (var i = 0; i < Count; i++)
            characters += CharactersOf(i);
        return characters;
    }
}
