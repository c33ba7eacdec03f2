namespace MLBuild.Learning.Statistics;

/// <summary>A sum of doubles that is rounded once, when it is asked for: the order of the numbers, and how they were
/// grouped, change no bit of it.</summary>
/// <remarks>Shewchuk, "Adaptive precision floating-point arithmetic", Discrete &amp; Computational Geometry 18, 1997:
/// a list of doubles that do not overlap, mostly one to three of them.</remarks>
public sealed class ExactSum
{
    /// <summary>Larger numbers could overflow on the way to a sum that does not.</summary>
    public const double Largest = 1e290;

    private double[] _parts = new double[2];
    private int _count;

    /// <exception cref="ArgumentOutOfRangeException">The number is not finite or beyond ±<see cref="Largest"/>.
    /// </exception>
    public void Add(double number)
    {
        if (!(Math.Abs(number) <= Largest))
            throw new ArgumentOutOfRangeException(
                null, FormattableString.Invariant($"{number} cannot be summed: it is not finite or beyond 1e290."));
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var (large, small) = Math.Abs(number) < Math.Abs(_parts[i]) ? (_parts[i], number) : (number, _parts[i]);
            var sum = large + small;
            var lost = small - (sum - large);
            if (lost != 0)
                _parts[kept++] = lost;
            number = sum;
        }
        if (kept == _parts.Length)
            Array.Resize(ref _parts, kept * 2);
        _parts[kept++] = number;
        _count = kept;
    }

    public void Add(ExactSum other)
    {
        for (var i = 0; i < other._count; i++)
            Add(other._parts[i]);
    }

    /// <summary>The double nearest to the sum, the even one where two are equally near.</summary>
    public double Value
    {
        get
        {
            if (_count == 0)
                return 0;
            var next = _count - 1;
            var (sum, lost) = (_parts[next], 0.0);
            while (next > 0 && lost == 0)
            {
                var before = sum;
                var part = _parts[--next];
                sum = before + part;
                lost = part - (sum - before);
            }
            // Half-way between two doubles: the parts below say to which side.
            if (next > 0 && lost != 0 && Math.Sign(lost) == Math.Sign(_parts[next - 1]))
            {
                var twice = lost * 2;
                var other = sum + twice;
                if (other - sum == twice)
                    sum = other;
            }
            return sum;
        }
    }
}
