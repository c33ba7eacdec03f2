using System.Collections.Concurrent;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>The units of each stage in one run. Files and points are listed once, so that stages with the same
/// partitions agree.</summary>
internal sealed class Partitions(Pipeline pipeline)
{
    private readonly ConcurrentDictionary<StageName, Lazy<StageUnit[]>> _units = new();

    /// <summary>The stage itself, or one unit for each of its partitions.</summary>
    /// <exception cref="SourceException">Two partitions would have the same key, or none can be listed.</exception>
    public IReadOnlyList<StageUnit> UnitsOf(Stage stage) =>
        _units.GetOrAdd(stage.Name, _ => new(() => List(stage))).Value;

    private StageUnit[] List(Stage stage)
    {
        switch (stage.Partitioning)
        {
            case null:
                return [new(stage, null)];
            case Partitioning.SameAs(var other):
                return [.. UnitsOf(pipeline[other]).Select(unit =>
                    new StageUnit(stage, new PartitionSource.Point(unit.For!.Key, unit.For.Value)))];
            case Partitioning.Files(var find):
                return Distinct(stage, find().Select(file => new PartitionSource.File(file)));
            case Partitioning.Points(var list):
                return Distinct(stage, list().Select(PartitionSource.Of));
            default:
                throw new InvalidOperationException($"BUG: unknown partitioning {stage.Partitioning}.");
        }
    }

    private static StageUnit[] Distinct(Stage stage, IEnumerable<PartitionSource> sources)
    {
        StageUnit[] units = [.. sources.Select(source => new StageUnit(stage, source))];
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var unit in units)
        {
            if (keys.Add(unit.Partition!))
                continue;
            var same = units.Where(other => other.Partition == unit.Partition).ToArray();
            throw new SourceException(unit.Source is null
                ? $"Stage '{stage.Name}' has {same.Length} matrix points with the key '{unit.Partition}'. Each " +
                    $"partition needs a key of its own: leave out repeated points, or tell them apart by a member."
                : $"Stage '{stage.Name}' has {same.Length} source files with the key '{unit.Partition}': " +
                    $"{string.Join(", ", same.Select(other => $"'{other.Source!.Path}'"))}. Each partition needs a " +
                    $"key of its own.");
        }
        return units;
    }
}
