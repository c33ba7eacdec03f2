using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Gathers the errors of challenger and champion on the rows of one slice, as they stream by.</summary>
/// <param name="withChampion">Whether there is one to compare with.</param>
/// <param name="intervals">How the intervals of small slices are drawn.</param>
internal sealed class SliceScores(bool withChampion, BootstrapOptions intervals)
{
    private readonly RegressionAccumulator _challenger = new(intervals);
    private readonly RivalScores? _champion = withChampion ? new() : null;

    public long Rows { get; private set; }

    public void Add(double actual, double challenger, double? champion)
    {
        Rows++;
        _challenger.Add(actual, challenger);
        if (champion is { } other)
            _champion!.Add(actual, challenger, other);
    }

    public SliceReport Report(string name) =>
        new(name, _challenger.ToMetrics(), _champion?.Metrics, _champion?.Difference)
        {
            Intervals = _challenger.ToIntervals(),
        };
}
