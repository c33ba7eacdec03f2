using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Register;

/// <summary>The versions of a model, or all that is known of one, for a person.</summary>
public static class VersionList
{
    /// <summary>A line for each version.</summary>
    public static IEnumerable<string> Lines(VersionListing listing, Page page)
    {
        if (listing is { Versions.Count: 0, ArchivedLeftOut: 0 })
            return page.Wrap($"{listing.Model} has no versions yet: ./build.sh Register makes the first.");

        string[] metrics = [.. listing.Versions.SelectMany(version => version.Metrics.Keys).Distinct()];
        return
        [
            .. PageTable.Lines(page,
                [
                    new("version"), new("model"), new("created"), new("gate"),
                    .. metrics.Select(name => new PageColumn(name)),
                    new("serves in", IsWrapped: true), new("tags", IsWrapped: true), new(""),
                ],
                listing.Versions.Select(version => (PageCell[])
                [
                    Number(version.Version),
                    version.ModelHash[..8],
                    Moment.Text(version.CreatedUtc),
                    version.Gate.ToString(),
                    .. metrics.Select(name =>
                        (PageCell)(version.Metrics.TryGetValue(name, out var value) ? Number(value) : "-")),
                    Names(version.ServesIn),
                    Names(version.Tags),
                    version.IsArchived ? "archived" : "",
                ])),
            .. listing.ArchivedLeftOut == 0 ? Array.Empty<string>()
                : page.Wrap(
                    $"{Wording.Count(listing.ArchivedLeftOut, "archived version")} not shown; --with-archived does"),
        ];
    }

    /// <summary>Everything that was ever said of one version.</summary>
    public static IEnumerable<string> Details(VersionStory story, Page page) =>
    [
        .. Head(story).SelectMany(line => page.Wrap(line)),
        "",
        .. PageTable.Lines(page,
            [new("when"), new("by"), new("what", IsWrapped: true)],
            story.Events.Select(happened => (PageCell[])
                [Moment.Text(happened.WhenUtc), happened.Who, What(happened)])),
    ];

    private static IEnumerable<string> Head(VersionStory story) =>
    [
        $"{story.Model} version {Number(story.Version)}, created {Moment.Text(story.CreatedUtc)}" +
        (story.IsArchived ? ", archived" : ""),
        $"model {story.ModelHash}",
        .. story.Metrics.Select(metric => $"{metric.Key} {Number(metric.Value)}"),
        .. story.Tags.Count == 0 ? Array.Empty<string>() : [$"tags {Names(story.Tags)}"],
        .. story.Serving.Select(since => $"serves in '{since.Environment}' since {Moment.Text(since.SinceUtc)}"),
    ];

    private static string What(VersionEvent happened) => happened switch
    {
        VersionEvent.Judged judged =>
            $"evidence {Number(judged.Number)}: gate {judged.Gate}, evaluation {judged.EvaluationHash[..8]}",
        VersionEvent.WasDeployed deployed => $"deployed to '{deployed.Environment}'" +
            (deployed.ForcedReason is { } reason ? $", by force: {reason}" : ""),
        VersionEvent.WasAnnotated { Text: var text } said => said.Kind switch
        {
            AnnotationKind.Note => $"note: {text}",
            AnnotationKind.Tag => $"tagged '{text}'",
            AnnotationKind.Untag => $"tag '{text}' taken away",
            AnnotationKind.Archive => $"archived: {text}",
            AnnotationKind.Unarchive => $"taken back from the archive: {text}",
            var other => throw new InvalidOperationException($"BUG: unknown annotation {other}."),
        },
        _ => throw new InvalidOperationException($"BUG: unknown event {happened}."),
    };

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
