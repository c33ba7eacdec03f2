using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Register;

/// <summary>The versions of a model, or all that is known of one, for a person.</summary>
public static class VersionList
{
    /// <summary>A line for each version, newest first.</summary>
    /// <param name="withArchived">Also those that were put aside.</param>
    public static IEnumerable<string> Lines(IModelRegistry registry, string model, bool withArchived)
    {
        var log = registry.Annotations(model);
        var serving = Serving(registry, model);
        var all = registry.Versions(model).Reverse()
            .Select(version => (Version: version, Marks: VersionMarks.Of(log, version.Number))).ToArray();
        if (all.Length == 0)
            return [$"{model} has no versions yet: ./build.sh Register makes the first."];

        var shown = all.Where(row => withArchived || row.Marks.Archived is null).ToArray();
        string[] metrics =
            [.. shown.SelectMany(row => row.Version.Evidence.Metrics.Select(pair => pair.Key)).Distinct()];
        var hidden = all.Length - shown.Length;
        return
        [
            .. TextTable.Lines(
                ["version", "model", "created", "gate", .. metrics, "serves in", "tags", ""],
                shown.Select(row => (string[])
                [
                    Number(row.Version.Number),
                    row.Version.ModelHash.Short,
                    Moment.Text(row.Version.CreatedUtc),
                    row.Version.Evidence.Gate.ToString(),
                    .. metrics.Select(name =>
                        row.Version.Evidence.Metrics.TryGetValue(name, out var value) ? Number(value) : "-"),
                    Names(serving.Where(since => since.To == row.Version.Number).Select(since => since.Environment)),
                    Names(row.Marks.Tags),
                    row.Marks.Archived is null ? "" : "archived",
                ])),
            .. hidden == 0 ? Array.Empty<string>()
                : [$"{Wording.Count(hidden, "archived version")} not shown; --with-archived does"],
        ];
    }

    /// <summary>Everything that was ever said of one version.</summary>
    /// <exception cref="RegistryException">There is no such version.</exception>
    public static IEnumerable<string> Details(IModelRegistry registry, string model, int number)
    {
        var version = registry.Find(model, number);
        var annotations = registry.Annotations(model);
        var marks = VersionMarks.Of(annotations, number);
        return
        [
            $"{model} version {Number(number)}, created {Moment.Text(version.CreatedUtc)}" +
            (marks.Archived is null ? "" : ", archived"),
            $"model {version.ModelHash}",
            .. version.Evidence.Metrics.Select(metric => $"{metric.Key} {Number(metric.Value)}"),
            .. marks.Tags.Count == 0 ? Array.Empty<string>() : [$"tags {Names(marks.Tags)}"],
            .. Serving(registry, model).Where(since => since.To == number)
                .Select(since => $"serves in '{since.Environment}' since {Moment.Text(since.DeployedUtc)}"),
            "",
            .. TextTable.Lines(
                ["when", "by", "what"],
                [
                    .. registry.EvidenceHistory(model, number)
                        .Select(entry => (When: entry.RecordedUtc, Row: (string[])
                        [
                            Moment.Text(entry.RecordedUtc), entry.Who,
                            $"evidence {Number(entry.Number)}: gate {entry.Evidence.Gate}, evaluation " +
                            $"{entry.Evidence.EvaluationHash.Short}",
                        ]))
                        .Concat(registry.Environments(model)
                            .SelectMany(environment => registry.History(model, environment))
                            .Where(entry => entry.To == number)
                            .Select(entry => (When: entry.DeployedUtc, Row: (string[])
                            [
                                Moment.Text(entry.DeployedUtc), entry.Who, $"deployed to '{entry.Environment}'" +
                                (entry.ForcedReason is { } reason ? $", by force: {reason}" : ""),
                            ])))
                        .Concat(annotations.Where(entry => entry.Number == number)
                            .Select(entry => (When: entry.RecordedUtc, Row: (string[])
                            [
                                Moment.Text(entry.RecordedUtc), entry.Who, Said(entry.Annotation),
                            ])))
                        .OrderBy(entry => entry.When)
                        .Select(entry => entry.Row),
                ]),
        ];
    }

    private static Deployment[] Serving(IModelRegistry registry, string model) =>
    [
        .. registry.Environments(model)
            .Select(environment => registry.Serving(model, environment))
            .OfType<Served.Version>().Select(served => served.Since),
    ];

    private static string Said(Annotation annotation) => annotation switch
    {
        Annotation.Note note => $"note: {note.Text}",
        Annotation.Tag tag => $"tagged '{tag.Name}'",
        Annotation.Untag tag => $"tag '{tag.Name}' taken away",
        Annotation.Archive archive => $"archived: {archive.Why}",
        Annotation.Unarchive unarchive => $"taken back from the archive: {unarchive.Why}",
        _ => throw new InvalidOperationException($"BUG: unknown annotation {annotation}."),
    };

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
