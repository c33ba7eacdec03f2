using MLBuild.Engine.Commands;
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
        var byName = Stages.GroupBy(stage => stage.Name).ToDictionary(group => group.Key, group => group.First());
        var cycles = new List<List<StageName>>();
        InOrder = Order(byName, cycles);
        var faults = Faults(Stages, byName, cycles).ToArray();
        if (faults.Length > 0)
            throw PipelineException.Of(faults);
        _stages = byName;
    }

    /// <summary>In the order declared.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Each stage behind those that it reads.</summary>
    public IReadOnlyList<Stage> InOrder { get; }

    /// <exception cref="PipelineException">There is no such stage.</exception>
    public Stage this[StageName name] => _stages.TryGetValue(name, out var stage)
        ? stage
        : throw NoStage(name.ToString());

    /// <summary>The stage with this name in any letter case, or the only one whose name begins so.</summary>
    /// <exception cref="PipelineException">There is no such stage, or more than one.</exception>
    public Stage Find(string name) => Array.FindAll([.. Stages], stage => Begins(stage, name)) switch
    {
        var begun when Array.Find(begun, stage => stage.Name.ToString().Length == name.Length) is { } named => named,
        [var only] when name.Length > 0 => only,
        [_, _, ..] begun when name.Length > 0 => throw new PipelineException(
            $"'{name}' begins the names of {begun.Length} stages: {string.Join(", ", begun.Select(s => s.Name))}. " +
            "Give more of one."),
        _ => throw NoStage(name),
    };

    private PipelineException NoStage(string name) => new(
        $"There is no stage '{name}'. Stages: {string.Join(", ", Stages.Select(stage => stage.Name))}." +
        Suggestion.For(name, Stages.Select(stage => stage.Name.ToString())));

    private static bool Begins(Stage stage, string name) =>
        stage.Name.ToString().StartsWith(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>True if both stages have the partitions of one stage, so that the same key means the same
    /// partition.</summary>
    public bool HaveSamePartitions(Stage one, Stage other) =>
        one.IsPartitioned && other.IsPartitioned && PartitionsOf(one) == PartitionsOf(other);

    private StageName PartitionsOf(Stage stage) =>
        stage.Partitioning is Partitioning.SameAs(var other) ? PartitionsOf(this[other]) : stage.Name;

    private static IEnumerable<string> Faults(
        IReadOnlyList<Stage> stages, Dictionary<StageName, Stage> byName, List<List<StageName>> cycles)
    {
        foreach (var twice in stages.GroupBy(stage => stage.Name.ToString(), StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1))
            yield return $"Two stages are named {string.Join(" and ", twice.Select(stage => $"'{stage.Name}'"))}. " +
                "Rename one: upper and lower case do not count.";
        foreach (var fault in stages.SelectMany(stage => StageFaults(stage)
            .Concat(InputFaults(stage, byName)).Concat(CommandFaults.Of(stage, byName))))
            yield return fault;
        foreach (var cycle in cycles)
            yield return $"Pipeline has a cycle: {string.Join(" -> ", cycle)}. Remove one of these inputs.";
    }

    private static IEnumerable<string> StageFaults(Stage stage)
    {
        if (stage is { Code: null, Command: null })
            yield return $"Stage '{stage.Name}' has no code. Give it some with Runs, or a program with RunsCommand.";
        foreach (var pattern in stage.Files.Where(pattern => pattern.Fault is not null))
            yield return $"Stage '{stage.Name}' reads '{pattern.Text}', which {pattern.Fault}.";
        foreach (var fault in stage.Limits.Faults())
            yield return $"Stage '{stage.Name}' {fault}";
        if (stage.FrozenBecause is not null && stage.Kind == StageKind.Effect)
            yield return $"Stage '{stage.Name}' is frozen and always runs. Declare one of the two.";
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
        foreach (var outer in stage.Outputs)
        {
            foreach (var inner in stage.Outputs.Where(inner =>
                inner.StartsWith(outer.TrimEnd('/') + "/", StringComparison.Ordinal)
                && inner.TrimEnd('/') != outer.TrimEnd('/')))
                yield return $"Stage '{stage.Name}' writes '{inner}' inside '{outer}', which is an output itself. " +
                    "Give one of them another name.";
        }
        foreach (var twice in stage.Observations.GroupBy(observation => observation.Name)
            .Where(group => group.Count() > 1))
            yield return $"Stage '{stage.Name}' observes '{twice.Key}' twice. Give one of them another name.";
    }

    private static IEnumerable<string> InputFaults(Stage stage, Dictionary<StageName, Stage> byName)
    {
        if (stage.Partitioning is Partitioning.SameAs(var other) && byName.TryGetValue(other, out var parted)
            && !parted.IsPartitioned)
            yield return $"Stage '{stage.Name}' has a partition for each of '{other}', which has none. " +
                $"Give '{other}' a ForEach, or read it with Reads.";
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
                    $"It writes: {Suggestion.Names(source.Outputs)}." + Suggestion.For(output, source.Outputs);
        }
    }

    // A cycle is found at each stage at which a walk along the inputs comes back to its own path.
    private static List<Stage> Order(Dictionary<StageName, Stage> byName, List<List<StageName>> cycles)
    {
        var order = new List<Stage>(byName.Count);
        var done = new HashSet<StageName>();
        var path = new List<StageName>();
        var onPath = new HashSet<StageName>();
        foreach (var name in byName.Keys)
            Visit(name);
        return order;

        void Visit(StageName name)
        {
            if (onPath.Contains(name))
                cycles.Add([.. path[path.IndexOf(name)..], name]);
            if (!byName.TryGetValue(name, out var stage) || !done.Add(name))
                return;
            path.Add(name);
            onPath.Add(name);
            foreach (var input in stage.Inputs)
                Visit(input.Stage);
            path.RemoveAt(path.Count - 1);
            onPath.Remove(name);
            order.Add(stage);
        }
    }
}
