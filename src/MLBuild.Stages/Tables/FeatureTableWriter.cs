using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>Writes a feature table row by row: a Parquet file with the text <c>key</c>, the double <c>label</c>, a text
/// column for each group and a float column for each feature. Types tell groups from features when it is read, and a
/// group's column has a prefix: what rows are divided by is often what a feature is about, and is called the
/// same.</summary>
/// <remarks>The file is a table only after <see cref="Complete"/>; a writer that is disposed before removes it.
/// </remarks>
public sealed class FeatureTableWriter : IDisposable
{
    internal const string KeyColumn = "key";
    internal const string LabelColumn = "label";
    internal const string GroupPrefix = "group_";

    private readonly TextBuffer _keys = new(KeyColumn);
    private readonly ValueBuffer<double> _labels = new(LabelColumn);
    private readonly TextBuffer[] _groups;
    private readonly ValueBuffer<float>[] _features;
    private readonly ColumnBuffer[] _buffers;
    private readonly ParquetSink _sink;
    private long _rowCount;
    private int _buffered;

    /// <exception cref="ArgumentException">Two columns would have the same name.</exception>
    public FeatureTableWriter(string path, IReadOnlyList<string> features, IReadOnlyList<string> groups)
    {
        string[] groupColumns = [.. groups.Select(name => GroupPrefix + name)];
        var twice = ((string[])[KeyColumn, LabelColumn, .. groupColumns, .. features])
            .CountBy(name => name, StringComparer.Ordinal)
            .Where(count => count.Value > 1)
            .Select(count => $"'{count.Key}'")
            .ToList();
        if (twice.Count > 0)
            throw new ArgumentException(
                $"A feature table cannot have two columns {string.Join(", ", twice)}: "
                + $"each feature and each group needs a name of its own, features other than {KeyColumn} and "
                + $"{LabelColumn}; the column of a group begins with {GroupPrefix}.");

        _groups = [.. groupColumns.Select(name => new TextBuffer(name))];
        _features = [.. features.Select(name => new ValueBuffer<float>(name))];
        _buffers = [_keys, _labels, .. _groups, .. _features];
        _sink = new(path, _buffers.Select(buffer => buffer.Field));
    }

    /// <summary>Adds a row.</summary>
    /// <param name="features">One value for each feature, in the order of their names; NaN where it is absent.</param>
    /// <param name="label">What a model should predict.</param>
    /// <param name="key">What names the row, in a split for example.</param>
    /// <param name="groups">One value for each group, in the order of their names.</param>
    public void Add(ReadOnlySpan<float> features, double label, string key, ReadOnlySpan<string> groups)
    {
        if (features.Length != _features.Length || groups.Length != _groups.Length)
            throw new ArgumentException(
                $"BUG: a row has {features.Length} features and {groups.Length} groups, "
                + $"its table has {_features.Length} and {_groups.Length}.");
        _keys[_buffered] = key;
        _labels[_buffered] = label;
        for (var i = 0; i < groups.Length; i++)
            _groups[i][_buffered] = groups[i];
        for (var i = 0; i < features.Length; i++)
            _features[i][_buffered] = features[i];
        _buffered++;
        _rowCount++;
        if (_buffered == RowBatch.MostRows)
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
