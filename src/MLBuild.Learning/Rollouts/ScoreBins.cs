using System.Collections.Immutable;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Rollouts;

/// <summary>The bins into which the scores of both versions of a rollout are counted: the same on every server, as they
/// follow from the champion alone. Of a regression they are between quantiles of the scores of its golden rows, of a
/// binary model fiftieths of the probability, of a multiclass one the class of the highest probability.</summary>
public sealed class ScoreBins
{
    private const int MostQuantiles = 20;
    private const int ProbabilityBins = 50;

    private readonly LearningTask _task;
    private readonly ImmutableArray<float> _edges;

    /// <param name="goldenScores">Of the champion's golden rows, row after row.</param>
    public ScoreBins(LearningTask task, IEnumerable<float> goldenScores)
    {
        _task = task;
        _edges = task.Kind == LearningTaskKind.Regression ? Edges([.. goldenScores.Order()]) : [];
    }

    public int Count => _task.Kind switch
    {
        LearningTaskKind.Regression => _edges.Length + 1,
        LearningTaskKind.Binary => ProbabilityBins,
        _ => _task.Classes.Count,
    };

    /// <param name="scores">Of one row, finite.</param>
    public int BinOf(ReadOnlySpan<float> scores)
    {
        switch (_task.Kind)
        {
            case LearningTaskKind.Regression:
                var at = _edges.AsSpan().BinarySearch(scores[0]);
                return at < 0 ? ~at : at;
            case LearningTaskKind.Binary:
                return Math.Clamp((int)(scores[0] * ProbabilityBins), 0, ProbabilityBins - 1);
            default:
                var highest = 0;
                for (var i = 1; i < scores.Length; i++)
                {
                    if (scores[i] > scores[highest])
                        highest = i;
                }
                return highest;
        }
    }

    // Each once: equal scores are in one bin.
    private static ImmutableArray<float> Edges(float[] sorted)
    {
        var bins = Math.Min(MostQuantiles, sorted.Length);
        return [.. Enumerable.Range(1, Math.Max(0, bins - 1)).Select(i => sorted[i * sorted.Length / bins]).Distinct()];
    }
}
