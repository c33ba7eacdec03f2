using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>The stages of a build and who reads whom, checked as a whole before anything runs.</summary>
public sealed class Pipeline
{
    private readonly Dictionary<StageName, Stage> _stages;

    /// <exception cref="PipelineException">Something is declared wrongly; every fault is named.</exception>
    public Pipeline(IEnumerable<Stage> stages)
    {
        Stages = [.. stages];
        var faults = Faults(Stages).ToArray();
        if (faults.Length > 0)
            throw PipelineException.Of(faults);
        _stages = Stages.ToDictionary(stage => stage.Name);
    }

    /// <summary>In the order declared.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <exception cref="PipelineException">There is no such stage.</exception>
    public Stage this[StageName name] => _stages.TryGetValue(name, out var stage)
        ? stage
        : throw new PipelineException(
            $"There is no stage '{name}'. Stages: {string.Join(", ", Stages.Select(s => s.Name))}." +
            Suggestion.For(name.ToString(), Stages.Select(s => s.Name.ToString())));

    /// <summary>The stage with this name in any letter case.</summary>
    /// <exception cref="PipelineException">There is no such stage.</exception>
    public Stage Find(string name) =>
        Stages.FirstOrDefault(stage => stage.Name.ToString().Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new PipelineException(
            $"There is no stage '{name}'. Stages: {string.Join(", ", Stages.Select(s => s.Name))}." +
            Suggestion.For(name, Stages.Select(s => s.Name.ToString())));

    private static IEnumerable<string> Faults(IReadOnlyList<Stage> stages)
    {
        foreach (var twice in stages.GroupBy(stage => stage.Name.ToString(), StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1))
            yield return $"Two stages are named {string.Join(" and ", twice.Select(stage => $"'{stage.Name}'"))}. " +
                "Rename one: upper and lower case do not count.";
        var byName = stages.GroupBy(stage => stage.Name).ToDictionary(group => group.Key, group => group.First());
        foreach (var fault in stages.SelectMany(stage => StageFaults(stage).Concat(InputFaults(stage, byName))))
            yield return fault;
        foreach (var cycle in Cycles(byName))
            yield return $"Pipeline has a cycle: {string.Join(" -> ", cycle)}. Remove one of these inputs.";
    }

    private static IEnumerable<string> StageFaults(Stage stage)
    {
        if (stage.Code is null)
            yield return $"Stage '{stage.Name}' has no code. Give it some with Runs.";
        if (stage.Outputs.Count == 0 && stage.Kind == StageKind.Cached)
            yield return $"Stage '{stage.Name}' writes nothing, so there is nothing to keep. Declare its outputs " +
            $"with Writes, or use AlwaysRuns.";
        foreach (var twice in stage.Outputs.GroupBy(output => output.TrimEnd('/')).Where(group => group.Count() > 1))
            yield return $"Stage '{stage.Name}' writes '{twice.Key}' twice. Give one of them another name.";
        foreach (var output in stage.Outputs.Where(output =>
            Path.IsPathRooted(output) || output.Any(c => c == '\\' || char.IsControl(c))
            || output.TrimEnd('/').Split('/').Any(part => part is "" or "." or "..")))
            yield return $"Stage '{stage.Name}' writes '{output}', which is not a name inside its folder. " +
                "Use a relative name such as 'model.zip' or 'plots/'.";
        foreach (var (outer, inner) in stage.Outputs.SelectMany(outer => stage.Outputs
            .Where(inner => inner.StartsWith(outer.TrimEnd('/') + "/", StringComparison.Ordinal)
                && inner.TrimEnd('/') != outer.TrimEnd('/'))
            .Select(inner => (outer, inner))))
            yield return $"Stage '{stage.Name}' writes '{inner}' inside '{outer}', which is an output itself. " +
                "Give one of them another name.";
        foreach (var twice in stage.Observations.GroupBy(observation => observation.Name)
            .Where(group => group.Count() > 1))
            yield return $"Stage '{stage.Name}' observes '{twice.Key}' twice. Give one of them another name.";
    }

    private static IEnumerable<string> InputFaults(Stage stage, Dictionary<StageName, Stage> byName)
    {
        foreach (var input in stage.Inputs)
        {
            if (!byName.TryGetValue(input.Stage, out var source))
            {
                yield return $"Stage '{stage.Name}' reads '{input.Stage}', which is not a stage. Stages: " +
                $"{string.Join(", ", byName.Keys)}." +
                    Suggestion.For(input.Stage.ToString(), byName.Keys.Select(name => name.ToString()));
                continue;
            }
            foreach (var output in input.Outputs.Where(output => !source.Outputs.Contains(output)))
                yield return $"Stage '{stage.Name}' reads '{output}', which '{source.Name}' does not write. " +
                    $"It writes: {string.Join(", ", source.Outputs)}." + Suggestion.For(output, source.Outputs);
        }
    }

    // One for each stage at which a walk along the inputs comes back to its own path.
    private static List<List<StageName>> Cycles(Dictionary<StageName, Stage> byName)
    {
        var cycles = new List<List<StageName>>();
        var done = new HashSet<StageName>();
        var path = new List<StageName>();
        foreach (var name in byName.Keys)
            Visit(name);
        return cycles;

        void Visit(StageName name)
        {
            if (path.IndexOf(name) is >= 0 and var start)
                cycles.Add([.. path[start..], name]);
            if (!byName.TryGetValue(name, out var stage) || !done.Add(name))
                return;
            path.Add(name);
            foreach (var input in stage.Inputs.Select(input => input.Stage).Distinct())
                Visit(input);
            path.RemoveAt(path.Count - 1);
        }
    }
}
