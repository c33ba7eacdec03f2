namespace MLBuild.Registry.Tests;

/// <summary>The same numbers from the same seed with every version of .NET: SplitMix64 (Steele, Lea and Flood, "Fast
/// Splittable Pseudorandom Number Generators", OOPSLA 2014).</summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>0 to <paramref name="end"/>, without it; the bias is below 2^-32 for the ends that tests use.</summary>
    public ulong Below(ulong end) => Next() % end;

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
