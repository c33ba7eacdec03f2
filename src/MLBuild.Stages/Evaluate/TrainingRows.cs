using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Evaluate;

/// <summary>What an evaluation looks at of the rows that a model was trained on: their keys and labels. One row group
/// in memory at a time; the features are not read.</summary>
internal static class TrainingRows
{
    /// <exception cref="TableException">The file is missing or corrupt, is not Parquet, or is no feature
    /// table.</exception>
    public static IEnumerable<TrainingBatch> Read(string path)
    {
        // Says what is wrong with a table that is none.
        FeatureTableReader.Open(path);
        using var source = new ParquetSource(path);
        var label = source.Fields.Single(field => field.Name == FeatureTableWriter.LabelColumn);
        var key = source.Fields.Single(field => field.Name == FeatureTableWriter.KeyColumn);
        var capacity = Enumerable.Range(0, source.GroupCount).Select(source.RowsIn).DefaultIfEmpty().Max();
        var (labels, keys) = (new double[capacity], new string[capacity]);
        for (var group = 0; group < source.GroupCount; group++)
        {
            var count = source.RowsIn(group);
            source.Read(group, reader => reader.ReadAsync(label, labels.AsMemory(0, count)));
            source.Read(group, reader => reader.ReadAsync(key, keys.AsMemory(0, count)!));
            yield return new(count, labels, keys);
        }
    }
}

/// <summary>Consecutive training rows, valid until the next batch is asked for.</summary>
/// <param name="Count">The number of rows; the arrays may be longer.</param>
internal sealed record TrainingBatch(int Count, double[] Labels, string[] Keys);
