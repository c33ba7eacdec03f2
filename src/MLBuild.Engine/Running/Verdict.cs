using System.Globalization;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Why a piece of work runs or does not.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>The recipe is known and its outputs are in place.</summary>
    public sealed record UpToDate(ActionRecord Record) : Verdict;

    /// <summary>The recipe is known and its outputs are in the store; they only need to be put in place.</summary>
    public sealed record Restore(ActionRecord Record) : Verdict;

    /// <summary>Nothing is known of this stage.</summary>
    public sealed record NeverBuilt : Verdict;

    /// <summary>The last result had this recipe, but its record was damaged or removed.</summary>
    public sealed record Forgotten : Verdict;

    /// <summary>The last result had another recipe.</summary>
    public sealed record Changed(IReadOnlyList<RecipeChange> Changes) : Verdict;

    /// <summary>The recipe is known, but an output is no longer in the store.</summary>
    public sealed record Lost(string Output) : Verdict;

    /// <summary>The stage is frozen: its last result stands.</summary>
    /// <param name="WouldBe">What it would do were it not.</param>
    public sealed record Frozen(ActionRecord Record, string Reason, Verdict WouldBe) : Verdict;

    /// <summary>The stage acts on something outside.</summary>
    public sealed record Effect : Verdict;

    /// <summary>True if the stage's code has to run.</summary>
    public bool Runs => this is not (UpToDate or Restore or Frozen);

    /// <summary>The reason, to follow the word "because", for a verdict that runs.</summary>
    public string Because => this switch
    {
        UpToDate => "it is up to date",
        Restore restore =>
            string.Create(CultureInfo.InvariantCulture, $"same recipe as {restore.Record.FinishedAt:yyyy-MM-dd}"),
        NeverBuilt => "it was never built",
        Forgotten => "the record of its last result is damaged or gone",
        Changed changed => RecipeDiff.Sentence(changed.Changes),
        Lost lost => $"its output '{lost.Output}' is no longer in the store",
        Frozen frozen => $"it is frozen ({frozen.Reason}); it would run because {frozen.WouldBe.Because}",
        Effect => "it acts on something outside",
        _ => throw new InvalidOperationException($"BUG: unknown verdict {GetType().Name}."),
    };
}

/// <summary>Decides, from facts alone, whether a piece of work runs.</summary>
public static class Planner
{
    /// <param name="record">What the recipe's fingerprint produced before, if anything.</param>
    /// <param name="lostOutput">An output of that record that the store no longer has.</param>
    /// <param name="inPlace">True if all its outputs are where a person looks for them. Asked only if that
    /// decides.</param>
    /// <param name="previous">The recipe of the last result of this unit. Asked only if that explains.</param>
    public static Verdict Decide(
        StageKind kind, Recipe recipe, ActionRecord? record, string? lostOutput, Func<bool> inPlace,
        Func<Recipe?> previous) =>
        (kind, record, lostOutput) switch
        {
            (StageKind.Effect, _, _) => new Verdict.Effect(),
            (_, not null, null) => inPlace() ? new Verdict.UpToDate(record) : new Verdict.Restore(record),
            (_, not null, not null) => new Verdict.Lost(lostOutput),
            _ when previous() is { } before => RecipeDiff.Between(before, recipe) is { Count: > 0 } changes
                ? new Verdict.Changed(changes)
                : new Verdict.Forgotten(),
            _ => new Verdict.NeverBuilt(),
        };

    /// <summary>What becomes of a verdict if the stage is frozen.</summary>
    /// <param name="last">The record of the unit's last result. Asked only if that decides.</param>
    public static Verdict Freeze(Verdict verdict, string? frozenBecause, Func<ActionRecord?> last) =>
        frozenBecause is not null && verdict.Runs && last() is { } record
            ? new Verdict.Frozen(record, frozenBecause, verdict)
            : verdict;
}
