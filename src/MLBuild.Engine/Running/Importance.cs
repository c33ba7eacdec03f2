using System.Collections.Concurrent;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>How long the longest chain of work is that a unit begins, by the durations of last time: what is longest is
/// started first, so that it does not end last. Nothing is read until work has to wait.</summary>
internal sealed class Importance(Pipeline pipeline, Partitions partitions, Workspace workspace)
{
    private readonly Lazy<ConcurrentDictionary<string, TimeSpan>> _own = new(() => new(StringComparer.Ordinal));
    private readonly Lazy<IReadOnlyDictionary<StageName, TimeSpan>> _after =
        new(() => After(pipeline, partitions, workspace));

    public TimeSpan Of(StageUnit unit) =>
        _own.Value.GetOrAdd(unit.Name, _ => Past(workspace, unit)) + _after.Value[unit.Stage.Name];

    // The longest chain of work behind each stage, the stage itself not counted.
    private static Dictionary<StageName, TimeSpan> After(
        Pipeline pipeline, Partitions partitions, Workspace workspace)
    {
        var after = pipeline.Stages.ToDictionary(stage => stage.Name, _ => TimeSpan.Zero);
        foreach (var stage in pipeline.InOrder.Reverse())
        {
            var longest = after[stage.Name] + Longest(stage);
            foreach (var input in stage.Inputs)
                after[input.Stage] = after[input.Stage] > longest ? after[input.Stage] : longest;
        }
        return after;

        // Listing partitions may fail; that is the stage's own fault to report.
        TimeSpan Longest(Stage stage)
        {
            try
            {
                return partitions.UnitsOf(stage).Select(unit => Past(workspace, unit)).DefaultIfEmpty().Max();
            }
            catch (Exception)
            {
                return TimeSpan.Zero;
            }
        }
    }

    private static TimeSpan Past(Workspace workspace, StageUnit unit) =>
        workspace.Last(unit.Name)?.Duration ?? TimeSpan.Zero;
}
