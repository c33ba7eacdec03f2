using MLBuild.Learning.Features;

namespace MLBuild.Learning.Models;

/// <summary>Refuses rows that a trainer would quietly change or leave out: NaN labels become 0 in one, vanish in
/// another.</summary>
internal static class FeatureRowCheck
{
    /// <param name="row">Its number; the first is 0.</param>
    /// <exception cref="TrainingDataException">The label is not finite, or a feature is infinite.</exception>
    public static void Demand(FeatureSchema schema, long row, ReadOnlySpan<float> values, float label)
    {
        if (!float.IsFinite(label))
            throw new TrainingDataException(
                FormattableString.Invariant($"Feature row {row} (the first is 0) has the label {label}; ")
                + "a label is a finite number. Clean such rows away before training.");
        for (var i = 0; i < values.Length; i++)
        {
            if (float.IsInfinity(values[i]))
                throw new TrainingDataException(
                    $"Feature '{schema.Columns[i].Name}' of row {row} (the first is 0) is infinite; "
                    + "a feature is a finite number, or absent. Let it return null there.");
        }
    }

    /// <exception cref="TrainingDataException">A source did not give as many rows as it has.</exception>
    public static void DemandAll(IFeatureSource source, long rows)
    {
        if (rows != source.RowCount)
            throw new TrainingDataException(
                $"The features promised {source.RowCount} rows and gave {rows}. Compute them again.");
    }
}

/// <summary>A model cannot be trained on these rows as they are.</summary>
public sealed class TrainingDataException(string message) : Exception(message);
