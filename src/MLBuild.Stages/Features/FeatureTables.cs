using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Leakage;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Features;

/// <summary>Computes the feature tables of the two sides of a split, and looks at the rows on the way: for what a model
/// must not learn from, and to profile those it learns from. The held-out side comes first.</summary>
internal sealed class FeatureTables<TRow>(StageRun run, ModelDefinition<TRow> model)
    where TRow : class, new()
{
    private readonly TimeTravel<TRow> _times = new(model);
    private readonly SplitTwins _twins = new();
    private readonly LabelLeaks _labels = new(model.Features.Schema);
    private readonly FeatureProfiler _profiler = new(model.Features.Schema, model.Features.Meanings);

    /// <returns>The number of rows.</returns>
    public long ComputeHoldOut(FittedFeatures<TRow> fitted) =>
        Compute(SplitStage.HoldOut, FeaturesStage.HoldOut, (row, key, features) =>
        {
            fitted.Others.Compute(row, features);
            _twins.AddHeldOut(features, model.Label(row), key);
        });

    /// <returns>The number of rows.</returns>
    public long ComputeTraining(FittedFeatures<TRow> fitted)
    {
        var served = new float[model.Features.Width];
        var isOutOfFold = model.Features.OutOfFold.Contains(true);
        return Compute(SplitStage.Train, FeaturesStage.Train, (row, key, features) =>
        {
            fitted.ComputeTraining(row, key, features);
            _labels.Add(features, model.Label(row), key);
            // Other rows are compared with these, and none of them is computed out of fold.
            if (isOutOfFold)
                fitted.Others.Compute(row, served);
            else
                features.CopyTo(served, 0);
            _twins.AddTraining(served, model.Label(row), key);
            _profiler.Add(served);
            foreach (var (feature, word) in model.Features.WordsOf(row))
                _profiler.AddWord(feature, word);
        });
    }

    /// <summary>What the training rows look like.</summary>
    public ModelProfile Profile() => _profiler.Build();

    public LeakageReport Leaks(LeakageLimits limits) =>
        new(limits, _labels.Complete(limits), _twins.Complete(limits), _times.Complete());

    // What is no class would be found by training, by the number of a row that nobody has seen.
    private double LabelOf(TRow row, RowKey key)
    {
        var (label, task) = (model.Label(row), model.Task);
        if (task.Kind != LearningTaskKind.Regression && !task.HasClass(label))
            throw new TrainingDataException(
                FormattableString.Invariant($"Row {key} has the label {label}, expected {task.Labels}. ") +
                "Let the definition's Label give the position of the row's class in its Task, or validate such rows " +
                "away.");
        return label;
    }

    private long Compute(string from, string to, Action<TRow, RowKey, float[]> compute)
    {
        var features = new float[model.Features.Width];
        var groups = new string[model.Groups.Count];
        using var table = new FeatureTableWriter(
            run.Output(to), [.. model.Features.Names], [.. model.Groups.Select(group => group.Name)]);
        foreach (var (at, row) in RowTable.Read<TRow>(run.Input(from)).Index())
        {
            FeaturesStage.Watch(run, at);
            var key = model.Key(row.Row);
            compute(row.Row, key, features);
            _times.Add(row.Row, key);
            for (var i = 0; i < groups.Length; i++)
                groups[i] = model.Groups[i].Of(row.Row);
            table.Add(features, LabelOf(row.Row, key), key.ToString(), groups);
        }
        return table.Complete();
    }
}
