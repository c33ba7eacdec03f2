using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>Feature rows with their labels, wherever they are kept. Training reads them several times: every
/// <see cref="Read"/> gives the same rows in the same order.</summary>
public interface IFeatureSource
{
    FeatureSchema Schema { get; }

    /// <summary>The number of rows that <see cref="Read"/> gives.</summary>
    long RowCount { get; }

    /// <summary>Reads from the first row on. A batch is valid until the next one is asked for, so a source may fill the
    /// same arrays again.</summary>
    IEnumerable<FeatureBatch> Read();
}

/// <summary>Some consecutive feature rows.</summary>
/// <param name="Count">The number of rows; the arrays may be longer than they need.</param>
/// <param name="Values">Row after row, each <see cref="FeatureSchema.Width"/> long; NaN where a value is
/// absent.</param>
/// <param name="Labels">One per row.</param>
public sealed record FeatureBatch(int Count, float[] Values, double[] Labels);
