using MLBuild.Engine;
using MLBuild.Engine.Stages;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.Nuke;

/// <summary>Declares the stage that a target is. Reading another target's stage makes the target depend on it, so each
/// dependency is declared once.</summary>
public sealed class TargetStage : StageDeclaration<TargetStage>
{
    private readonly ITargetDefinition _target;
    private readonly List<Reading> _reads = [];
    private Func<INukeBuild, Target>? _partitionsOf;
    private PipelineSession? _session;
    private StageName? _name;

    internal TargetStage(ITargetDefinition target) => _target = target;

    // Not a tuple: generic code over value types would have to be compiled at each start.
    private sealed record Reading(Func<INukeBuild, Target> Target, string[] Outputs);

    internal StageName Name =>
        _name ?? throw new InvalidOperationException("BUG: a stage was asked for its name before it was built.");

    internal PipelineSession Session
    {
        get => _session ?? throw new PipelineException(
            "This build declares stages but nothing runs them. Put [MLPipeline] on the build class.");
        set => _session = value;
    }

    /// <summary>Reads outputs of another target's stage; without names, all of them.</summary>
    public TargetStage Reads(Target target, params string[] outputs)
    {
        _target.DependsOn(target);
        _reads.Add(new(_ => target, outputs));
        return this;
    }

    /// <summary>Reads outputs of a component's stage: <c>Reads&lt;IIngest&gt;(x => x.Ingest,
    /// "trips.parquet")</c>.</summary>
    public TargetStage Reads<TComponent>(Func<TComponent, Target> target, params string[] outputs)
    {
        _target.DependsOn(target);
        _reads.Add(new(build => target((TComponent)build), outputs));
        return this;
    }

    /// <summary>One cached piece of work for each partition of another target's stage, of which it reads these outputs;
    /// without names, all of them. Other stages with the same partitions are then read partition by partition
    /// too.</summary>
    public TargetStage ForEach(Target target, params string[] outputs)
    {
        _partitionsOf = _ => target;
        return Reads(target, outputs);
    }

    /// <summary>Does nothing. It stands among the target's actions so that the stage is found again from the
    /// target.</summary>
    internal void Marker()
    {
    }

    internal Stage Build(INukeBuild build, ExecutableTarget target, TargetsByFactory targets)
    {
        _name = new(target.Name);
        if (_partitionsOf is not null)
            Partitioned(new Partitioning.SameAs(NameOf(_partitionsOf)));
        return Build(_name, [.. _reads.Select(read => new StageInput(NameOf(read.Target), read.Outputs))]);

        StageName NameOf(Func<INukeBuild, Target> read) => new(targets[read(build)].Name);
    }
}

/// <summary>Makes targets stages.</summary>
public static class StageTargets
{
    /// <summary>How a plan names the condition under which a stage's target is entered.</summary>
    internal const string StaleText = "stale";

    /// <summary>Makes this target a stage: it runs only if stale, and its outputs are kept by content.</summary>
    public static ITargetDefinition Stage(this ITargetDefinition target, Func<TargetStage, TargetStage> declare)
    {
        var stage = declare(new(target));
        return target
            .Executes(stage.Marker)
            .OnlyWhenDynamic(() => stage.Session.IsStale(stage), StaleText);
    }

    internal static TargetStage? StageOf(this ExecutableTarget target)
    {
        foreach (var action in target.Actions)
        {
            if (action.Target is TargetStage stage)
                return stage;
        }
        return null;
    }
}
