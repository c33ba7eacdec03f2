using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Serving.Log;

/// <summary>Predicted rows of one task, column by column: what becomes one file.</summary>
internal sealed class PredictionBatch
{
    private readonly List<ReadOnlyMemory<char>> _keys = [];
    private readonly List<int> _versions = [];
    private readonly List<DateTime> _times = [];
    private readonly List<float>[] _scores;
    private readonly List<float>[] _features;
    private readonly string[] _names;

    public PredictionBatch(LearningTask task, IReadOnlyList<string> features)
    {
        Task = task;
        _scores = [.. Enumerable.Range(0, task.ScoreCount).Select(_ => new List<float>())];
        _features = [.. features.Select(_ => new List<float>())];
        _names =
        [
            .. task.ScoreCount == 1
                ? [PredictionColumns.Score]
                : task.Classes.Select(name => $"{PredictionColumns.Score}_{name}"),
            .. features.Select(name => $"{PredictionColumns.FeaturePrefix}{name}"),
        ];
    }

    public LearningTask Task { get; }

    public int RowCount => _keys.Count;

    /// <summary>When the first row was predicted.</summary>
    public DateTime BeginUtc => _times[0];

    public void Add(PredictedRows rows)
    {
        for (var i = 0; i < rows.Keys.Length; i++)
        {
            _keys.Add(rows.Keys[i].AsMemory());
            _versions.Add(rows.Version);
            _times.Add(rows.TimeUtc);
            for (var column = 0; column < _scores.Length; column++)
                _scores[column].Add(rows.Scores[i * _scores.Length + column]);
            for (var column = 0; column < _features.Length; column++)
                _features[column].Add(rows.Features[i * _features.Length + column]);
        }
    }

    /// <summary>Writes all of it as one Parquet file.</summary>
    // The conventions of the tables of stages, which read these files: Snappy, times to the millisecond. Stages are not
    // referred to from here for these ten lines.
    public async Task WriteAsync(Stream stream)
    {
        var key = new DataField<string>(PredictionColumns.Key, false);
        var version = new DataField<int>(PredictionColumns.Version);
        var time = new DateTimeDataField(
            PredictionColumns.Time, DateTimeFormat.Timestamp, isAdjustedToUTC: false, DateTimeTimeUnit.Millis, false);
        var numbers = _names.Select(name => new DataField<float>(name)).ToArray();
        var schema = new ParquetSchema([key, version, time, .. numbers]);
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Snappy,
            CompressionLevel = System.IO.Compression.CompressionLevel.Fastest,
        };
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, options);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync<ReadOnlyMemory<char>>(key, _keys.ToArray());
        await group.WriteAsync<int>(version, _versions.ToArray());
        await group.WriteAsync<DateTime>(time, _times.ToArray());
        foreach (var (field, values) in numbers.Zip(_scores.Concat(_features)))
            await group.WriteAsync<float>(field, values.ToArray());
        group.CompleteValidate();
    }
}
