namespace MLBuild.Learning.Gates;

/// <summary>Whether a model serves now, or served before, and whether the challenger can be compared with
/// it.</summary>
public abstract record ChampionState
{
    private ChampionState()
    {
    }

    // Made anew each time: a static field of a type that others derive from counts as one that anybody may change, and
    // what could is then code of every stage that reads it.

    /// <summary>There is one, and comparisons need its measurements.</summary>
    public static ChampionState Serving => new Present();

    /// <summary>The challenger is the first model ever. Measurements of a champion are ignored.</summary>
    public static ChampionState None => new Absent();

    /// <summary>There is one that was trained by another split: rows of this hold-out may be rows that it has
    /// learned, and its errors on them too small to be compared with.</summary>
    /// <param name="why">A clause: "it was trained by another split".</param>
    public static ChampionState OfAnotherSplit(string why) => new Incomparable(FailReason.ChampionOfAnotherSplit, why);

    /// <summary>There is one that cannot score these rows: it takes other features.</summary>
    /// <param name="why">A clause: "it takes other features (area, rooms)".</param>
    public static ChampionState WithOtherFeatures(string why) =>
        new Incomparable(FailReason.ChampionWithOtherFeatures, why);

    /// <summary>There is one that predicts something else: nothing is better or worse at both.</summary>
    /// <param name="why">A clause: "it predicts regression".</param>
    public static ChampionState OfAnotherTask(string why) => new Incomparable(FailReason.ChampionOfAnotherTask, why);

    /// <summary>There is one whose bytes cannot be read, so nobody knows how it does on these rows.</summary>
    /// <param name="why">A clause: "v1 cannot be read".</param>
    public static ChampionState Lost(string why) => new Incomparable(FailReason.ChampionLost, why);

    /// <summary>Nobody knows whether there is one.</summary>
    /// <param name="why">A clause: "nobody looked for it".</param>
    public static ChampionState Unknown(string why) => new Incomparable(FailReason.ChampionNotMeasured, why);

    internal sealed record Present : ChampionState;

    internal sealed record Absent : ChampionState;

    internal sealed record Incomparable(FailReason Reason, string Why) : ChampionState;
}
