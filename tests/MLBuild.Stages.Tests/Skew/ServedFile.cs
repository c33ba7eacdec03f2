using Parquet;
using Parquet.Schema;

namespace MLBuild.Stages.Tests.Skew;

/// <summary>A file of a prediction log as a server writes it.</summary>
internal static class ServedFile
{
    public static void Write(
        string path, IReadOnlyList<string> names, IReadOnlyList<(string Key, int Version, float[] Features)> rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var key = new DataField<string>("key", false);
        var version = new DataField<int>("version");
        var score = new DataField<float>("score");
        var features = names.Select(name => new DataField<float>($"feature_{name}")).ToArray();
        using var stream = File.Create(path);
        WriteAsync().GetAwaiter().GetResult();

        async Task WriteAsync()
        {
            await using var writer = await ParquetWriter.CreateAsync(
                new ParquetSchema([key, version, score, .. features]), stream);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<ReadOnlyMemory<char>>(key, rows.Select(row => row.Key.AsMemory()).ToArray());
            await group.WriteAsync<int>(version, rows.Select(row => row.Version).ToArray());
            await group.WriteAsync<float>(score, new float[rows.Count]);
            for (var i = 0; i < features.Length; i++)
                await group.WriteAsync<float>(features[i], rows.Select(row => row.Features[i]).ToArray());
            group.CompleteValidate();
        }
    }
}
