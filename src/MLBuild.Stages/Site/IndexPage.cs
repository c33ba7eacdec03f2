using MLBuild.Engine.Graphs;
using MLBuild.Learning.Contracts;
using MLBuild.Registry;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Register;
using static MLBuild.Stages.Reports.Moment;

namespace MLBuild.Stages.Site;

/// <summary>The first page: what serves, how good it is, what is fresh, and what happened last.</summary>
internal static class IndexPage
{
    private const int MostEvents = 12;
    private const int MostMetrics = 3;

    public static string Render(SiteState state) => SiteFrame.Render(state, SitePages.Index, "Overview", page =>
    {
        page.Raw("<h1>").Text(state.Model).Raw("</h1>\n");
        Tiles(page, state);
        Stages(page, state);
        Events(page, state);
        Versions(page, state);
        Environments(page, state);
    });

    private static void Tiles(PageText page, SiteState state)
    {
        page.Raw("<div class=\"tiles\">\n");
        if (state.Environments.Count == 0)
            Tile("Serves", new("early", "○", "nothing"), null,
                [state.Versions.Count == 0 ? "No version is registered." : "No version was ever deployed."]);
        foreach (var environment in state.Environments)
        {
            var serving = environment.Serving;
            var version = state.Versions.FirstOrDefault(one => one.Story.Version == serving?.To);
            var open = ActiveRollout.Of(environment.Rollouts);
            var last = environment.LastWindow;
            Tile($"Serves in {environment.Name}", SiteMark.Of(environment), SitePages.OfEnvironment(environment.Name),
                [
                    .. serving is null ? Array.Empty<string>() : [$"since {Text(serving.DeployedUtc)}"],
                    .. serving?.ForcedReason is { } forced ? [$"by force: {forced}"] : Array.Empty<string>(),
                    .. version is null ? Array.Empty<string>() : Metrics(version.Story.Metrics).Take(2),
                    .. open is null ? Array.Empty<string>()
                        : [$"version {open.Candidate} is rolled out: {open.Percent} %"],
                    last is null ? "not monitored yet" : $"in {last.Window.Name}: {SiteMark.Of(last.Verdict).Text}",
                ]);
        }
        if (state.Versions.FirstOrDefault() is { } newest)
            Tile("Newest version", SiteMark.Of(newest.Story.Gate), SitePages.OfVersion(newest.Story.Version),
                [$"version {newest.Story.Version}, {Text(newest.Story.CreatedUtc)}",
                    .. Metrics(newest.Story.Metrics).Take(2)]);
        var counted = state.Stages.Where(stage => stage.State != StageState.Effect).ToArray();
        var other = counted.Where(stage => stage.State != StageState.Fresh).ToArray();
        var worst = counted.Any(stage => stage.State == StageState.Failed) ? StageState.Failed
            : other.Length > 0 ? StageState.Stale : StageState.Fresh;
        Tile("Stages", new(SiteMark.Of(worst).Class, SiteMark.Of(worst).Sign,
                $"{counted.Length - other.Length} of {counted.Length} fresh"), "#stages",
            [
                .. other.GroupBy(stage => stage.State).Select(group => $"{SiteMark.Of(group.Key).Word}: "
                    + string.Join(", ", group.Select(stage => stage.Name))),
            ]);
        var data = state.Stages.SelectMany(stage => stage.Findings.OfType<SiteFinding.Data>()
            .Select(finding => (stage, finding.Report))).ToArray();
        foreach (var (stage, report) in data)
            Tile("Data", SiteMark.Of(report), SitePages.OfStage(stage.Name),
                [
                    $"{Figures.Count(report.RowsAccepted, "row")} accepted, {Figures.Count(report.RowsSetAside)} set "
                    + $"aside, {Figures.Count(report.Files.Count, "file")}",
                ]);
        if (state.Runs.FirstOrDefault() is { } run)
            Tile("Last run", SiteMark.Of(run.State), SitePages.Runs,
                [Text(run.Start.BeganAt), run.Start.Command, SiteEvents.Words(run)]);
        page.Raw("</div>\n");

        void Tile(string title, SiteMark mark, string? href, IEnumerable<string> lines)
        {
            page.Raw($"<section class=\"tile {mark.Class}\">\n<h2>").Text(title).Raw("</h2>\n<p class=\"big\">");
            if (href is not null)
                page.Raw("<a href=\"").Text(href).Raw("\">");
            page.Text(mark.Text);
            if (href is not null)
                page.Raw("</a>");
            page.Raw("</p>\n");
            foreach (var line in lines)
                page.Raw("<p>").Text(line).Raw("</p>\n");
            page.Raw("</section>\n");
        }
    }

    private static IEnumerable<string> Metrics(IReadOnlyDictionary<string, double> metrics) =>
        metrics.Select(metric => $"{metric.Key} {EvaluateCharts.Short(metric.Value)}");

    private static void Stages(PageText page, SiteState state)
    {
        page.Raw("<section id=\"stages\">\n<h2>Stages</h2>\n");
        PipelineGraph.Draw(page, state.Stages);
        SiteTable.Write(page, "Stages and their last results",
            [new("stage"), new("state"), new("built"), new("took", IsNumber: true), new("details", IsLong: true)],
            state.Stages.Select(stage => (SiteCell[])
            [
                new(stage.Name) { Href = SitePages.OfStage(stage.Name) },
                SiteCell.Of(SiteMark.Of(stage.State)),
                stage.Current.Select(work => (DateTimeOffset?)work.FinishedUtc).Max() is { } when
                    ? SiteCell.Of(when) : "",
                SiteCell.Of(stage.Current.Any()
                    ? new TimeSpan(stage.Current.Sum(work => work.Duration.Ticks)) : null),
                stage.Because,
            ]));
        if (state.NotAskedFor.Count > 0)
            page.Raw("<p class=\"note\">Nobody has asked for these yet: ")
                .Sentence(string.Join(", ", state.NotAskedFor)).Raw(".</p>\n");
        page.Raw("</section>\n");
    }

    private static void Events(PageText page, SiteState state)
    {
        var all = SiteEvents.Of(state).Take(MostEvents).ToArray();
        page.Raw("<section>\n<h2>What happened last</h2>\n");
        if (all.Length == 0)
            page.Raw("<p>Nothing yet.</p>\n");
        else
            SiteTable.Write(page, "What happened last, newest first",
                [new("when"), new("what"), new("by"), new("in words", IsLong: true)],
                all.Select(happened => (SiteCell[])
                [
                    SiteCell.Of(happened.WhenUtc),
                    new(happened.What) { Href = happened.Href },
                    happened.Who,
                    happened.Words,
                ]));
        page.Raw("</section>\n");
    }

    private static void Versions(PageText page, SiteState state)
    {
        page.Raw("<section id=\"versions\">\n<h2>Model versions</h2>\n");
        if (state.Versions.Count == 0)
            page.Raw("<p>None yet: ./build.sh Register makes the first.</p>\n</section>\n");
        else
        {
            string[] metrics =
                [.. state.Versions.SelectMany(version => version.Story.Metrics.Keys).Distinct().Take(MostMetrics)];
            SiteTable.Write(page, "Model versions, newest first",
                [
                    new("version"), new("created"), new("gate"),
                    .. metrics.Select(name => new SiteColumn(name, IsNumber: true)),
                    new("serves in"), new("tags"), new("note", IsLong: true),
                ],
                state.Versions.Select(version => (SiteCell[])
                [
                    new($"version {version.Story.Version}")
                    {
                        Href = SitePages.OfVersion(version.Story.Version),
                        SortsBy = version.Story.Version,
                    },
                    SiteCell.Of(version.Story.CreatedUtc),
                    SiteCell.Of(SiteMark.Of(version.Story.Gate)),
                    .. metrics.Select(name => version.Story.Metrics.TryGetValue(name, out var value)
                        ? SiteCell.Of(value, EvaluateCharts.Short(value)) : ""),
                    string.Join(", ", version.Story.Serving.Select(serving => serving.Environment)),
                    string.Join(", ", version.Story.Tags),
                    version.Story.IsArchived ? "archived" : LastNote(version.Story) ?? "",
                ]));
            page.Raw("</section>\n");
        }
    }

    private static string? LastNote(VersionStory story) => story.Events.OfType<VersionEvent.WasAnnotated>()
        .LastOrDefault(said => said.Kind == AnnotationKind.Note)?.Text;

    private static void Environments(PageText page, SiteState state)
    {
        page.Raw("<section id=\"environments\">\n<h2>Environments</h2>\n");
        if (state.Environments.Count == 0)
            page.Raw("<p>Nothing was ever deployed: ./build.sh Deploy --model-version N does it.</p>\n");
        else
            SiteTable.Write(page, "Environments and what they serve",
                [
                    new("environment"), new("serves"), new("since"), new("by"), new("last window"),
                    new("why", IsLong: true),
                ],
                state.Environments.Select(environment =>
                {
                    var last = environment.LastWindow;
                    return (SiteCell[])
                    [
                        new(environment.Name) { Href = SitePages.OfEnvironment(environment.Name) },
                        environment.Serving is { } serving
                            ? new SiteCell($"version {serving.To}") { Href = SitePages.OfVersion(serving.To) }
                            : "nothing",
                        environment.Serving is { } since ? SiteCell.Of(since.DeployedUtc) : "",
                        environment.Serving?.Who ?? "",
                        last is null ? "" : new SiteCell($" {last.Window.Name}") { Mark = SiteMark.Of(last.Verdict) },
                        last?.Findings.FirstOrDefault() ?? "",
                    ];
                }));
        page.Raw("</section>\n");
    }
}
