using MLBuild.Engine.History;
using MLBuild.Learning.Contracts;
using MLBuild.Registry;
using MLBuild.Stages.Register;

namespace MLBuild.Stages.Site;

/// <summary>Something that happened, with the page that tells more.</summary>
/// <param name="Who">Empty where nobody says.</param>
internal sealed record SiteEvent(DateTimeOffset WhenUtc, string What, string Who, string Words, string Href);

/// <summary>What happened to versions, environments and stages, in one list.</summary>
internal static class SiteEvents
{
    /// <returns>Newest first; without runs that had nothing to do, which would push out all else.</returns>
    public static IEnumerable<SiteEvent> Of(SiteState state) => state.Runs.Where(DidSomething).Select(Of)
        .Concat(state.Versions.SelectMany(version => version.Story.Events.Select(happened => Of(version, happened))))
        .Concat(state.Environments.SelectMany(environment => environment.Rollouts.Select(Of)))
        .OrderByDescending(happened => happened.WhenUtc);

    public static string Words(VersionEvent happened) => happened switch
    {
        VersionEvent.Judged judged => $"registered, evidence {judged.Number}: {SiteMark.Of(judged.Gate).Word}",
        VersionEvent.WasDeployed deployed => $"deployed to {deployed.Environment}: {deployed.Why}"
            + (deployed.ForcedReason is { } reason ? $", by force: {reason}" : ""),
        VersionEvent.WasAnnotated said => said.Kind switch
        {
            AnnotationKind.Note => $"note: {said.Text}",
            AnnotationKind.Tag => $"tagged {said.Text}",
            AnnotationKind.Untag => $"tag {said.Text} taken away",
            AnnotationKind.Archive => $"archived: {said.Text}",
            AnnotationKind.Unarchive => $"taken back from the archive: {said.Text}",
            var other => throw new InvalidOperationException($"BUG: unknown annotation {other}."),
        },
        _ => throw new InvalidOperationException($"BUG: unknown event {happened}."),
    };

    public static string Words(RolloutChange change) => change switch
    {
        RolloutChange.Started => "started",
        RolloutChange.Shared => "another part",
        RolloutChange.Promoted => "promoted",
        RolloutChange.RolledBack => "rolled back",
        _ => throw new InvalidOperationException($"BUG: unknown change {change}."),
    };

    /// <summary>"2 ran, 7 up to date", or what failed.</summary>
    public static string Words(RunEntry run) => run.Failure ?? string.Join(", ", run.Units
        .GroupBy(unit => unit.Fate).OrderBy(group => group.Key == UnitFate.UpToDate)
        .Select(group => $"{Figures.Count(group.Sum(unit => unit.Count))} {SiteMark.Of(group.Key).Word}"));

    private static bool DidSomething(RunEntry run) => run.State != RunState.Succeeded
        || run.Units.Any(unit => unit.Fate is UnitFate.Ran or UnitFate.Restored or UnitFate.Failed);

    private static SiteEvent Of(RunEntry run) => new(
        run.Start.BeganAt, $"run {SiteMark.Of(run.State).Word}", "", $"{run.Start.Command}: {Words(run)}",
        SitePages.Runs);

    private static SiteEvent Of(SiteVersion version, VersionEvent happened) => new(
        happened.WhenUtc, $"version {version.Story.Version}", happened.Who, Words(happened),
        SitePages.OfVersion(version.Story.Version));

    private static SiteEvent Of(RolloutEntry entry) => new(
        entry.RecordedUtc, $"rollout of version {entry.Candidate}", entry.Who,
        $"{Words(entry.Change)} in {entry.Environment}, {entry.Percent} %: {entry.Why}",
        SitePages.OfEnvironment(entry.Environment));
}
