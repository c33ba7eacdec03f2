namespace MLBuild.Learning.Statistics;

/// <summary>Checks and ranks the p-values of many tests before they are adjusted.</summary>
internal static class PValues
{
    /// <summary>The positions of the p-values from the smallest to the largest, equal ones in their order.</summary>
    /// <exception cref="ArgumentException">A value is not in 0..1.</exception>
    public static int[] Upwards(IReadOnlyList<double> pValues)
    {
        for (var i = 0; i < pValues.Count; i++)
        {
            if (pValues[i] is not (>= 0 and <= 1))
                throw new ArgumentException(
                    FormattableString.Invariant($"The p-value at {i} is {pValues[i]}; expected a number in 0..1."));
        }
        return [.. Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i])];
    }
}
