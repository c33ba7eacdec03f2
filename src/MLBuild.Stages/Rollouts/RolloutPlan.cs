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

    /// <param name="quality">How wrong both versions were since the step began; null where nobody brings
    /// labels.</param>
    /// <param name="before">The looks that were taken at this step. Each is taken once.</param>
    /// <param name="looks">Those, and the ones that were taken now.</param>
    public static RolloutStep Next(
        ActiveRollout rollout, Fleet fleet, QualityCounts? quality, CanaryOptions options, CanaryLooks before,
        out CanaryLooks looks)
    {
        looks = before;
        var live = fleet.Live.ToArray();
        if (rollout.Strategy != RolloutStrategy.BlueGreen && NoneCanHaveBoth(rollout, fleet))
            return new RolloutStep.RollBack(
                $"No server can have version {rollout.Candidate} beside version {rollout.Started.Champion}: they " +
                "were trained with different feature code. Use --strategy blue-green, with servers of the new " +
                "revision beside those of the old.");
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
            ? Judged(rollout, fleet, quality, options, before, out looks)
            : null;
        if (judged is RolloutStep.RollBack or RolloutStep.Ask { Advice: CanaryDecision.RollBack })
            return judged;
        if (live.Length == 0)
            return new RolloutStep.Wait(
                Awaited.Server,
                "No server reports, so nothing is known of the candidate. Start one: ./build.sh Serve.");
        // Whose code is another revision's is not waited for, but somebody is to answer with the candidate.
        var others = live.Count(server => CandidateOf(server, rollout)?.IsOfOtherCode == true);
        var ready = live.Count(server => CandidateOf(server, rollout)?.IsReady == true
            && (server.Status.StandsBy || server.Status.Version == rollout.Started.Champion));
        if (ready == 0 && others == live.Length)
            return new RolloutStep.Wait(
                Awaited.Readiness,
                $"{Figures.Count(others, "server")} {(others == 1 ? "has" : "have")} other feature code than version " +
                $"{rollout.Candidate} was trained with. Start servers of its revision beside them: ./build.sh Serve.");
        if (ready + others < live.Length)
            return new RolloutStep.Wait(Awaited.Readiness, FormattableString.Invariant(
                $"{ready} of {live.Length - others} servers have version {rollout.Candidate} ready beside version ") +
                FormattableString.Invariant($"{rollout.Started.Champion}."));
        var all = $"{Figures.Count(ready, "server")} {(ready == 1 ? "has" : "have")} version {rollout.Candidate} " +
            "loaded, and its golden rows score as they did where it was registered." +
            (others == 0
                ? ""
                : $" {Figures.Count(others, "server")} of other feature code {(others == 1 ? "is" : "are")} not " +
                    "waited for.");
        return rollout switch
        {
            { Strategy: RolloutStrategy.BlueGreen } => new RolloutStep.Promote(all),
            { Strategy: RolloutStrategy.Canary, Percent: 0 } => new RolloutStep.Share(options.Steps[0], all),
            _ => judged!,
        };
    }

    private static RolloutStep Judged(
        ActiveRollout rollout, Fleet fleet, QualityCounts? quality, CanaryOptions options, CanaryLooks before,
        out CanaryLooks looks)
    {
        looks = before;
        if (fleet.Counts(rollout) is not var (champion, candidate))
            return new RolloutStep.Wait(
                Awaited.Requests, "No server has counted a request since the step began.");
        looks = before.After(champion, candidate, quality, options);
        var verdict = looks.Verdict;
        return (rollout.Strategy, verdict.Decision) switch
        {
            (RolloutStrategy.Shadow, CanaryDecision.Promote or CanaryDecision.RollBack) =>
                new RolloutStep.Ask(verdict.Decision, verdict.Because),
            (_, CanaryDecision.RollBack) => new RolloutStep.RollBack(verdict.Because),
            (_, CanaryDecision.Promote) => options.Steps.Where(step => step > rollout.Percent).ToArray() switch
            {
                [var next, ..] => new RolloutStep.Share(next, verdict.Because),
                _ => new RolloutStep.Promote(verdict.Because),
            },
            _ when rollout.Percent == 100 && champion.Requests < options.MinRequests
                && fleet.Live.All(server => CandidateOf(server, rollout)?.Step == rollout.Last.Position) =>
                WithoutChampion(champion, options),
            _ => new RolloutStep.Wait(
                looks.AwaitsLabels ? Awaited.Labels : Awaited.Requests,
                looks != before ? verdict.Because
                    : looks.Progress(candidate, quality, options) + Full(rollout, fleet)),
        };
    }

    // It answers nothing at 100 %, so that nothing more will be known of it: what servers have of the step before is
    // gone with those that were started anew.
    private static RolloutStep.Share WithoutChampion(TrafficCounts champion, CanaryOptions options)
    {
        var before = options.Steps.Last(step => step < 100);
        return new(before,
            $"The servers know of {Figures.Count(champion.Requests, "request")} of the champion in the step before, " +
            $"expected {Figures.Count(options.MinRequests)} to compare with, and at 100 % it gets no more: back to " +
            $"{before} %, to compare anew.");
    }

    private static string Full(ActiveRollout rollout, Fleet fleet) => fleet.Live.Any() && fleet.Live.All(
        server => CandidateOf(server, rollout)?.Own.Requests >= TrafficCounts.MostKeys)
        ? $" Each server has counted {Figures.Count(TrafficCounts.MostKeys)} keys of the candidate in this step, and " +
            "counts no more."
        : "";

    // Who stands by answers nobody: what it has shows only that the two differ.
    private static bool NoneCanHaveBoth(ActiveRollout rollout, Fleet fleet) =>
        fleet.Serving.Any(server => CandidateOf(server, rollout)?.IsOfOtherCode == true)
        || fleet.Standbys.Any(server => CandidateOf(server, rollout)?.IsReady == true);

    // Null also where it knows of an earlier rollout only.
    private static CandidateStatus? CandidateOf(Server server, ActiveRollout rollout) =>
        server.Status.Candidate is { } candidate && candidate.Rollout == rollout.Id ? candidate : null;
}
