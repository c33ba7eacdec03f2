namespace MLBuild.Learning.Features;

/// <summary>What fitting found for one feature, or for several that share a history.</summary>
internal abstract record FeatureStatePart
{
    private FeatureStatePart()
    {
    }

    /// <summary>How often each category occurs among the rows that were fitted on, and the sum of its
    /// targets.</summary>
    /// <param name="Rows">Of all categories.</param>
    /// <param name="Sum">Of all targets; 0 where none is asked for.</param>
    public sealed record Categories(long Rows, double Sum, Dictionary<string, CategoryFigures> Figures)
        : FeatureStatePart;

    /// <summary>The events of each key.</summary>
    public sealed record Events(Dictionary<string, EventList> Lists) : FeatureStatePart;
}

/// <param name="Rows">That have the category.</param>
/// <param name="Sum">Of their targets, rounded once.</param>
internal sealed record CategoryFigures(long Rows, double Sum);
