using Parquet.Schema;

namespace MLBuild.Stages.Tables;

/// <summary>Consecutive rows of a feature table. They are valid until the next batch is asked for: a pass over the
/// table fills the same arrays again, which may be longer than the rows need.</summary>
/// <param name="Count">The number of rows.</param>
/// <param name="Values">The features, row after row; NaN where a value is absent.</param>
/// <param name="Labels">One for each row.</param>
/// <param name="Keys">One for each row; empty where only values were read.</param>
/// <param name="Groups">For each group, one text for each row; empty where only values were read.</param>
public sealed record FeatureTableBatch(int Count, float[] Values, double[] Labels, string[] Keys, string[][] Groups);

/// <summary>Reads what <see cref="FeatureTableWriter"/> wrote, as often as asked, one row group in memory at a time.
/// </summary>
public sealed class FeatureTableReader
{
    private readonly string _path;

    private FeatureTableReader(string path)
    {
        _path = path;
        using var source = new ParquetSource(path);
        var columns = Columns.Of(source);
        Features = [.. columns.Features.Select(field => field.Name)];
        Groups = [.. columns.Groups.Select(field => field.Name[FeatureTableWriter.GroupPrefix.Length..])];
        RowCount = source.RowCount;
    }

    /// <summary>The names of the features, in the order of their values.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>The names of the groups.</summary>
    public IReadOnlyList<string> Groups { get; }

    public long RowCount { get; }

    /// <summary>Checks the file's columns; the rows are read by <see cref="Read"/>.</summary>
    /// <exception cref="TableException">The file is missing, is not Parquet, or is no feature table.</exception>
    public static FeatureTableReader Open(string path) => new(path);

    /// <summary>All rows with all columns, a batch for each row group.</summary>
    /// <exception cref="TableException">The file is corrupt, or has changed and is no longer such a table.</exception>
    public IEnumerable<FeatureTableBatch> Read() => Read(withNames: true);

    /// <summary>All rows without keys and groups, which training does not need.</summary>
    /// <exception cref="TableException">The file is corrupt, or has changed and is no longer such a table.</exception>
    public IEnumerable<FeatureTableBatch> ReadValues() => Read(withNames: false);

    private IEnumerable<FeatureTableBatch> Read(bool withNames)
    {
        using var source = new ParquetSource(_path);
        var columns = Columns.Of(source);
        var width = columns.Features.Count;
        var capacity = Enumerable.Range(0, source.GroupCount).Select(source.RowsIn).DefaultIfEmpty().Max();
        var feature = new float[capacity];
        var values = new float[capacity * width];
        var labels = new double[capacity];
        var keys = withNames ? new string[capacity] : [];
        var groups = withNames ? columns.Groups.Select(_ => new string[capacity]).ToArray() : [];
        for (var group = 0; group < source.GroupCount; group++)
        {
            var count = source.RowsIn(group);
            for (var i = 0; i < width; i++)
            {
                source.Read(group, reader => reader.ReadAsync(columns.Features[i], feature.AsMemory(0, count)));
                for (var row = 0; row < count; row++)
                    values[row * width + i] = feature[row];
            }
            source.Read(group, reader => reader.ReadAsync(columns.Label, labels.AsMemory(0, count)));
            if (withNames)
                source.Read(group, reader => reader.ReadAsync(columns.Key, keys.AsMemory(0, count)!));
            for (var i = 0; i < groups.Length; i++)
                source.Read(group, reader => reader.ReadAsync(columns.Groups[i], groups[i].AsMemory(0, count)!));
            yield return new(count, values, labels, keys, groups);
        }
    }

    /// <summary>The columns by what they hold.</summary>
    private sealed record Columns(DataField Key, DataField Label, List<DataField> Groups, List<DataField> Features)
    {
        public static Columns Of(ParquetSource source)
        {
            const string key = FeatureTableWriter.KeyColumn;
            const string label = FeatureTableWriter.LabelColumn;
            var others = source.Fields.Where(field => field.Name is not (key or label)).ToLookup(ParquetType.Name);
            if (Find(key, "String") is { } keys && Find(label, "Double") is { } labels
                && others.All(type => type.Key is "String" or "Single")
                && others["String"].All(field =>
                    field.Name.StartsWith(FeatureTableWriter.GroupPrefix, StringComparison.Ordinal)))
                return new(keys, labels, [.. others["String"]], [.. others["Single"]]);
            var found = source.Fields.Select(field => $"{field.Path} {ParquetType.Name(field)}");
            throw new TableException(
                $"'{source.Name}' is no feature table. Expected {key} String, {label} Double, "
                + $"{FeatureTableWriter.GroupPrefix}… of String and features of Single, found "
                + $"{string.Join(", ", found)}.");

            DataField? Find(string name, string type) =>
                source.Fields.FirstOrDefault(field => field.Name == name && ParquetType.Name(field) == type);
        }
    }
}
