using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Statistics;

namespace MLBuild.Stages.Evaluate;

/// <summary>What to predict for each row if nothing is known of it: of all constants, the one with the least loss on
/// the rows that a model learns from. The hold-out's own would be told by what is judged.</summary>
internal abstract class TrainingConstant
{
    /// <summary>"the mean of the training labels".</summary>
    public abstract string Name { get; }

    public abstract void Add(double label);

    /// <summary>As many as a model has for a row; all missing where there are no labels, or one is none.</summary>
    public abstract MetricValue[] Scores();
}

/// <summary>The mean of labels as they stream by, which has the least squared error.</summary>
internal sealed class LabelMean : TrainingConstant
{
    private readonly RunningMoments _labels = new();
    private long _nonFiniteCount;

    public override string Name => "the mean of the training labels";

    public override void Add(double label)
    {
        if (double.IsFinite(label))
            _labels.Add(label);
        else
            _nonFiniteCount++;
    }

    public override MetricValue[] Scores() =>
    [
        (_labels.Count, _nonFiniteCount) switch
        {
            (0, 0) => new MetricValue.Missing("there are no training rows"),
            (_, > 0) => new MetricValue.Missing(
                $"{_nonFiniteCount} of {_labels.Count + _nonFiniteCount} training labels are not finite"),
            _ => MetricValue.Of(_labels.Mean),
        },
    ];
}

/// <summary>The share of each class among labels as they stream by, which has the least log loss.</summary>
internal sealed class ClassShares(LearningTask task) : TrainingConstant
{
    private readonly long[] _rows = new long[task.Classes.Count];
    private long _unknownCount;

    public override string Name => "the shares of the classes among the training rows";

    public override void Add(double label)
    {
        if (task.HasClass(label))
            _rows[(int)label]++;
        else
            _unknownCount++;
    }

    public override MetricValue[] Scores()
    {
        var all = _rows.Sum() + _unknownCount;
        return
        [
            // A binary model has a score for the second class only.
            .. _rows.TakeLast(task.ScoreCount).Select(rows => (all, _unknownCount) switch
            {
                (0, _) => new MetricValue.Missing("there are no training rows"),
                (_, > 0) => new MetricValue.Missing($"{_unknownCount} of {all} training labels are no class"),
                _ => MetricValue.Of((double)rows / all),
            }),
        ];
    }
}
