using MLBuild.Engine.Stages;

namespace MLBuild.Stages.Tables;

/// <summary>Opens files of rows, each as what its name says: <c>.csv</c>; <c>.tsv</c> or <c>.tab</c>; <c>.jsonl</c> or
/// <c>.ndjson</c>; any of these with <c>.gz</c> behind it, or as the one file in a <c>.zip</c>; <c>.parquet</c>.
/// </summary>
public static class RowFiles
{
    /// <summary>What names of such files end with, for <c>SourceFiles.Find</c>.</summary>
    public static IReadOnlyList<string> Extensions => FileFormat.Extensions;

    /// <summary>Checks the file and its columns; the rows are read by the passes over it.</summary>
    /// <param name="path">Where the file is.</param>
    /// <param name="name">What faults and messages call it, and what says its format; the last part of the path where
    /// it is null.</param>
    /// <exception cref="TableException">The name says no known format, the file is missing, empty or something else,
    /// or it lacks columns of <typeparamref name="TRow"/>.</exception>
    public static RowFile<TRow> Open<TRow>(string path, string? name = null)
        where TRow : class, new() => Open<TRow>(path, name ?? Path.GetFileName(path), GivenColumns<TRow>.None, null);

    /// <summary>Opens the file of a partition, or the range of its lines. Columns that the file lacks are given the
    /// values of its partition folders, such as <c>month=02</c>; a column that it has is its own. JSON lines that have
    /// one only behind those that are looked at for columns are faults.</summary>
    /// <exception cref="TableException">As above, or the value of a folder is none of its column, or two folders name
    /// one.</exception>
    public static RowFile<TRow> Open<TRow>(SourceFile source)
        where TRow : class, new() =>
        Open(source.Path, source.Name, GivenColumns<TRow>.Of(source.Name, source.Folders), source.Range);

    /// <summary>Opens what a stage has written. A text of no bytes is a table without rows there: the stage found none.
    /// </summary>
    /// <param name="isSlice">Whether it is one of several that grow, such as the slices of a topic: then a column that
    /// none of its lines has is a fault of each, as in a range of lines.</param>
    /// <exception cref="TableException">As above, but for what is empty.</exception>
    internal static RowFile<TRow> OpenSnapshot<TRow>(string path, string name, bool isSlice)
        where TRow : class, new()
    {
        if (FileFormat.Of(name) is { Packing: Packing.None, Rows: not RowFormat.Parquet }
            && new FileInfo(path) is { Exists: true, Length: 0 })
            return new EmptyRows<TRow>(name);
        return Open(path, name, GivenColumns<TRow>.None, null, isSlice);
    }

    private static RowFile<TRow> Open<TRow>(
        string path, string name, GivenColumns<TRow> given, LineRange? range, bool isSlice = false)
        where TRow : class, new()
    {
        if ((FileFormat.Of(name) ?? FileFormat.Of(path)) is not { } format)
            throw new TableException(
                $"'{name}' has an extension that says no format. Known are {string.Join(", ", Extensions)}.");
        if (range is not null && (format.Rows == RowFormat.Parquet || format.Packing != Packing.None))
            throw new TableException(
                $"'{name}' is to be read by ranges of lines, and is no plain text. Name it whole.");
        if (format.Rows == RowFormat.Parquet)
            return new ParquetRows<TRow>(path, name, given);
        var rows = format.Packing == Packing.Zip ? ZipMember.RowsOf(path, name) : format.Rows;
        var text = new TextFile(path, name, rows, format.Packing) { Range = range };
        return rows == RowFormat.JsonLines
            ? new JsonRows<TRow>(text, given, isPart: isSlice || text.IsContinued)
            : new CsvRows<TRow>(text, given);
    }
}
