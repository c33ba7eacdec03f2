namespace MLBuild.Learning.Statistics;

/// <summary>Pseudo-random numbers that are the same for a seed on every machine and in every version of .NET, which
/// <see cref="Random"/> does not promise. They are not for secrets.</summary>
/// <remarks>Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: a counter that
/// grows by an odd constant, and a mix of its bits that maps no two counters to one number.</remarks>
public sealed class SplitMix64(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>A generator for one of many pieces of work, so that each draws the same numbers whoever does the
    /// others, and when. It starts at number <paramref name="stream"/> of the generator with this seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">0 or more.</param>
    public static SplitMix64 Stream(ulong seed, int stream) => new(Mix(seed + ((ulong)stream + 1) * Step));

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += Step);

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>; each is equally likely.</summary>
    /// <remarks>Source: Lemire, "Fast random integer generation in an interval", ACM Transactions on Modeling and
    /// Computer Simulation 29, 2019. The remainder of a division would prefer small numbers.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int Below(int bound)
    {
        if (bound < 1)
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "Expected at least 1.");
        var range = (ulong)bound;
        var high = Math.BigMul(Next(), range, out var low);
        if (low < range)
        {
            var unfair = (0UL - range) % range;
            while (low < unfair)
                high = Math.BigMul(Next(), range, out low);
        }
        return (int)high;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
