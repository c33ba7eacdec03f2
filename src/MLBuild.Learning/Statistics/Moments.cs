using System.Runtime.Intrinsics;

namespace MLBuild.Learning.Statistics;

/// <summary>Count, sum, mean, standard deviation and extremes of numbers, added in blocks and merged.</summary>
/// <remarks>The sum is compensated, so that of whole numbers is exact in any order: Knuth, TAOCP 2, 4.2.2, theorem B,
/// in four lanes. Squares are taken around the mean of each block and merged as in Chan, Golub, LeVeque, Updating
/// formulae and a pairwise algorithm for computing sample variances, 1979.</remarks>
internal sealed class Moments
{
    private double _sum;
    private double _lost;
    private double _squares;
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;

    public long Count { get; private set; }

    /// <summary>Null for no numbers, and where their sum is beyond a double.</summary>
    // The sum of equal numbers is rounded, so that their mean could be beside them.
    public double? Mean => Finite((_sum + _lost) / Count) is { } mean ? Math.Clamp(mean, _minimum, _maximum) : null;

    /// <summary>Of the sample (n - 1).</summary>
    public double? StandardDeviation => Count > 1 ? Finite(Math.Sqrt(_squares / (Count - 1))) : null;

    public double? Minimum => Finite(_minimum);

    public double? Maximum => Finite(_maximum);

    public void Add(ReadOnlySpan<double> block)
    {
        if (block.IsEmpty)
            return;
        var (sums, losts) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var (least, most) = (Vector256.Create(_minimum), Vector256.Create(_maximum));
        var i = 0;
        for (; i <= block.Length - 4; i += 4)
        {
            var number = Vector256.Create(block.Slice(i, 4));
            var sum = sums + number;
            var virtually = sum - sums;
            losts += (sums - (sum - virtually)) + (number - virtually);
            sums = sum;
            least = Vector256.Min(least, number);
            most = Vector256.Max(most, number);
        }
        var other = new Moments();
        for (var lane = 0; lane < 4; lane++)
        {
            other.AddToSum(sums[lane], losts[lane]);
            other._minimum = Math.Min(other._minimum, least[lane]);
            other._maximum = Math.Max(other._maximum, most[lane]);
        }
        for (; i < block.Length; i++)
        {
            other.AddToSum(block[i], 0);
            other._minimum = Math.Min(other._minimum, block[i]);
            other._maximum = Math.Max(other._maximum, block[i]);
        }
        other.Count = block.Length;
        other._squares = Squares(block, (other._sum + other._lost) / block.Length);
        Merge(other);
    }

    /// <summary>Adds a number that was seen so many times.</summary>
    public void Add(double number, long times)
    {
        var product = number * times;
        var lost = Math.FusedMultiplyAdd(number, times, -product);
        Merge(times, product, double.IsFinite(lost) ? lost : 0, 0);
        _minimum = Math.Min(_minimum, number);
        _maximum = Math.Max(_maximum, number);
    }

    public void Merge(Moments other)
    {
        if (other.Count == 0)
            return;
        Merge(other.Count, other._sum, other._lost, other._squares);
        _minimum = Math.Min(_minimum, other._minimum);
        _maximum = Math.Max(_maximum, other._maximum);
    }

    private void Merge(long count, double sum, double lost, double squares)
    {
        _squares += squares;
        if (Count > 0)
        {
            var difference = (sum + lost) / count - (_sum + _lost) / Count;
            _squares += difference * difference * ((double)Count / (Count + count) * count);
        }
        Count += count;
        AddToSum(sum, lost);
    }

    private void AddToSum(double number, double lost)
    {
        var sum = _sum + number;
        var virtually = sum - _sum;
        _lost += (_sum - (sum - virtually)) + (number - virtually) + lost;
        _sum = sum;
    }

    private static double Squares(ReadOnlySpan<double> block, double mean)
    {
        var squares = Vector256<double>.Zero;
        var means = Vector256.Create(mean);
        var i = 0;
        for (; i <= block.Length - 4; i += 4)
        {
            var difference = Vector256.Create(block.Slice(i, 4)) - means;
            squares += difference * difference;
        }
        var sum = Vector256.Sum(squares);
        for (; i < block.Length; i++)
            sum += (block[i] - mean) * (block[i] - mean);
        return sum;
    }

    private static double? Finite(double number) => double.IsFinite(number) ? number : null;
}
