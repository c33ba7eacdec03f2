namespace MLBuild.Learning.Statistics;

/// <summary>Checks weights that are to be divided by their sum.</summary>
internal static class Weights
{
    /// <exception cref="ArgumentException">A weight is negative or not finite, or their sum is not above 0.</exception>
    public static double Total(ReadOnlySpan<double> weights, string which)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            if (weight is not (>= 0 and < double.PositiveInfinity))
                throw new ArgumentException(FormattableString.Invariant(
                    $"A weight of the {which} side is {weight}; expected a finite number, 0 or more."));
            total += weight;
        }
        return total is > 0 and < double.PositiveInfinity
            ? total
            : throw new ArgumentException(FormattableString.Invariant(
                $"The weights of the {which} side add up to {total}; expected a finite sum above 0."));
    }
}
