namespace MLBuild.Stages.Evaluate;

/// <summary>On which features a registered version is scored.</summary>
internal abstract record RivalFeatures
{
    private RivalFeatures()
    {
    }

    /// <summary>Those of today's table: the version computes the same where it serves.</summary>
    public sealed record Todays : RivalFeatures;

    /// <summary>Those that it computes where it serves: its training rows told something else than today's.</summary>
    public sealed record Own(OwnFeatures Features) : RivalFeatures;

    /// <summary>Those of today's table, though it was trained with other code. A state that other code fitted may mean
    /// nothing to today's, and the version's own code is not in this program.</summary>
    /// <param name="Difference">Between both, in words.</param>
    public sealed record OfOtherCode(string Difference) : RivalFeatures;

    /// <summary>What is said of the version beside a comparison, behind a sentence about it; empty where nothing
    /// is.</summary>
    public string Note => this switch
    {
        Todays => "",
        Own => " Its features are those that it serves, fitted on its own training rows.",
        OfOtherCode { Difference: var difference } =>
            $" Its features are computed by today's code, which it was not trained with ({difference}): where it "
            + "serves it may be better or worse.",
        _ => throw new InvalidOperationException($"BUG: unknown features {this}."),
    };
}
