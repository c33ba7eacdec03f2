using MLBuild.Learning.Features;
using MLBuild.Stages.Tables;
using Parquet.Schema;

namespace MLBuild.Stages.Skew;

/// <summary>One row that a server logged.</summary>
/// <param name="Place">The file and the row, from 1.</param>
/// <param name="Version">Of the model that computed the features and scored them.</param>
/// <param name="Names">Of the features.</param>
/// <param name="Features">In the order of their names; NaN where a value was absent.</param>
public sealed record ServedRow(
    string Place, string Key, int Version, IReadOnlyList<string> Names, float[] Features)
{
    /// <summary>The features of a schema.</summary>
    /// <exception cref="FormatException">It has others.</exception>
    public float[] Values(FeatureSchema schema) => Names.SequenceEqual(schema.Names)
        ? Features
        : throw new FormatException(
            $"{Place}: version {Version} served the features {string.Join(", ", Names)}, "
            + $"expected {string.Join(", ", schema.Names)}. Compare with a log of this model.");
}

/// <summary>Reads a file of a prediction log, which a server writes with <c>--prediction-log</c>: see
/// <see cref="PredictionColumns"/>. One row group is in memory at a time.</summary>
public static class ServedFeatures
{
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="TableException">It is something else, cut off or corrupt; the message names it.</exception>
    public static IEnumerable<ServedRow> Read(string path, string name)
    {
        using var source = new ParquetSource(path, name, "let the server write another, and take this one away.");
        var columns = Columns.Of(source);
        string[] names = [.. columns.Features.Select(NameOf)];
        var place = 0L;
        for (var group = 0; group < source.GroupCount; group++)
        {
            var count = source.RowsIn(group);
            var (keys, versions) = (new string[count], new int[count]);
            var values = columns.Features.Select(_ => new float[count]).ToArray();
            source.Read(group, reader => reader.ReadAsync(columns.Key, keys.AsMemory()!));
            source.Read(group, reader => reader.ReadAsync<int>(columns.Version, versions.AsMemory()));
            for (var i = 0; i < values.Length; i++)
                source.Read(group, reader => reader.ReadAsync<float>(columns.Features[i], values[i].AsMemory()));
            for (var row = 0; row < count; row++)
                yield return new(
                    FormattableString.Invariant($"{name} row {++place}"), keys[row], versions[row], names,
                    [.. values.Select(column => column[row])]);
        }
    }

    private static string NameOf(DataField feature) => feature.Name[PredictionColumns.FeaturePrefix.Length..];

    private sealed record Columns(DataField Key, DataField Version, IReadOnlyList<DataField> Features)
    {
        public static Columns Of(ParquetSource source)
        {
            DataField[] features =
            [
                .. source.Fields.Where(field =>
                    field.Name.StartsWith(PredictionColumns.FeaturePrefix, StringComparison.Ordinal)
                    && ParquetType.Name(field) == "Single"),
            ];
            if (Find(PredictionColumns.Key, "String") is { } key
                && Find(PredictionColumns.Version, "Int32") is { } version && features.Length > 0)
                return new(key, version, features);
            var found = source.Fields.Select(field => $"{field.Path} {ParquetType.Name(field)}");
            throw new TableException(
                $"'{source.Name}' is no file of a prediction log. Expected {PredictionColumns.Key} String, "
                + $"{PredictionColumns.Version} Int32 and Single of names like {PredictionColumns.FeaturePrefix}x, "
                + $"found {string.Join(", ", found)}.");

            DataField? Find(string name, string type) =>
                source.Fields.FirstOrDefault(field => field.Name == name && ParquetType.Name(field) == type);
        }
    }
}
