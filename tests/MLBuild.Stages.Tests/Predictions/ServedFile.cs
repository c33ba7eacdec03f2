using MLBuild.Stages.Predictions;
using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tests.Predictions;

/// <summary>A file of a prediction log as a server writes it.</summary>
internal static class ServedFile
{
    public static readonly DateTime Time = new(2019, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>Rows with a score of 0, of one time.</summary>
    public static void Write(
        string path, IReadOnlyList<string> names, IReadOnlyList<(string Key, int Version, float[] Features)> rows) =>
        Write(path, new([], names), [.. rows.Select(row =>
            new ServedRow("", row.Key, row.Version, Time, new([], names), [0], row.Features))]);

    public static void Write(string path, ServedColumns columns, IReadOnlyList<ServedRow> rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var key = new DataField<string>("key", false);
        var version = new DataField<int>("version");
        var time = new DateTimeDataField(
            "time", DateTimeFormat.Timestamp, isAdjustedToUTC: false, DateTimeTimeUnit.Millis, false);
        string[] classes = columns.Classes is [] ? ["score"] : [.. columns.Classes.Select(name => $"score_{name}")];
        var scores = classes.Select(name => new DataField<float>(name)).ToArray();
        var features = columns.Features.Select(name => new DataField<float>($"feature_{name}")).ToArray();
        using var stream = File.Create(path);
        WriteAsync().GetAwaiter().GetResult();

        async Task WriteAsync()
        {
            await using var writer = await ParquetWriter.CreateAsync(
                new ParquetSchema([key, version, time, .. scores, .. features]), stream);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<ReadOnlyMemory<char>>(key, rows.Select(row => row.Key.AsMemory()).ToArray());
            await group.WriteAsync<int>(version, rows.Select(row => row.Version).ToArray());
            await group.WriteAsync<DateTime>(time, rows.Select(row => row.TimeUtc).ToArray());
            for (var i = 0; i < scores.Length; i++)
                await group.WriteAsync<float>(scores[i], rows.Select(row => row.Scores[i]).ToArray());
            for (var i = 0; i < features.Length; i++)
                await group.WriteAsync<float>(features[i], rows.Select(row => row.Features[i]).ToArray());
            group.CompleteValidate();
        }
    }
}
