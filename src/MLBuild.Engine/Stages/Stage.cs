using MLBuild.Engine.Code;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Recipes;

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
public sealed record Observation(string Name, Func<string> Probe);

/// <summary>Declared inputs, parameters and code → outputs. Made by <see cref="StageBuilder"/>; nothing in it has
/// run.</summary>
public sealed record Stage(
    StageName Name,
    StageKind Kind,
    IReadOnlyList<StageInput> Inputs,
    IReadOnlyList<Observation> Observations,
    IReadOnlyList<string> Outputs,
    Func<IReadOnlyList<SourceFile>>? Sources,
    Func<object?> Options,
    Delegate? Code,
    Func<StageRun, object?, Task> Body)
{
    /// <summary>How the code enters the recipe.</summary>
    public CodeTracking Tracking { get; init; } = CodeTracking.ByReach;

    /// <summary>The program that is the stage's work instead of <see cref="Code"/>, or null.</summary>
    public Command? Command { get; init; }

    /// <summary>True if the stage is one piece of work per source file.</summary>
    public bool IsPartitioned => Sources is not null;

    /// <summary>A trailing slash in the declaration means a folder.</summary>
    public static bool IsFolder(string output) => output.EndsWith('/');

    internal IEnumerable<RecipeEntry> OutputEntries =>
        Outputs.Select(output =>
            new RecipeEntry(RecipeKind.Output, output.TrimEnd('/'), IsFolder(output) ? "folder" : "file", ""));
}
