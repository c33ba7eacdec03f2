namespace MLBuild.Learning.Statistics;

/// <summary>Adjusts the p-values of many tests so that rejecting those up to α makes even one false rejection no more
/// likely than α: for p sorted upwards, adjusted(i) = max over k ≤ i of p(k) · (count − k + 1), at most 1.</summary>
/// <remarks>Holds whatever the tests have to do with each other, and rejects all that Bonferroni's correction rejects.
/// Use it where one false alarm is one too many; <see cref="BenjaminiHochberg"/> where a share of them may be false.
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
/// 1979.</remarks>
public static class Holm
{
    /// <summary>The adjusted p-values, in the order of <paramref name="pValues"/>.</summary>
    /// <exception cref="ArgumentException">A value is not in 0..1.</exception>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        var upwards = PValues.Upwards(pValues);
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        for (var rank = 1; rank <= upwards.Length; rank++)
        {
            var test = upwards[rank - 1];
            largest = Math.Max(largest, Math.Min(1, pValues[test] * (upwards.Length - rank + 1)));
            adjusted[test] = largest;
        }
        return adjusted;
    }
}
