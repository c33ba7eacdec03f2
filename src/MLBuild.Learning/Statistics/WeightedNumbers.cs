namespace MLBuild.Learning.Statistics;

/// <summary>Numbers that each stand for so many equal ones.</summary>
internal sealed class WeightedNumbers(int capacity)
{
    private readonly double[] _numbers = new double[capacity];
    private readonly long[] _weights = new long[capacity];
    private int _count;
    private bool _isSorted;

    public void Add(double number, long weight) => (_numbers[_count], _weights[_count++]) = (number, weight);

    /// <summary>The smallest number whose rank reaches each share, shares rising: the quantile of type 1 of Hyndman and
    /// Fan, Sample quantiles in statistical packages, 1996.</summary>
    public double[] Quantiles(params ReadOnlySpan<double> shares)
    {
        Sort();
        var total = 0L;
        foreach (var weight in _weights.AsSpan(0, _count))
            total += weight;
        var quantiles = new double[shares.Length];
        var (index, reached) = (0, _count > 0 ? _weights[0] : throw new ArgumentException("BUG: no numbers."));
        for (var i = 0; i < quantiles.Length; i++)
        {
            // A share such as 0.1 is not exact; that must not push a whole rank up.
            while (reached < shares[i] * total * (1 - 1e-12) && index < _count - 1)
                reached += _weights[++index];
            quantiles[i] = _numbers[index];
        }
        return quantiles;
    }

    /// <summary>Sums and squares in rising order: the order in which the numbers came does not matter.</summary>
    public Moments Moments()
    {
        Sort();
        var moments = new Moments();
        for (var i = 0; i < _count; i++)
            moments.Add(_numbers[i], _weights[i]);
        return moments;
    }

    private void Sort()
    {
        if (!_isSorted)
            Array.Sort(_numbers, _weights, 0, _count);
        _isSorted = true;
    }
}
