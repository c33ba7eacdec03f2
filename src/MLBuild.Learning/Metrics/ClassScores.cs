namespace MLBuild.Learning.Metrics;

/// <summary>What labels and scores of classes are, and what they are not.</summary>
public static class ClassScores
{
    /// <summary>The class of a label: its position among so many; null of a label that is none.</summary>
    public static int? ClassOf(double label, int classes) =>
        label >= 0 && label < classes && Math.Floor(label) == label ? (int)label : null;

    /// <summary>Whether there is a probability for each class, and all together are 1 within
    /// <see cref="MulticlassAccumulator.SumTolerance"/>.</summary>
    public static bool AreProbabilities(ReadOnlySpan<double> scores)
    {
        var sum = 0.0;
        foreach (var score in scores)
        {
            if (score is not (>= 0 and <= 1))
                return false;
            sum += score;
        }
        return Math.Abs(sum - 1) <= MulticlassAccumulator.SumTolerance;
    }

    /// <summary>The position of the largest score; of equal ones the first.</summary>
    public static int MostProbable(ReadOnlySpan<double> scores)
    {
        var most = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[most])
                most = i;
        }
        return most;
    }
}
