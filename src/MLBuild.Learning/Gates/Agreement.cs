namespace MLBuild.Learning.Gates;

/// <summary>Whether two ways of computing one number give the same: if not, they were computed from other rows or in
/// other units, and nothing can be said of them.</summary>
internal static class Agreement
{
    // Sums of a billion rows of any order differ by less; another unit, or other rows, by more.
    private const double Relative = 1e-6;

    /// <param name="scale">The size of the numbers behind them: their difference may be all that is left of
    /// these.</param>
    public static bool Between(double one, double other, double scale) =>
        Math.Abs(one - other) is < double.PositiveInfinity and var gap
        && gap <= Relative * Math.Max(scale, Math.Max(Math.Abs(one), Math.Abs(other)));
}
