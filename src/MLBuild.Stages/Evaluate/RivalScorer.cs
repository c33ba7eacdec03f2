using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>Scores held-out rows by a version that the challenger is compared with.</summary>
internal sealed class RivalScorer(ComparableModel.Loaded version)
{
    private readonly RowScorer _scorer = new(version.Model);
    private readonly OwnFeatures? _own = (version.Features as RivalFeatures.Own)?.Features;

    /// <param name="todays">The row's features in today's table.</param>
    /// <returns>Valid until the next row is scored.</returns>
    public ReadOnlySpan<double> Score(ReadOnlySpan<float> todays) =>
        _scorer.Score(_own is { } own ? own.Values : todays);
}
