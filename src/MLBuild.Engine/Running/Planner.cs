using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

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
