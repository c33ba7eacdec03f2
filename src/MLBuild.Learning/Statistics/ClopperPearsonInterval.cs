namespace MLBuild.Learning.Statistics;

/// <summary>Where the true share lies when some of all rows have a property: an interval that never holds it less often
/// than the confidence says.</summary>
/// <remarks>For promises, and for counts as small as 0 of n. It is exact for independent rows and wider than
/// <see cref="WilsonInterval"/>, which holds the true share as often as said on average and is the one to report. Both
/// are too narrow where rows depend on each other. Source: Clopper and Pearson, "The use of confidence or fiducial
/// limits illustrated in the case of the binomial", Biometrika 26, 1934; its ends as beta quantiles as in Brown, Cai,
/// DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16, 2001, section 4.2.1.</remarks>
public static class ClopperPearsonInterval
{
    /// <summary>The ends of the interval, in 0..1.</summary>
    /// <param name="having">Rows that have the property.</param>
    /// <param name="all">All rows, at least 1.</param>
    /// <param name="confidence">How often, at least, the interval holds the true share; above 0, below 1.</param>
    public static (double Low, double High) Of(long having, long all, double confidence)
    {
        if (all < 1 || having < 0 || having > all)
            throw new ArgumentException($"{having} of {all} is no share. Count at least one row.");
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Expected 0 < value < 1.");
        var outside = (1 - confidence) / 2;
        var without = all - having;
        return (
            having == 0 ? 0 : BetaDistribution.Quantile(outside, having, without + 1.0),
            without == 0 ? 1 : 1 - BetaDistribution.Quantile(outside, without, having + 1.0));
    }
}
