using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Features;

/// <summary>A feature table on disk as rows to learn from, one row group in memory at a time.</summary>
public sealed class FeatureTableSource : IFeatureSource
{
    private readonly FeatureTableReader _table;

    /// <exception cref="FeatureSchemaException">The table has other features than the schema.</exception>
    public FeatureTableSource(FeatureTableReader table, FeatureSchema schema)
    {
        if (!table.Features.SequenceEqual(schema.Names))
            throw new FeatureSchemaException(
                $"The table has the features {string.Join(", ", table.Features)}; its schema says " +
                $"{string.Join(", ", schema.Names)}.");
        (_table, Schema) = (table, schema);
    }

    public FeatureSchema Schema { get; }

    public long RowCount => _table.RowCount;

    public IEnumerable<FeatureBatch> Read() =>
        _table.ReadValues().Select(batch => new FeatureBatch(batch.Count, batch.Values, batch.Labels));
}
