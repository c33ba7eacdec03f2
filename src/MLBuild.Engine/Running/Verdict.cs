using System.Globalization;
using MLBuild.Engine.Recipes;
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
