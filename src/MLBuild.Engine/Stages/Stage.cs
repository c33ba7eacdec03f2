using MLBuild.Engine.Code;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;

namespace MLBuild.Engine.Stages;

/// <summary>When a stage's result may be taken from the store.</summary>
public enum StageKind
{
    /// <summary>The result depends on the recipe alone: an equal recipe is never run twice.</summary>
    Cached,

    /// <summary>The stage acts on something outside, as an idempotent upsert: it runs each time it is asked
    /// for.</summary>
    Effect,
}

/// <summary>Outputs of another stage that this one reads; no names mean all of them.</summary>
public sealed record StageInput(StageName Stage, IReadOnlyList<string> Outputs);

/// <summary>A cheap probe of something outside; its text is in the recipe.</summary>
public sealed record Observation(string Name, Func<ProbeRun, string> Probe);

/// <summary>What a probe gets, which may wait for a server.</summary>
/// <param name="Log">Says to whoever looks on why it waits.</param>
/// <param name="Cancel">Nobody waits for its text any more.</param>
public sealed record ProbeRun(Action<string> Log, CancellationToken Cancel)
{
    /// <summary>Nobody looks on, and it may take its time.</summary>
    public static ProbeRun Alone { get; } = new(_ => { }, CancellationToken.None);
}

/// <summary>A password or a key, which is in no recipe, log or artifact.</summary>
/// <param name="Value">Asked for when the work needs it; null or empty where nobody has set it.</param>
public sealed record StageSecret(string Name, Func<string?> Value)
{
    /// <exception cref="StageFailedException">It has no value.</exception>
    internal string Demand() => Value() is { Length: > 0 } value
        ? value
        : throw new StageFailedException(
            $"The secret '{Name}' has no value. Set what the build takes it from, and run the same command again.");
}

/// <summary>Declared inputs, parameters and code → outputs. Made by <see cref="StageBuilder"/>; nothing in it has
/// run.</summary>
/// <param name="Partitioning">Null for a stage that is one piece of work.</param>
/// <param name="Options">The author's lambda that makes the options, or null; <see cref="OptionsOf"/> calls it.</param>
public sealed record Stage(
    StageName Name,
    StageKind Kind,
    IReadOnlyList<StageInput> Inputs,
    IReadOnlyList<Observation> Observations,
    IReadOnlyList<string> Outputs,
    Partitioning? Partitioning,
    Delegate? Options,
    Delegate? Code,
    Func<StageRun, object?, Task> Body)
{
    /// <summary>How the code enters the recipe.</summary>
    public CodeTracking Tracking { get; init; } = CodeTracking.ByReach;

    /// <summary>The program that is the stage's work instead of <see cref="Code"/>, or null.</summary>
    public Command? Command { get; init; }

    /// <summary>What its work may know and nothing may show.</summary>
    public IReadOnlyList<StageSecret> Secrets { get; init; } = [];

    /// <summary>Makes the options, for the matrix point of a partition or null.</summary>
    internal Func<object?, object?> OptionsOf { get; init; } = _ => null;

    /// <summary>Files of the project that it reads.</summary>
    public IReadOnlyList<FilePattern> Files { get; init; } = [];

    public StageLimits Limits { get; init; } = StageLimits.None;

    /// <summary>Why the last result stands whatever changed; null for a stage that is kept up to date.</summary>
    public string? FrozenBecause { get; init; }

    public bool IsPartitioned => Partitioning is not null;

    /// <summary>A trailing slash in the declaration means a folder.</summary>
    public static bool IsFolder(string output) => output.EndsWith('/');

    internal IEnumerable<RecipeEntry> OutputEntries =>
        Outputs.Select(output =>
            new RecipeEntry(RecipeKind.Output, output.TrimEnd('/'), IsFolder(output) ? "folder" : "file", ""));
}
