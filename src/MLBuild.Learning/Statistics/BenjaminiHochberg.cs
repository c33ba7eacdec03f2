namespace MLBuild.Learning.Statistics;

/// <summary>Adjusts the p-values of many tests so that rejecting those up to α keeps the expected share of false
/// rejections at α: for p sorted upwards, adjusted(i) = min over k ≥ i of p(k) · count / k, at most 1.</summary>
/// <remarks>Holds for independent and for positively dependent tests. Source: Benjamini and Hochberg, Journal of the
/// Royal Statistical Society B 57, 1995; Benjamini and Yekutieli 2001 for the dependence.</remarks>
public static class BenjaminiHochberg
{
    /// <summary>The adjusted p-values, in the order of <paramref name="pValues"/>.</summary>
    /// <exception cref="ArgumentException">A value is not in 0..1.</exception>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        var upwards = PValues.Upwards(pValues);
        var adjusted = new double[pValues.Count];
        var smallest = 1.0;
        for (var rank = upwards.Length; rank >= 1; rank--)
        {
            var test = upwards[rank - 1];
            smallest = Math.Min(smallest, pValues[test] * upwards.Length / rank);
            adjusted[test] = smallest;
        }
        return adjusted;
    }
}
