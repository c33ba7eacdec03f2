using Nuke.Common;
using Nuke.Common.Execution;
using Nuke.Common.Utilities.Collections;
using Serilog;

namespace Builds;

/// <summary>Tells every event that it hears of.</summary>
class TellAttribute(string name) : BuildExtensionAttributeBase, IOnBuildCreated, IOnBuildInitialized, IOnTargetRunning,
    IOnTargetSkipped, IOnTargetSucceeded, IOnTargetFailed, IOnTargetSummaryUpdated, IOnBuildFinished
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> targets) => Tell($"created {targets.Count}");

    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> targets, IReadOnlyCollection<ExecutableTarget> plan) =>
        Tell($"initialized {string.Join('+', plan.Select(x => x.Name))} {plan.First().Status}");

    public void OnTargetRunning(ExecutableTarget target) => Tell($"running {target.Name} {target.Status}");
    public void OnTargetSkipped(ExecutableTarget target) => Tell($"skipped {target.Name} {target.Status}");
    public void OnTargetSucceeded(ExecutableTarget target) => Tell($"succeeded {target.Name} {target.Status}");
    public void OnTargetFailed(ExecutableTarget target) => Tell($"failed {target.Name} {target.Status}");
    public void OnTargetSummaryUpdated(INukeBuild build, ExecutableTarget target) =>
        Tell($"summary {target.Name} {string.Join(' ', target.SummaryInformation)}");
    public void OnBuildFinished() => Tell($"finished {Build.IsFailing}");

    void Tell(string what) => Console.WriteLine($"{name}: {what}");
}

/// <summary>Hears of events on the class, its base and itself.</summary>
[Tell("low", Priority = -5)]
[Tell2("high", Priority = 7.5f)]
class EventsBuild : NukeBuild
{
    public static int Start() => Execute<EventsBuild>(x => x.Bad);

    Target Grouping => _ => _.DependsOn(Good);
    Target Good => _ => _.Executes(() => ReportSummary(_ => _.AddPair("Rows", 12)));
    Target Off => _ => _.OnlyWhenDynamic(() => false, "off").Executes(() => { });
    Target Bad => _ => _.DependsOn(Grouping, Off).Executes(() => throw new InvalidOperationException("bad"));

    protected override void OnBuildCreated() => Console.WriteLine("own: created");
    protected override void OnBuildInitialized() => Console.WriteLine("own: initialized");
    protected override void OnTargetRunning(string target) => Console.WriteLine($"own: running {target}");
    protected override void OnTargetSkipped(string target) => Console.WriteLine($"own: skipped {target}");
    protected override void OnTargetSucceeded(string target) => Console.WriteLine($"own: succeeded {target}");
    protected override void OnTargetFailed(string target) => Console.WriteLine($"own: failed {target}");
    protected override void OnBuildFinished() => Console.WriteLine("own: finished");
}

class Tell2Attribute(string name) : TellAttribute(name);

/// <summary>What an adapter does that rides on NUKE: it ties its own data to a target by a marker action, turns the
/// target's actions into the body of its stage, decides staleness in a dynamic condition, and writes remarks.</summary>
class StagesAttribute : BuildExtensionAttributeBase, IOnBuildCreated, IOnTargetSkipped
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> targets)
    {
        foreach (var target in targets)
        {
            if (target.Actions.Select(action => action.Target).OfType<Stage>().FirstOrDefault() is not { } stage)
                continue;
            var body = target.Actions.Where(action => action.Target != (object)stage).ToList();
            target.Actions.Clear();
            target.Actions.Add(() =>
            {
                Log.Information("stage {Name:l} reads {Input:l}", target.Name, stage.Input());
                body.ForEach(action => action());
                target.SummaryInformation["Ran"] = "all";
            });
            target.ExecutionDependencies.AddRange(targets.Where(other => stage.After == other.Name));
        }
    }

    public void OnTargetSkipped(ExecutableTarget target)
    {
        target.SummaryInformation.Clear();
        target.SummaryInformation["Cached"] = "dbb5765d";
    }
}

class Stage
{
    public Func<string> Input { get; set; }
    public string After { get; set; }

    public void Mark()
    {
    }
}

static class StageVerbs
{
    public static ITargetDefinition Stage(this ITargetDefinition definition, Func<string> input, string after = null)
    {
        var stage = new Stage { Input = input, After = after };
        definition.Executes((Action)stage.Mark);
        definition.OnlyWhenDynamic(() => input() != "old", "stale");
        return definition;
    }
}

/// <summary>A build with such an adapter.</summary>
[Stages]
class ExtendedBuild : NukeBuild
{
    public static int Start() => Execute<ExtendedBuild>(x => x.Train);

    [Parameter] readonly string Rows = "initial";

    Target Train => _ => _.Stage(() => Rows, after: "Ingest").Executes(() => Log.Information("train"));
    Target Ingest => _ => _.Stage(() => "old").Executes(() => Log.Information("ingest"));
}

/// <summary>The build's own terminal, taken instead of the plain one where its switch is on.</summary>
public class OwnTerminal : Terminal
{
    public static bool IsRunningOwnTerminal => Environment.GetEnvironmentVariable("OWN_TERMINAL") == "1";

    protected override void WriteTargetOutcome(INukeBuild build) =>
        Console.WriteLine($"own table of {build.ExecutionPlan.Count}");
}
