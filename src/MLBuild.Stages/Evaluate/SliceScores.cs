using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers the errors of challenger and champion on the rows of one slice, as they stream by.</summary>
internal sealed class SliceScores
{
    private readonly RegressionAccumulator _challenger = new();
    private readonly RegressionAccumulator? _champion;
    private readonly PairedComparisonAccumulator? _difference;

    public SliceScores(bool withChampion)
    {
        _champion = withChampion ? new() : null;
        _difference = withChampion ? new() : null;
    }

    public long Rows { get; private set; }

    public void Add(double actual, double challenger, double? champion)
    {
        Rows++;
        _challenger.Add(actual, challenger);
        if (champion is not { } other)
            return;
        _champion!.Add(actual, other);
        _difference!.Add(Square(challenger - actual), Square(other - actual));
    }

    public SliceReport Report(string name) =>
        new(name, _challenger.ToMetrics(), _champion?.ToMetrics(), _difference?.ToComparison());

    private static double Square(double error) => error * error;
}
