using MLBuild.Learning.Statistics;

namespace MLBuild.Stages.Tables;

/// <summary>Which values a column has and how often, exactly as long as they are few; then only how many there are,
/// estimated.</summary>
internal sealed class ValueCounts
{
    /// <summary>Up to so many values are counted each.</summary>
    public const int MostValues = 1000;

    private readonly DistinctSketch _sketch = new();
    private Dictionary<ulong, Value>? _values = [];
    private long _rows;

    /// <summary>A value and its rows.</summary>
    public sealed class Value(string text)
    {
        public string Text => text;

        public long Rows { get; set; }
    }

    public void Add(AnyColumn column, int row)
    {
        _rows++;
        var hash = column.Hash(row);
        if (_values is null)
        {
            _sketch.Add(hash);
            return;
        }
        if (!_values.TryGetValue(hash, out var value))
        {
            _sketch.Add(hash);
            if (_values.Count == MostValues)
            {
                _values = null;
                return;
            }
            _values[hash] = value = new(column.Text(row));
        }
        value.Rows++;
    }

    /// <summary>The most frequent first; null where there were too many to count each.</summary>
    public IReadOnlyList<Value>? Values => _values is null ? null
        : [.. _values.Values.OrderByDescending(value => value.Rows).ThenBy(value => value.Text,
            StringComparer.Ordinal)];

    /// <summary>How many different ones; an estimate where <see cref="Values"/> is null.</summary>
    public long Distinct => _values?.Count ?? Math.Min(_rows, _sketch.Estimate());
}
