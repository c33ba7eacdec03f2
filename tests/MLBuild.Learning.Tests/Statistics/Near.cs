namespace MLBuild.Learning.Tests.Statistics;

/// <summary>Compares numbers by their relative error, so that a wrong tail probability of 1e-20 cannot pass as
/// zero.</summary>
internal static class Near
{
    public static void Equal(double expected, double actual, double relativeError = 1e-12) =>
        Assert.True(
            Math.Abs(actual - expected) <= relativeError * Math.Max(Math.Abs(expected), double.Epsilon),
            FormattableString.Invariant($"expected {expected:R} ± {relativeError} of it, got {actual:R}"));
}
