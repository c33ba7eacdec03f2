using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Evaluate;

/// <summary>What an evaluation looks at of the rows that a model was trained on: their keys, labels and groups. One row
/// group in memory at a time; the features are not read.</summary>
internal static class TrainingRows
{
    /// <exception cref="TableException">The file is missing or corrupt, is not Parquet, or is no feature
    /// table.</exception>
    public static IEnumerable<TrainingBatch> Read(string path)
    {
        // Says what is wrong with a table that is none.
        var names = FeatureTableReader.Open(path).Groups;
        using var source = new ParquetSource(path);
        var label = source.Fields.Single(field => field.Name == FeatureTableWriter.LabelColumn);
        var key = source.Fields.Single(field => field.Name == FeatureTableWriter.KeyColumn);
        var capacity = Enumerable.Range(0, source.GroupCount).Select(source.RowsIn).DefaultIfEmpty().Max();
        var (labels, keys) = (new double[capacity], new string[capacity]);
        var columns = names.Select(name =>
            source.Fields.Single(field => field.Name == FeatureTableWriter.GroupPrefix + name)).ToArray();
        var groups = columns.Select(_ => new string[capacity]).ToArray();
        for (var group = 0; group < source.GroupCount; group++)
        {
            var count = source.RowsIn(group);
            source.Read(group, reader => reader.ReadAsync(label, labels.AsMemory(0, count)));
            source.Read(group, reader => reader.ReadAsync(key, keys.AsMemory(0, count)!));
            for (var i = 0; i < groups.Length; i++)
                source.Read(group, reader => reader.ReadAsync(columns[i], groups[i].AsMemory(0, count)!));
            yield return new(count, labels, keys, groups);
        }
    }
}

/// <summary>Consecutive training rows, valid until the next batch is asked for.</summary>
/// <param name="Count">The number of rows; the arrays may be longer.</param>
/// <param name="Groups">For each group, one text for each row.</param>
internal sealed record TrainingBatch(int Count, double[] Labels, string[] Keys, string[][] Groups);
