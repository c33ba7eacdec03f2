using System.Numerics;

namespace MLBuild.Learning.Statistics;

/// <summary>How many different hashes there are, in 4,096 bytes. The standard error is 1.04 / √4096 = 1.6 %; the order
/// does not matter.</summary>
/// <remarks>Flajolet, Fusy, Gandouet, Meunier, HyperLogLog, AofA 2007, with the estimator of Ertl, New cardinality
/// estimation algorithms for HyperLogLog sketches, 2017, algorithm 6, which needs no correction for small and large
/// counts.</remarks>
public sealed class DistinctSketch
{
    public const double StandardError = 1.04 / 64;

    private const int Precision = 12;
    private const int Registers = 1 << Precision;
    private const int Depth = 64 - Precision;

    private readonly byte[] _registers = new byte[Registers];

    /// <param name="hash">64 well mixed bits.</param>
    public void Add(ulong hash)
    {
        ref var register = ref _registers[hash >> Depth];
        var rank = (byte)Math.Min(BitOperations.LeadingZeroCount(hash << Precision) + 1, Depth + 1);
        if (rank > register)
            register = rank;
    }

    public void Merge(DistinctSketch other)
    {
        for (var i = 0; i < Registers; i++)
            _registers[i] = Math.Max(_registers[i], other._registers[i]);
    }

    public long Estimate()
    {
        var counts = new double[Depth + 2];
        foreach (var rank in _registers)
            counts[rank]++;
        var z = Registers * Tau(1 - counts[Depth + 1] / Registers);
        for (var rank = Depth; rank >= 1; rank--)
            z = 0.5 * (z + counts[rank]);
        z += Registers * Sigma(counts[0] / Registers);
        return (long)Math.Round(Registers / (2 * Math.Log(2)) * Registers / z);
    }

    private static double Sigma(double x)
    {
        if (x == 1)
            return double.PositiveInfinity;
        var (y, z, before) = (1.0, x, 0.0);
        while (z != before)
        {
            x *= x;
            (before, z, y) = (z, z + x * y, 2 * y);
        }
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
            return 0;
        var (y, z, before) = (1.0, 1 - x, 0.0);
        while (z != before)
        {
            x = Math.Sqrt(x);
            y *= 0.5;
            (before, z) = (z, z - (1 - x) * (1 - x) * y);
        }
        return z / 3;
    }
}
