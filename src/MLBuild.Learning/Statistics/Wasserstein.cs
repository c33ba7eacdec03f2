namespace MLBuild.Learning.Statistics;

/// <summary>Wasserstein-1 (earth mover's) distance of two samples on a line: ∫ |F(x) − G(x)| dx over their distribution
/// functions. It is in the unit of the values, symmetric, and |c| when one sample is the other moved by c.</summary>
/// <remarks>Source: Vallender, "Calculation of the Wasserstein distance between probability distributions on the line",
/// 1974.</remarks>
public static class Wasserstein
{
    /// <summary>The distance when every value weighs the same within its sample.</summary>
    /// <exception cref="ArgumentException">A sample is empty or a value is not finite.</exception>
    public static double Distance(ReadOnlySpan<double> first, ReadOnlySpan<double> second) =>
        Distance(first, Ones(first.Length), second, Ones(second.Length));

    /// <param name="first">Finite values in any order.</param>
    /// <param name="firstWeights">A weight of 0 or more for each; they are divided by their sum.</param>
    /// <param name="second">The other side's values.</param>
    /// <param name="secondWeights">Their weights.</param>
    /// <exception cref="ArgumentException">A sample is empty, a value is not finite, or the weights do not
    /// fit.</exception>
    public static double Distance(
        ReadOnlySpan<double> first, ReadOnlySpan<double> firstWeights,
        ReadOnlySpan<double> second, ReadOnlySpan<double> secondWeights)
    {
        var (a, aShares) = SortedShares(first, firstWeights, "first");
        var (b, bShares) = SortedShares(second, secondWeights, "second");
        var distance = 0.0;
        var gap = 0.0;
        var before = Math.Min(a[0], b[0]);
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            var takeFirst = j == b.Length || (i < a.Length && a[i] <= b[j]);
            var value = takeFirst ? a[i] : b[j];
            distance += Math.Abs(gap) * (value - before);
            gap += takeFirst ? aShares[i++] : -bShares[j++];
            before = value;
        }
        return distance;
    }

    private static (double[] Values, double[] Shares) SortedShares(
        ReadOnlySpan<double> values, ReadOnlySpan<double> weights, string which)
    {
        if (values.IsEmpty)
            throw new ArgumentException($"The {which} sample is empty; the distance needs at least one value.");
        if (values.Length != weights.Length)
            throw new ArgumentException(
                $"The {which} sample has {values.Length} values and {weights.Length} weights; expected one for each.");
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException(FormattableString.Invariant($"The {which} sample holds {value}, ")
                    + "which is at no finite distance. Count such rows and leave them out.");
        }
        var total = Weights.Total(weights, which);
        var sorted = values.ToArray();
        var shares = weights.ToArray();
        for (var i = 0; i < shares.Length; i++)
            shares[i] /= total;
        Array.Sort(sorted, shares);
        return (sorted, shares);
    }

    private static double[] Ones(int length)
    {
        var ones = new double[length];
        Array.Fill(ones, 1);
        return ones;
    }
}
