namespace MLBuild.Learning.Contracts;

/// <summary>Mean, standard deviation and extremes of numbers seen one by one.</summary>
internal sealed class Moments
{
    private long _count;
    private double _sum;
    private double _lost;
    private double _center;
    private double _squares;
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;

    /// <summary>Null for no numbers, and where their sum is beyond a double.</summary>
    // The sum is exact for whole numbers, so a mean that is exactly at its limit is at its limit in any order of rows.
    public double? Mean => Finite((_sum + _lost) / _count);

    /// <summary>Of the sample (n - 1).</summary>
    public double? StandardDeviation => _count > 1 ? Finite(Math.Sqrt(_squares / (_count - 1))) : null;

    public double? Minimum => Finite(_minimum);

    public double? Maximum => Finite(_maximum);

    public void Add(double number)
    {
        _count++;
        _minimum = Math.Min(_minimum, number);
        _maximum = Math.Max(_maximum, number);

        // A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, 1974.
        var sum = _sum + number;
        _lost += Math.Abs(_sum) >= Math.Abs(number) ? _sum - sum + number : number - sum + _sum;
        _sum = sum;

        // B. P. Welford, Note on a method for calculating corrected sums of squares and products, 1962.
        var delta = number - _center;
        _center += delta / _count;
        _squares += delta * (number - _center);
    }

    private static double? Finite(double number) => double.IsFinite(number) ? number : null;
}
