using MLBuild.Learning.Monitoring;

namespace MLBuild.Learning.Retraining;

/// <summary>What is to be done when monitoring has spoken, before anything is trained.</summary>
public abstract record RetrainDecision
{
    private RetrainDecision()
    {
    }

    /// <summary>The model is fine.</summary>
    public sealed record NothingToDo : RetrainDecision;

    /// <summary>There are too few rows or labels to say.</summary>
    public sealed record NotEnoughData : RetrainDecision;

    /// <summary>What came in is to be mended, not learned from.</summary>
    public sealed record BadData : RetrainDecision;

    /// <summary>A version of another origin is being rolled out: while it is, nothing else can be deployed.</summary>
    public sealed record OtherRollout(int Version) : RetrainDecision;

    /// <summary>A retraining is under way: what it made is to be deployed.</summary>
    public sealed record Continue(PastRetraining Begun) : RetrainDecision;

    /// <param name="Last">After which the model has to settle.</param>
    public sealed record CoolingDown(PastRetraining Last, DateTimeOffset UntilUtc) : RetrainDecision;

    /// <param name="Spent">The retrainings that count, oldest first.</param>
    /// <param name="NextUtc">From when on one more is allowed.</param>
    public sealed record BudgetSpent(IReadOnlyList<PastRetraining> Spent, DateTimeOffset NextUtc) : RetrainDecision;

    /// <summary>Train on what came in.</summary>
    public sealed record Retrain : RetrainDecision;

    /// <param name="verdict">Of the window that decides.</param>
    /// <param name="past">All retrainings, oldest first.</param>
    /// <param name="rolledOut">The version that is being rolled out; null if none is.</param>
    public static RetrainDecision Of(
        WindowVerdict verdict, IReadOnlyList<PastRetraining> past, int? rolledOut, DateTimeOffset now,
        RetrainLimits limits)
    {
        // Also before a rollout goes on: it would be judged by the same data.
        if (verdict == WindowVerdict.BadData)
            return new BadData();
        // Whatever is said of the one that serves: a candidate that gets requests is to be watched.
        if (past.LastOrDefault(one => one.Version == rolledOut) is { } begun)
            return new Continue(begun);
        return verdict switch
        {
            WindowVerdict.Fine => new NothingToDo(),
            WindowVerdict.NotEnoughData => new NotEnoughData(),
            WindowVerdict.Drift or WindowVerdict.Degraded =>
                rolledOut is { } other ? new OtherRollout(other) : Wanted(past, now, limits),
            _ => throw new InvalidOperationException($"BUG: unknown verdict {verdict}."),
        };
    }

    private static RetrainDecision Wanted(IReadOnlyList<PastRetraining> past, DateTimeOffset now, RetrainLimits limits)
    {
        if (past is not [.., var last])
            return new Retrain();
        var until = last.RetrainedUtc + limits.CoolDown;
        PastRetraining[] counted = [.. past.Where(one => one.RetrainedUtc > now - RetrainLimits.Period)];
        var isCoolingDown = until > now;
        var isSpent = counted.Length >= limits.Budget;
        // What was paid for is brought to its end. Where another is allowed it is better to learn from the newest data:
        // if that is still the same, the same version comes of it.
        if (last.Fate == VersionFate.Waiting && (isCoolingDown || isSpent))
            return new Continue(last);
        return isCoolingDown ? new CoolingDown(last, until)
            : isSpent ? new BudgetSpent(counted, counted[^limits.Budget].RetrainedUtc + RetrainLimits.Period)
            : new Retrain();
    }
}
