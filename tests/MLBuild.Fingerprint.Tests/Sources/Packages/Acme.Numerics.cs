namespace Acme.Numerics;

/// <summary>Sums.</summary>
public static class Sums
{
    public static double Of(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
