namespace MLBuild.Learning.Tests.Gates;

/// <summary>Numbers that look random and are the same for the same seed in every version of .NET: SplitMix64
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).</summary>
internal sealed class SeededDraws(ulong seed)
{
    private ulong _state = seed;
    private double? _other;

    /// <summary>From 0 up to, but not including, 1.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Of the standard normal distribution (Box and Muller, 1958, who get two at a time).</summary>
    public double Normal()
    {
        if (_other is { } other)
        {
            _other = null;
            return other;
        }
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * Uniform());
        _other = radius * sin;
        return radius * cos;
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
