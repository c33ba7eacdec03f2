namespace MLBuild.Learning.Models;

/// <summary>How many rows of each class there are to learn from.</summary>
public static class ClassRows
{
    /// <returns>By label; empty for a regression, whose rows are not read.</returns>
    /// <exception cref="TrainingDataException">A label is no class of the task.</exception>
    public static long[] Count(IFeatureSource rows, LearningTask task, CancellationToken cancellation)
    {
        var counts = new long[task.Classes.Count];
        if (counts.Length == 0)
            return counts;
        var row = 0L;
        foreach (var batch in rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var label in batch.Labels.AsSpan(0, batch.Count))
            {
                if (!task.HasClass(label))
                    throw new TrainingDataException(
                        FormattableString.Invariant($"Feature row {row} (the first is 0) has the label {label}, ")
                        + $"expected {task.Labels}. Compute the features by a definition whose Task has these "
                        + "classes.");
                counts[(int)label]++;
                row++;
            }
        }
        return counts;
    }

    /// <exception cref="TrainingDataException">A class has no rows.</exception>
    internal static void DemandEach(long[] counts, LearningTask task)
    {
        var absent = counts.Index().Where(one => one.Item == 0)
            .Select(one => FormattableString.Invariant($"'{task.Classes[one.Index]}' (label {one.Index})")).ToArray();
        if (absent.Length > 0)
            throw new TrainingDataException(
                FormattableString.Invariant($"Of {counts.Sum():N0} training rows none is ")
                + $"{LearningTask.InWords(absent, "or")}: what was never seen cannot be learned. Give the training "
                + "such rows, or leave the class out of the task.");
    }
}
