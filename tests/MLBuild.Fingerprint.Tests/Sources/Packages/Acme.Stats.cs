using Acme.Numerics;

namespace Acme.Stats;

/// <summary>Statistics of a package that needs another one.</summary>
public static class Robust
{
    public static double Center(double[] values) => Sums.Of(values) / values.Length;
}
