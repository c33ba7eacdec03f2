using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Statistics;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Evaluate;

/// <summary>Some rows of the hold-out in memory, each equally likely, for what has to look at rows more than
/// once.</summary>
/// <param name="Width">The number of features.</param>
/// <param name="Features">Row after row, each <paramref name="Width"/> long.</param>
/// <param name="Labels">One for each row.</param>
/// <param name="Positions">For each row its place in the table, from 0.</param>
internal sealed record HoldOutSample(int Width, float[] Features, double[] Labels, long[] Positions)
{
    public int Count => Labels.Length;

    /// <summary>Draws <paramref name="size"/> rows, or takes all if there are fewer.</summary>
    /// <remarks>Source: Knuth, TAOCP 2, 3.4.2, algorithm S: one pass, and exactly so many.</remarks>
    public static HoldOutSample Draw(FeatureTableReader table, int size, ulong seed)
    {
        var width = table.Features.Count;
        var rows = (int)Math.Min(size, table.RowCount);
        var (features, labels, positions) = (new float[rows * width], new double[rows], new long[rows]);
        var random = new SplitMix64(seed);
        var (taken, seen) = (0, 0L);
        foreach (var batch in table.ReadValues())
        {
            for (var i = 0; i < batch.Count && taken < rows; i++, seen++)
            {
                // 53 bits are a number from 0 to 1 that a double holds exactly.
                if ((random.Next() >> 11) * (1.0 / (1UL << 53)) * (table.RowCount - seen) >= rows - taken)
                    continue;
                batch.Values.AsSpan(i * width, width).CopyTo(features.AsSpan(taken * width, width));
                (labels[taken], positions[taken]) = (batch.Labels[i], seen);
                taken++;
            }
        }
        return new(width, features, labels, positions);
    }

    public ReadOnlySpan<float> Row(int row) => Features.AsSpan(row * Width, Width);

    /// <summary>Every row with a model's scores for it.</summary>
    public IEnumerable<(double Label, double[] Scores)> Scored(ScoringModel model)
    {
        var scorer = new RowScorer(model);
        for (var row = 0; row < Count; row++)
            yield return (Labels[row], scorer.Score(Row(row)).ToArray());
    }

    /// <summary>Of a version that the challenger is compared with, on its own features.</summary>
    public double MeanLoss(ComparableModel.Loaded version, IHeldOutRows rows)
    {
        var (loss, scorer) = (RowLoss.Of(version.Model.Schema.Task.Kind), new RivalScorer(version));
        return Enumerable.Range(0, Count).Average(row =>
        {
            if (version.Features is RivalFeatures.Own { Features: var own })
                rows.Compute(own, this, row);
            return loss.Of(Labels[row], scorer.Score(Row(row)));
        });
    }
}
