using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Monitoring;

/// <summary>Mean and spread of numbers of a part of the rows, as kept between stages; those of several parts add
/// up.</summary>
/// <param name="NonFinite">Rows whose number is NaN or infinite; they are not in <paramref name="Count"/>.</param>
/// <param name="SumOfSquares">Σ (x − mean)².</param>
public sealed record SumTally(long Count, double Mean, double SumOfSquares, long NonFinite)
{
    public static SumTally None => new(0, 0, 0, 0);

    public double Variance => Moments().Variance;

    public SumTally Plus(SumTally other)
    {
        var moments = Moments();
        moments.Merge(other.Moments());
        return new(moments.Count, moments.Mean, moments.SumOfSquares, NonFinite + other.NonFinite);
    }

    private RunningMoments Moments() => new(Count, Mean, SumOfSquares);
}

/// <summary>Makes a <see cref="SumTally"/> row by row.</summary>
public sealed class SumCounter
{
    private readonly RunningMoments _moments = new();
    private long _nonFinite;

    public void Add(double number)
    {
        if (double.IsFinite(number))
            _moments.Add(number);
        else
            _nonFinite++;
    }

    public SumTally ToTally() => new(_moments.Count, _moments.Mean, _moments.SumOfSquares, _nonFinite);
}
