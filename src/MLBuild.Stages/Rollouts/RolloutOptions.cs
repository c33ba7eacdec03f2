using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Stages.Rollouts;

/// <summary>How a version takes the place of the one that serves.</summary>
public sealed record RolloutOptions
{
    /// <summary>Default Canary.</summary>
    public RolloutStrategy Strategy { get; init; } = RolloutStrategy.Canary;

    /// <summary>What each step of a canary demands; also what is compared of a shadow.</summary>
    public CanaryOptions Canary { get; init; } = new();

    /// <summary>For how long whoever directs a rollout waits while nothing changes (no step, not one more request or
    /// label of the candidate, no answer of the registry), before leaving it as it is. Above 0, up to 7 days; default 1
    /// hour.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often the registry is asked. 0.1 s to 1 minute, default 2 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentException">The message names every member that is out of its range.</exception>
    public void Validate()
    {
        Canary.Validate();
        var faults = new List<string>();
        if (Patience <= TimeSpan.Zero || Patience > TimeSpan.FromDays(7))
            faults.Add($"Patience (--patience-minutes) is {Patience}, expected above 0, up to 7 days");
        if (PollInterval < TimeSpan.FromSeconds(0.1) || PollInterval > TimeSpan.FromMinutes(1))
            faults.Add($"PollInterval is {PollInterval}, expected 0.1 s to 1 minute");
        if (faults.Count > 0)
            throw new ArgumentException($"The rollout cannot begin: {string.Join("; ", faults)}.");
    }
}
