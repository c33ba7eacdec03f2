using System.Globalization;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Sources.Databases;

/// <summary>What was said of the rows when the stage was planned.</summary>
/// <param name="State">In text.</param>
/// <param name="Range">The rows it was said of.</param>
internal sealed record Promise(string State, MarkRange Range)
{
    public static Promise Of(DatabaseSlice slice) =>
        new(DatabaseState.Of(slice).ToString(), new(slice.From, slice.HighestMark));

    /// <param name="observed">What <see cref="DatabaseProbe"/> said.</param>
    public static Promise Of(DatabaseOptions options, string observed) =>
        new(observed, options.HighWater is null ? MarkRange.All : new(null, DatabaseState.MarkIn(observed)));
}

/// <summary>Rows that were written.</summary>
internal sealed record SnapshotRows(long Count, long RepeatedKeys);

/// <summary>Writes what a session sees as a table.</summary>
internal sealed class DatabaseSnapshot(DatabaseSession session, DatabaseOptions options)
{
    private const int ExamplesOfKeys = 3;

    // The key first: what is wrong with another value can then be said of a row that has a name.
    private readonly SourceColumn[] _selected =
    [
        .. options.Key.Select(name => session.Columns.Single(column => column.Name == name)),
        .. session.Columns.Where(column => !options.Key.Contains(column.Name)),
    ];

    /// <summary>Reads what was promised, if it is still there.</summary>
    /// <param name="path">Where the table is written; there is none after a fault.</param>
    /// <exception cref="SourceFaultException">The rows cannot be read, or are others than promised.</exception>
    public SnapshotRows Write(string path, Promise promise, CancellationToken cancel)
    {
        using var stopping = new CancelledWork(session, cancel);
        return session.Translated(
            () =>
            {
                var found = session.State(promise.Range);
                if (found.ToString() != promise.State)
                    throw Changed(promise.State, found);
                var rows = Stream(path, promise.Range, cancel);
                return rows.Count == found.Rows
                    ? rows
                    : throw new InvalidOperationException(
                        $"BUG: {options.Content} has {found.Rows} rows of which {rows.Count} were read.");
            },
            cancel);
    }

    public DatabaseFetchReport Report(Promise promise, SnapshotRows rows, DatabaseSlice? slice) => new()
    {
        Place = options.Place is DatabasePlace.Sqlite file
            ? $"SQLite file '{Path.GetFileName(file.Path)}'"
            : $"{options.Place}",
        Server = session.ServerVersion,
        Isolation = session.Isolation,
        Content = options.Content is DatabaseContent.Query query ? query.Text : $"{options.Content}",
        Columns =
        [
            .. session.Columns.Select(column => new FetchedColumn(
                column.Name, column.Type, TypeName(ResultColumn.Stored(column)), column.IsNullable)),
        ],
        Key = options.Key,
        Rows = rows.Count,
        State = promise.State,
        HighWater = options.HighWater,
        Slice = slice?.PartitionName,
        MarkFrom = slice?.From,
        RepeatedKeys = rows.RepeatedKeys,
    };

    private LostSourceDataException Changed(string planned, DatabaseState found)
    {
        var columns = $"{found.ColumnList}: ";
        var isAltered = !planned.StartsWith(columns, StringComparison.Ordinal);
        return new(
            $"{options.Place}, {options.Content} changed after the stage was planned. Planned for: "
            + $"{(isAltered ? planned : planned[columns.Length..])}. Found: {(isAltered ? found : found.Content)}. "
            + (isAltered ? "Columns were altered. " : "Rows were changed or removed, or late ones were committed. ")
            + "Run the same command again: it plans for what is there.");
    }

    private static string TypeName(TableColumn column) => column.Type == ColumnType.Decimal
        ? FormattableString.Invariant($"Decimal({column.Scale})")
        : $"{column.Type}";

    private SnapshotRows Stream(string path, MarkRange range, CancellationToken cancel)
    {
        var positions = session.Columns.Select((column, i) => (column.Name, i)).ToDictionary();
        ResultColumn[] columns = [.. _selected.Select(column => session.Reader(column, positions[column.Name]))];
        var key = columns[..options.Key.Count];
        var (repeated, examples) = (0L, new List<string>());
        using var table = new TableWriter(path, [.. session.Columns.Select(ResultColumn.Stored)]);
        using var reader = session.Rows(range, _selected);
        try
        {
            while (reader.Read())
            {
                cancel.ThrowIfCancellationRequested();
                for (var i = 0; i < columns.Length; i++)
                    Read(i);
                table.EndRow();
                session.RowsRead++;
                if (!Array.TrueForAll(key, column => column.IsRepeated))
                    continue;
                repeated++;
                if (examples.Count < ExamplesOfKeys && examples.LastOrDefault() != Name(key))
                    examples.Add(Name(key));
            }
        }
        catch
        {
            // A reader that is disposed reads what is still to come, and a connection too.
            session.Cancel();
            throw;
        }
        if (repeated > 0 && options.RepeatedKeys == RepeatedKeys.Refuse)
            throw new DuplicateRowsException(string.Create(CultureInfo.InvariantCulture,
                $"{options.Place}, {options.Content}: rows with a key that another row has: {repeated}, such as ")
                + $"{string.Join("; ", examples)}. Correct them, name more columns in Key, or set RepeatedKeys = "
                + "RepeatedKeys.Keep and leave them to a later stage.");
        return new(table.Complete(), repeated);

        void Read(int i)
        {
            try
            {
                columns[i].Read(reader, i, table);
            }
            catch (UnfitValueException e)
            {
                var row = i < key.Length
                    ? string.Create(CultureInfo.InvariantCulture, $"row {session.RowsRead + 1} in the order of the key")
                    : $"row {Name(key)}";
                throw new SourceSchemaException(
                    $"{options.Place}, {options.Content}, {row}: column '{columns[i].Source.Name}' {e.Message}", e);
            }
        }
    }

    private static string Name(IEnumerable<ResultColumn> key) =>
        string.Join(", ", key.Select(column => $"{column.Source.Name} = {column.Text}"));
}
