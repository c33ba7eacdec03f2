using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>Feature rows held in two arrays: the quickest source, for data that fits and for tests.</summary>
public sealed class FeaturesInMemory : IFeatureSource
{
    private readonly FeatureBatch _all;

    /// <param name="schema">What the values are.</param>
    /// <param name="values">Row after row, each <see cref="FeatureSchema.Width"/> long. Not copied.</param>
    /// <param name="labels">One per row. Not copied.</param>
    /// <exception cref="ArgumentException">The two arrays hold different numbers of rows.</exception>
    public FeaturesInMemory(FeatureSchema schema, float[] values, double[] labels)
    {
        if (values.Length != (long)labels.Length * schema.Width)
            throw new ArgumentException(
                $"{labels.Length} labels and {schema.Width} features need {(long)labels.Length * schema.Width} values, "
                + $"not {values.Length}.");
        Schema = schema;
        _all = new(labels.Length, values, labels);
    }

    public FeatureSchema Schema { get; }

    public long RowCount => _all.Count;

    public IEnumerable<FeatureBatch> Read() => [_all];
}
