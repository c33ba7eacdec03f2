using MLBuild.Learning.Metrics;
using MLBuild.Learning.Statistics;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Evaluate;

/// <summary>What an evaluation looks at of the rows that a model was trained on: their labels, whose mean is the
/// baseline. One row group in memory at a time; the features are not read.</summary>
internal sealed class TrainingRows
{
    private readonly string _path;

    /// <exception cref="TableException">The file is missing, is not Parquet, or is no feature table.</exception>
    public TrainingRows(string path)
    {
        _path = path;
        Count = FeatureTableReader.Open(path).RowCount;
    }

    public long Count { get; }

    /// <summary>The mean of the labels; missing where there are none, or one is not finite.</summary>
    /// <exception cref="TableException">The file is corrupt.</exception>
    public MetricValue MeanLabel(CancellationToken cancel)
    {
        var (labels, nonFinite) = (new RunningMoments(), 0L);
        foreach (var batch in Labels())
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var label in batch.Span)
            {
                if (double.IsFinite(label))
                    labels.Add(label);
                else
                    nonFinite++;
            }
        }
        return Count == 0 ? new MetricValue.Missing("there are no training rows")
            : nonFinite > 0 ? new MetricValue.Missing($"{nonFinite} of {Count} training labels are not finite")
            : MetricValue.Of(labels.Mean);
    }

    private IEnumerable<ReadOnlyMemory<double>> Labels()
    {
        using var source = new ParquetSource(_path);
        var label = source.Fields.Single(field => field.Name == FeatureTableWriter.LabelColumn);
        var labels = Array.Empty<double>();
        for (var group = 0; group < source.GroupCount; group++)
        {
            var count = source.RowsIn(group);
            if (labels.Length < count)
                labels = new double[count];
            source.Read(group, reader => reader.ReadAsync(label, labels.AsMemory(0, count)));
            yield return labels.AsMemory(0, count);
        }
    }
}
