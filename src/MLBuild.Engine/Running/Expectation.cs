using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>What would become of a unit, as far as it can be known before anything runs.</summary>
public abstract record Expectation
{
    private Expectation()
    {
    }

    /// <summary>This is what happens.</summary>
    public sealed record Decided(Verdict Verdict) : Expectation
    {
        /// <summary>What it gives, if that is in the store.</summary>
        public ActionRecord? Record => Verdict switch
        {
            Verdict.UpToDate upToDate => upToDate.Record,
            Verdict.Restore restore => restore.Record,
            Verdict.Frozen frozen => frozen.Record,
            _ => null,
        };
    }

    /// <summary>It runs, for these reasons and for what another stage may add to them: nothing in the store has what is
    /// known of its recipe.</summary>
    public sealed record RunsAnyway(Verdict.Changed Verdict, StageName WhateverGives) : Expectation;

    /// <summary>It runs, is restored or stays as it is, by what another stage gives.</summary>
    /// <param name="UpstreamRuns">False if that stage is not decided itself.</param>
    /// <param name="Changes">What differs from the recipe of its last result already.</param>
    public sealed record Open(StageName WaitsFor, bool UpstreamRuns, IReadOnlyList<RecipeChange> Changes)
        : Expectation;

    /// <summary>The host skips it, and its last result stands.</summary>
    public sealed record LeftAlone(bool HasResult) : Expectation;

    /// <summary>It would run, had the build not been limited to other partitions.</summary>
    public sealed record LeftOut(Verdict Verdict) : Expectation;

    /// <summary>It cannot run: what it reads is not there and will not be.</summary>
    public sealed record Blocked(string Because) : Expectation;

    /// <summary>True if its code runs, whatever happens before.</summary>
    public bool IsSureToRun => this is Decided { Verdict.Runs: true } or RunsAnyway;

    /// <summary>To follow the unit's name and a colon.</summary>
    public sealed override string ToString() => this switch
    {
        Decided { Verdict: Verdict.UpToDate } => "up to date",
        Decided { Verdict: Verdict.Restore restore } => $"would be restored from the store ({restore.Because})",
        Decided { Verdict: Verdict.Frozen frozen } => $"would be kept as it is: {frozen.Because}",
        Decided decided => $"would run because {decided.Verdict.Because}",
        RunsAnyway runs => $"would run because {runs.Verdict.Because}; what {runs.WhateverGives} gives may add to that",
        Open open => $"depends on what {open.WaitsFor} gives, which " +
            (open.UpstreamRuns ? "would run first" : "is not decided either") +
            (open.Changes.Count == 0 ? "" : $"; different already: {RecipeDiff.Sentence(open.Changes)}"),
        LeftAlone { HasResult: true } => "would be skipped; its last result stands",
        LeftAlone => "would be skipped; it has no earlier result",
        LeftOut left => $"would be left out by --only; else it would run because {left.Verdict.Because}",
        Blocked blocked => $"could not run: {blocked.Because}",
        _ => throw new InvalidOperationException($"BUG: unknown expectation {GetType().Name}."),
    };
}
