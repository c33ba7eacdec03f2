namespace MLBuild.Learning.Statistics;

/// <summary>Inverts a rising function by halving an interval until no double lies inside it. Quantiles are asked for
/// a few times per report, so that it cannot fail counts more than speed.</summary>
internal static class Bisection
{
    /// <summary>The x in [<paramref name="low"/>, <paramref name="high"/>] where <paramref name="rising"/> reaches
    /// <paramref name="target"/>.</summary>
    public static double Invert(Func<double, double> rising, double target, double low, double high)
    {
        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
                return high;
            if (rising(middle) < target)
                low = middle;
            else
                high = middle;
        }
    }
}
