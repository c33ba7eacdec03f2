using MLBuild.Learning.Rollouts;

namespace MLBuild.Stages.Rollouts;

/// <summary>What comes next in a rollout.</summary>
public abstract record RolloutStep
{
    private RolloutStep(string why) => Why = why;

    /// <summary>A sentence for the log and for whoever watches.</summary>
    public string Why { get; }

    /// <summary>Neither good nor bad is shown yet.</summary>
    public sealed record Wait(Awaited For, string Why) : RolloutStep(Why);

    /// <summary>The candidate gets another part of the requests: a larger one, or the one before again.</summary>
    public sealed record Share(int Percent, string Why) : RolloutStep(Why);

    /// <summary>The candidate serves from now on.</summary>
    public sealed record Promote(string Why) : RolloutStep(Why);

    /// <summary>The version that serves gets all requests again.</summary>
    public sealed record RollBack(string Why) : RolloutStep(Why);

    /// <summary>Enough is known, and a person decides: a shadow never serves by itself.</summary>
    public sealed record Ask(CanaryDecision Advice, string Why) : RolloutStep(Why);
}

/// <summary>What a rollout waits for.</summary>
public enum Awaited
{
    /// <summary>One that reports.</summary>
    Server,

    /// <summary>Some do not have the candidate ready yet.</summary>
    Readiness,

    /// <summary>More of them, to be certain.</summary>
    Requests,

    /// <summary>All else is shown: what requests turned out to be is not known of enough of them.</summary>
    Labels,
}
