using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Features;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Sweep;

/// <summary>The training rows as one trial sees them: those it learns from and those it is scored by, in memory. The
/// table is read once.</summary>
internal sealed class TrialRows
{
    private TrialRows(FeaturesInMemory training, FeaturesInMemory scored) => (Training, Scored) = (training, scored);

    public FeaturesInMemory Training { get; }

    public FeaturesInMemory Scored { get; }

    /// <exception cref="TableException">A key of the table is none.</exception>
    /// <exception cref="FeatureSchemaException">The table has other features than the schema.</exception>
    public static TrialRows Read(
        FeatureTableReader table, FeatureSchema schema, KeySample sample, KeyFolds folds, int fold,
        CancellationToken cancel)
    {
        // Says what is wrong with a table that is not of this schema.
        _ = new FeatureTableSource(table, schema);
        var (training, scored) = (new Buffer(schema), new Buffer(schema));
        foreach (var batch in table.Read())
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Count; i++)
            {
                var key = Key(batch.Keys[i]);
                if (sample.Has(key))
                    (folds.Of(key) == fold ? scored : training).Add(
                        batch.Values.AsSpan(i * schema.Width, schema.Width), batch.Labels[i]);
            }
        }
        return new(training.Complete(), scored.Complete());
    }

    private static RowKey Key(string text) =>
        RowKey.TryParse(text, out var key)
            ? key
            : throw new TableException(
                $"The training features have the key '{text}', expected 32 hexadecimal digits. Compute them again.");

    private sealed class Buffer(FeatureSchema schema)
    {
        private readonly List<float> _values = [];
        private readonly List<double> _labels = [];

        public void Add(ReadOnlySpan<float> values, double label)
        {
            _values.AddRange(values);
            _labels.Add(label);
        }

        public FeaturesInMemory Complete() => new(schema, [.. _values], [.. _labels]);
    }
}
