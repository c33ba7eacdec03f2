using System.Globalization;
using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Rows;
using MLBuild.Registry;
using MLBuild.Serving.Rollouts;

namespace MLBuild.Serving.Models;

/// <summary>What answers requests now. One thread replaces it, any number read it.</summary>
internal sealed class LiveModel(LiveState first)
{
    private volatile LiveState _state = first;

    // One value, so that nobody reads a new version beside the fault of the old one.
    public LiveState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>Who answers a request, from its first row to its last: asked once for each, here only.</summary>
    /// <param name="requestKey">The key of the request's first row; null where it cannot be told, and then the champion
    /// answers, also where the candidate answers all others.</param>
    /// <exception cref="StandbyException">Nobody does.</exception>
    public Assignment For(RowKey? requestKey)
    {
        var state = _state;
        var champion = state.Model ?? throw new StandbyException();
        if (state.Candidate is not { Model: { } candidate } rollout)
            return new(champion, state.Candidate?.Meters.Champion);
        if (rollout.Rollout.Strategy == RolloutStrategy.Shadow)
            return new(champion, rollout.Meters.Champion)
            {
                Shadow = new(candidate, rollout.Meters.Candidate),
            };
        return requestKey is { } key && TrafficShare.IsCandidates(key, rollout.Rollout.Id, rollout.Rollout.Percent)
            ? new(candidate, rollout.Meters.Candidate) { InsteadOf = champion }
            : new(champion, rollout.Meters.Champion);
    }
}

/// <summary>Who answers a request.</summary>
/// <param name="Meter">Counts what becomes of it; null while nothing is rolled out.</param>
internal sealed record Assignment(ServedModel Model, TrafficMeter? Meter)
{
    /// <summary>Who scores it too, for nobody; null for none.</summary>
    public Shadow? Shadow { get; init; }

    /// <summary>The champion, where a candidate answers; null where it answers itself.</summary>
    public ServedModel? InsteadOf { get; init; }
}

internal sealed record Shadow(ServedModel Model, TrafficMeter Meter);

/// <param name="Model">Null while it stands by and has not answered yet.</param>
/// <param name="Since">The deployment that made the model serve; where there is none, what is deployed.</param>
/// <param name="Fault">Why this may not be the model that the registry wants to serve; null when it is, or when it
/// stands by.</param>
/// <param name="Candidate">Null while nothing is rolled out.</param>
internal sealed record LiveState(ServedModel? Model, Deployment Since, string? Fault, LiveCandidate? Candidate)
{
    /// <summary>Null where the feature code here is that of what is deployed.</summary>
    public Standby? Standby { get; init; }

    public int? Version => Model?.Version;

    /// <summary>Whether requests are to be sent here.</summary>
    public bool IsReady => Model is not null && Standby is not { IsRelieved: true };

    /// <summary>Whether this is what the registry wants.</summary>
    public bool Is(Served.Version deployed) =>
        Since.Position == deployed.Since.Position && Model?.Is(deployed.Model) == true;

    public override string ToString() => Model is null ? "no version" : string.Create(
        CultureInfo.InvariantCulture,
        $"{Model}, deployed to '{Since.Environment}' at {Since.DeployedUtc:yyyy-MM-dd HH:mm:ss}Z by {Since.Who}");
}

/// <summary>The candidate of a rollout, as this server has it.</summary>
/// <param name="Model">Null where it cannot serve.</param>
/// <param name="Fault">Why it cannot, or not yet; null where it is ready.</param>
/// <param name="Meters">Of the rollout's present step.</param>
internal sealed record LiveCandidate(ActiveRollout Rollout, ServedModel? Model, string? Fault, StepMeters Meters)
{
    /// <summary>When it is loaded again, after a fault of this server's place; null where it serves, or where the fault
    /// is the model's own and stays.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether its fault is only that servers of another revision are to serve it.</summary>
    public bool IsOfOtherCode { get; init; }

    /// <summary>What is reported of it: nothing where it is not ready yet, as what it waits for is no fault of
    /// it.</summary>
    public CandidateStatus? Status => RetryAt is null
        ? new(
            Rollout.Id, Rollout.Candidate, IsOfOtherCode ? null : Fault, Meters.Step, Meters.Champion.Read(),
            Meters.Candidate.Read())
        {
            IsOfOtherCode = IsOfOtherCode,
        }
        : null;
}
