using System.IO.Enumeration;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>The partitions that a build is limited to: <c>--only Fold=3</c>, <c>--only Ingest/2019-*</c>. A stage of
/// which no partition is named is not limited.</summary>
public sealed class Selection
{
    public static readonly Selection Everything = new();

    private readonly Dictionary<StageName, HashSet<string>> _keys = [];

    private Selection()
    {
    }

    /// <param name="patterns">A partition's key, or <c>Stage/key</c> for the partitions of that stage and those of
    /// stages that have the same ones; <c>*</c> and <c>?</c> stand for any letters.</param>
    /// <param name="stages">The stages that are asked for, with all that they read.</param>
    /// <exception cref="PipelineException">A pattern names no partition.</exception>
    public static Selection Of(IReadOnlyList<string> patterns, Pipeline pipeline, IReadOnlyList<StageName> stages)
    {
        if (patterns.Count == 0)
            return Everything;
        var partitions = new Partitions(pipeline);
        var units = stages.Select(name => pipeline[name]).Where(stage => stage.IsPartitioned)
            .ToDictionary(stage => stage.Name, partitions.UnitsOf);
        var selection = new Selection();
        foreach (var pattern in patterns)
        {
            var (stage, key) = pattern.Split('/', 2) is [var named, var rest]
                ? (pipeline.Find(named), rest)
                : (null, pattern);
            var found = units.Values.SelectMany(all => all)
                .Where(unit => (stage is null || pipeline.HaveSamePartitions(stage, unit.Stage))
                    && FileSystemName.MatchesSimpleExpression(key, unit.Partition!, ignoreCase: true))
                .ToArray();
            if (found.Length == 0)
                throw new PipelineException($"--only '{pattern}' names no partition. {Known(units)}");
            foreach (var unit in found)
            {
                if (!selection._keys.TryGetValue(unit.Stage.Name, out var keys))
                    selection._keys[unit.Stage.Name] = keys = new(StringComparer.Ordinal);
                keys.Add(unit.Partition!);
            }
        }
        return selection;
    }

    public bool Includes(StageUnit unit) =>
        !_keys.TryGetValue(unit.Stage.Name, out var keys) || keys.Contains(unit.Partition!);

    private static string Known(Dictionary<StageName, IReadOnlyList<StageUnit>> units)
    {
        const int MostNamed = 5;
        var some = units.Where(stage => stage.Value.Count > 0).ToArray();
        return some.Length == 0
            ? "No stage of this build has partitions."
            : string.Join(' ', some.Select(stage => $"{stage.Key} has: " +
                $"{string.Join(", ", stage.Value.Take(MostNamed).Select(unit => unit.Partition))}" +
                $"{(stage.Value.Count > MostNamed ? $" and {stage.Value.Count - MostNamed} more" : "")}."));
    }
}
