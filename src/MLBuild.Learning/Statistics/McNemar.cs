namespace MLBuild.Learning.Statistics;

/// <summary>McNemar's test of two classifiers on the same rows: is one right more often than the other? Only rows
/// on which exactly one of them is right tell.</summary>
/// <remarks>The exact form: given their number, either is the right one with probability 1/2, so the p is that of a
/// two-sided sign test and holds for any number of rows. Rows must be independent. Source: McNemar, "Note on the
/// sampling error of the difference between correlated proportions or percentages", Psychometrika 12, 1947; for
/// classifiers: Dietterich, "Approximate statistical tests for comparing supervised classification learning
/// algorithms", Neural Computation 10, 1998.</remarks>
public static class McNemar
{
    /// <summary>The probability of counts at least this unequal when both are right equally often; 1 where there is no
    /// such row.</summary>
    /// <param name="onlyFirst">Rows on which only the first is right.</param>
    /// <param name="onlySecond">Rows on which only the second is right.</param>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    public static double ExactP(long onlyFirst, long onlySecond)
    {
        if (onlyFirst < 0 || onlySecond < 0)
            throw new ArgumentException(
                $"Only the first is right on {onlyFirst} rows and only the second on {onlySecond}; "
                + "expected counts of 0 or more.");
        // Twice the half up to the middle is more than 1 where the counts are equal.
        return Math.Min(
            1, 2 * BinomialDistribution.Cdf(Math.Min(onlyFirst, onlySecond), checked(onlyFirst + onlySecond), 0.5));
    }
}
