namespace MLBuild.Learning.Retraining;

/// <summary>What is to be done with a model that was just trained. Equal data, code and parameters give equal bytes,
/// and so the version that they had before.</summary>
public enum TrainedDecision
{
    /// <summary>Judge it, register it, deploy it.</summary>
    GoOn,

    /// <summary>It is the one that serves: there is nothing new in the data.</summary>
    Serves,

    /// <summary>It was given up before, by its requests or by a person, and what spoke against it has not
    /// changed.</summary>
    AlreadyTried,
}

/// <summary>Decides about a model that was just trained.</summary>
public static class TrainedDecisions
{
    /// <param name="fate">What became of the version with the same bytes; null if there is none.</param>
    public static TrainedDecision Of(VersionFate? fate) => fate switch
    {
        VersionFate.Serves => TrainedDecision.Serves,
        VersionFate.RolledBack or VersionFate.Replaced or VersionFate.Archived => TrainedDecision.AlreadyTried,
        // Its gate may say something else now: of other limits, beside another champion.
        null or VersionFate.Waiting or VersionFate.Outdated or VersionFate.RollingOut or VersionFate.GateNotPassed =>
            TrainedDecision.GoOn,
        _ => throw new InvalidOperationException($"BUG: unknown fate {fate}."),
    };
}
