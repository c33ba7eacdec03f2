using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Rollouts;

/// <summary>What an environment serves, what is being rolled out to it, and what each server says, for a
/// person.</summary>
public static class StatusText
{
    /// <param name="now">Says which servers have long been silent.</param>
    public static IEnumerable<string> Lines(
        IModelRegistry registry, string model, string environment, DateTimeOffset now, Page page)
    {
        var desired = registry.Desired(model, environment);
        if (desired.Serving is not Served.Version serving)
            return page.Wrap($"'{environment}' serves nothing of {model}.");
        var fleet = Fleet.Of(registry.Reports(model, environment), now);
        return
        [
            .. page.Wrap($"'{environment}' serves {model} version {serving.Model.Number} " +
                $"since {Moment.Text(serving.Since.DeployedUtc)}, deployed by {serving.Since.Who}."),
            .. desired.Rollout is { } rollout ? Progress(rollout, fleet).SelectMany(line => page.Wrap(line)) : [],
            "",
            .. Servers(fleet, desired.Rollout, now, page),
            .. fleet.Live.Any() && !fleet.Serving.Any()
                ? page.Wrap($"No server can answer with version {serving.Model.Number}: all stand by for a version " +
                    "of their own feature code. Start one of the revision that trained it: ./build.sh Serve.")
                : [],
        ];
    }

    private static IEnumerable<string> Progress(ActiveRollout rollout, Fleet fleet)
    {
        yield return $"version {rollout.Candidate} is being rolled out ({rollout.Strategy}): {rollout.Percent} % " +
            $"since {Moment.Text(rollout.Last.RecordedUtc)}, by {rollout.Last.Who}: {rollout.Last.Why}";
        if (fleet.Counts(rollout) is var (champion, candidate))
            yield return $"since then {Figures.Count(candidate.Requests, "request")} of the candidate " +
                $"({Figures.Count(candidate.Failed)} failed), {Figures.Count(champion.Requests)} of the champion " +
                $"{(rollout.Percent == 100 ? "in the step before " : "")}({Figures.Count(champion.Failed)} failed)";
    }

    private static IEnumerable<string> Servers(Fleet fleet, ActiveRollout? rollout, DateTimeOffset now, Page page) =>
        fleet.Servers.Count == 0
            ? ["No server has reported in the last day."]
            : PageTable.Lines(page,
                [
                    new("server"), new("version"), new("candidate", IsWrapped: true), new("last said"),
                    new("fault", IsWrapped: true),
                ],
                fleet.Servers.Select(server => (PageCell[])
                [
                    $"{server}", Version(server.Status), Candidate(server, rollout), Said(server, now),
                    server.Status.Fault ?? "",
                ]));

    private static string Candidate(Server server, ActiveRollout? rollout) => (server.Status.Candidate, rollout) switch
    {
        (_, null) => "",
        ({ IsOfOtherCode: true } candidate, _) when candidate.Rollout == rollout.Id => "of other code",
        ({ } candidate, _) when candidate.Rollout == rollout.Id => candidate.Fault ?? "ready",
        _ => "not yet",
    };

    private static string Said(Server server, DateTimeOffset now)
    {
        var ago = now - server.ReportedUtc;
        return server.Status.HasEnded ? $"ended {Moment.Text(server.ReportedUtc)}"
            : ago <= ServerReport.SilentAfter ? "now"
            : $"{ago.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} minutes ago";
    }

    // What one that stands by answers with is what it answered with before.
    private static string Version(ServerStatus status) => (status.StandsBy, status.Version) switch
    {
        (true, null) => "stands by",
        (true, { } version) => FormattableString.Invariant($"{version}, stands by"),
        (false, { } version) => version.ToString(CultureInfo.InvariantCulture),
        (false, null) => "none",
    };
}
