using MLBuild.Learning.Features;
using MLBuild.Stages.Tables;
using Parquet.Schema;

namespace MLBuild.Stages.Predictions;

/// <summary>Reads a file of a prediction log, which a server writes with <c>--prediction-log</c>: see
/// <see cref="PredictionColumns"/>. One row group is in memory at a time.</summary>
public static class ServedRows
{
    private const string ClassPrefix = PredictionColumns.Score + "_";

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="TableException">It is something else, cut off or corrupt; the message names it.</exception>
    public static IEnumerable<ServedRow> Read(string path, string name)
    {
        using var source = new ParquetSource(path, name, "let the server write another, and take this one away.");
        var fields = Fields.Of(source);
        var columns = new ServedColumns(
            fields.Scores is [{ Name: PredictionColumns.Score }] ? [] : Names(fields.Scores, ClassPrefix),
            Names(fields.Features, PredictionColumns.FeaturePrefix));
        var place = 0L;
        for (var group = 0; group < source.GroupCount; group++)
        {
            var count = source.RowsIn(group);
            var (keys, versions, times) = (new string[count], new int[count], new DateTime[count]);
            source.Read(group, reader => reader.ReadAsync(fields.Key, keys.AsMemory()!));
            source.Read(group, reader => reader.ReadAsync<int>(fields.Version, versions.AsMemory()));
            source.Read(group, reader => reader.ReadAsync<DateTime>(fields.Time, times.AsMemory()));
            var (scores, features) = (Numbers(fields.Scores), Numbers(fields.Features));
            for (var row = 0; row < count; row++)
                yield return new(
                    FormattableString.Invariant($"{name} row {++place}"), keys[row], versions[row],
                    DateTime.SpecifyKind(times[row], DateTimeKind.Utc), columns,
                    [.. scores.Select(column => column[row])], [.. features.Select(column => column[row])]);

            float[][] Numbers(IReadOnlyList<DataField> wanted)
            {
                var values = wanted.Select(_ => new float[count]).ToArray();
                for (var i = 0; i < values.Length; i++)
                    source.Read(group, reader => reader.ReadAsync<float>(wanted[i], values[i].AsMemory()));
                return values;
            }
        }
    }

    private static string[] Names(IReadOnlyList<DataField> fields, string prefix) =>
        [.. fields.Select(field => field.Name[prefix.Length..])];

    private sealed record Fields(
        DataField Key, DataField Version, DataField Time, IReadOnlyList<DataField> Scores,
        IReadOnlyList<DataField> Features)
    {
        public static Fields Of(ParquetSource source)
        {
            DataField[] features = [.. Numbers().Where(field => Begins(field, PredictionColumns.FeaturePrefix))];
            var scores = Find(PredictionColumns.Score, "Single") is { } score
                ? [score]
                : Numbers().Where(field => Begins(field, ClassPrefix)).ToArray();
            if (Find(PredictionColumns.Key, "String") is { } key
                && Find(PredictionColumns.Version, "Int32") is { } version
                && Find(PredictionColumns.Time, "DateTime") is { } time && scores.Length > 0 && features.Length > 0)
                return new(key, version, time, scores, features);
            var found = source.Fields.Select(field => $"{field.Path} {ParquetType.Name(field)}");
            throw new TableException(
                $"'{source.Name}' is no file of a prediction log. Expected {PredictionColumns.Key} String, "
                + $"{PredictionColumns.Version} Int32, {PredictionColumns.Time} DateTime, and Single of names like "
                + $"{PredictionColumns.Score} and {PredictionColumns.FeaturePrefix}x, "
                + $"found {string.Join(", ", found)}.");

            DataField? Find(string name, string type) =>
                source.Fields.FirstOrDefault(field => field.Name == name && ParquetType.Name(field) == type);

            IEnumerable<DataField> Numbers() => source.Fields.Where(field => ParquetType.Name(field) == "Single");

            static bool Begins(DataField field, string prefix) =>
                field.Name.StartsWith(prefix, StringComparison.Ordinal);
        }
    }
}
