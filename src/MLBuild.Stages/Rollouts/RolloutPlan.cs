using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Stages.Rollouts;

/// <summary>Decides what comes next in a rollout, from what the registry and the servers say. A pure function; whoever
/// calls it acts.</summary>
public static class RolloutPlan
{
    // One machine can fail by itself.
    private const int TooManyLost = 2;

    /// <param name="lastLook">The last look that was taken at this step's requests; -1 for none. Each is taken
    /// once.</param>
    /// <param name="look">The look that was taken now, or the last one.</param>
    public static RolloutStep Next(
        ActiveRollout rollout, Fleet fleet, CanaryOptions options, int lastLook, out int look)
    {
        look = lastLook;
        var live = fleet.Live.ToArray();
        var faulty = live.FirstOrDefault(server => CandidateOf(server, rollout)?.Fault is not null);
        if (faulty is not null)
            return new RolloutStep.RollBack(
                $"{faulty} cannot serve version {rollout.Candidate}: {CandidateOf(faulty, rollout)!.Fault}");
        // Lost one after the other while it got requests: whoever has it next may be lost too.
        var lost = fleet.LostSince(rollout.Started.RecordedUtc).ToArray();
        if (lost.Length >= TooManyLost)
            return new RolloutStep.RollBack(
                $"{Figures.Count(lost.Length, "server")} fell silent without having ended since the rollout of " +
                $"version {rollout.Candidate} began: {string.Join(", ", lost.AsEnumerable())}.");
        // Before it is asked who is still to come: what is shown to be bad ends, whoever is.
        var judged = rollout.Percent > 0 || rollout.Strategy == RolloutStrategy.Shadow
            ? Judged(rollout, fleet, options, lastLook, out look)
            : null;
        if (judged is RolloutStep.RollBack or RolloutStep.Ask { Advice: CanaryDecision.RollBack })
            return judged;
        var ready = live.Count(server =>
            server.Status.Version == rollout.Started.Champion && CandidateOf(server, rollout) is not null);
        if (live.Length == 0)
            return new RolloutStep.Wait(
                Awaited.Server,
                "No server reports, so nothing is known of the candidate. Start one: ./build.sh Serve.");
        if (ready < live.Length)
            return new RolloutStep.Wait(Awaited.Readiness, FormattableString.Invariant(
                $"{ready} of {live.Length} servers have version {rollout.Candidate} ready beside version ") +
                FormattableString.Invariant($"{rollout.Started.Champion}."));
        var all = $"{Figures.Count(ready, "server")} {(ready == 1 ? "has" : "have")} version {rollout.Candidate} " +
            "loaded, and its golden rows score as they did where it was registered.";
        return rollout switch
        {
            { Strategy: RolloutStrategy.BlueGreen } => new RolloutStep.Promote(all),
            { Strategy: RolloutStrategy.Canary, Percent: 0 } => new RolloutStep.Share(options.Steps[0], all),
            _ => judged!,
        };
    }

    private static RolloutStep Judged(
        ActiveRollout rollout, Fleet fleet, CanaryOptions options, int lastLook, out int look)
    {
        look = lastLook;
        if (fleet.Counts(rollout) is not var (champion, candidate))
            return new RolloutStep.Wait(
                Awaited.Requests, "No server has counted a request since the step began.");
        var now = CanaryJudge.LookAt(candidate, options);
        if (now >= 0 && now <= lastLook)
            return new RolloutStep.Wait(
                Awaited.Requests,
                $"{Figures.Count(candidate.Requests, "request")} of the candidate; the next look is at " +
                $"{Figures.Count(options.MinRequests << (lastLook + 1))}.");
        var verdict = CanaryJudge.Judge(champion, candidate, now, options);
        // A look for which the champion had too few requests decided nothing, and is taken again.
        if (champion.Requests >= options.MinRequests)
            look = Math.Max(look, now);
        return (rollout.Strategy, verdict.Decision) switch
        {
            (_, CanaryDecision.Hold) => new RolloutStep.Wait(Awaited.Requests, verdict.Because),
            (RolloutStrategy.Shadow, var advice) => new RolloutStep.Ask(advice, verdict.Because),
            (_, CanaryDecision.RollBack) => new RolloutStep.RollBack(verdict.Because),
            _ => options.Steps.Where(step => step > rollout.Percent).ToArray() is [var next, ..]
                ? new RolloutStep.Share(next, verdict.Because)
                : new RolloutStep.Promote(verdict.Because),
        };
    }

    // Null also where it knows of an earlier rollout only.
    private static CandidateStatus? CandidateOf(Server server, ActiveRollout rollout) =>
        server.Status.Candidate is { } candidate && candidate.Rollout == rollout.Id ? candidate : null;
}
