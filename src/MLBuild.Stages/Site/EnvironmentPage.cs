using MLBuild.Learning.Contracts;
using MLBuild.Registry;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Site;

/// <summary>An environment: what serves there and since when, what served before, rollouts, and what Monitor said of
/// it over time.</summary>
internal static class EnvironmentPage
{
    public static string Render(SiteState state, SiteEnvironment environment)
    {
        var path = SitePages.OfEnvironment(environment.Name);
        return SiteFrame.Render(state, path, environment.Name, page =>
        {
            var serving = environment.Serving;
            page.Raw($"<header class=\"{SiteMark.Of(environment).Class}\">\n<h1>")
                .Text(environment.Name).Raw("</h1>\n");
            if (serving is null)
                page.Raw("<p class=\"big\">○ serves nothing</p>\n");
            else
                page.Raw($"<p class=\"big\">● serves <a href=\"../{SitePages.OfVersion(serving.To)}\">")
                    .Text($"version {serving.To}").Raw("</a></p>\n<p>")
                    .Sentence($"since {Moment.Text(serving.DeployedUtc)}, by {serving.Who}: {serving.Why}")
                    .Raw("</p>\n");
            if (ActiveRollout.Of(environment.Rollouts) is { } rollout)
                page.Raw("<p>").Sentence($"Version {rollout.Candidate} is being rolled out ({rollout.Strategy}): "
                    + $"{rollout.Percent} % since {Moment.Text(rollout.Last.RecordedUtc)}: {rollout.Last.Why}")
                    .Raw("</p>\n");
            if (environment.LastWindow is { } last)
                page.Raw("<p>").Text($"in {last.Window.Name}: {SiteMark.Of(last.Verdict).Text}").Raw("</p>\n");
            page.Raw("<p class=\"note\">What its servers say now: ./build.sh Status --serving-environment ")
                .Text(environment.Name).Raw("</p>\n</header>\n");
            foreach (var windows in environment.Windows)
                Windows(page, environment, windows);
            Deployments(page, environment);
            Rollouts(page, environment);
        });
    }

    private static void Windows(PageText page, SiteEnvironment environment, SiteWindows windows)
    {
        if (environment.Windows.Count > 1)
            page.Raw("<section>\n<h2>").Text($"Windows by {windows.Kind}").Raw("</h2>\n</section>\n");
        if (windows.Reports.Count > 0)
        {
            MonitorPage.OverTime(page, windows.Reports[^1], windows.Reports);
            MonitorPage.Windows(page, windows.Reports);
        }
        foreach (var text in windows.Unreadable)
            page.Raw("<p class=\"note\">").Sentence(text).Raw("</p>\n");
    }

    private static void Deployments(PageText page, SiteEnvironment environment)
    {
        page.Raw("<section>\n<h2>Deployments</h2>\n");
        SiteTable.Write(page, $"Deployments to {environment.Name}, newest first",
            [
                new("when"), new("version"), new("before"), new("gate"), new("by"), new("why", IsLong: true),
                new("by force", IsLong: true),
            ],
            environment.History.Deployments.Reverse().Select(entry => (SiteCell[])
            [
                SiteCell.Of(entry.DeployedUtc),
                new($"version {entry.To}") { Href = $"../{SitePages.OfVersion(entry.To)}", SortsBy = entry.To },
                entry.From is { } from ? SiteCell.Of(from, $"version {from}") : "nothing",
                SiteCell.Of(SiteMark.Of(entry.Gate)),
                entry.Who,
                entry.Why,
                entry.ForcedReason ?? "",
            ]));
        page.Raw("</section>\n");
    }

    private static void Rollouts(PageText page, SiteEnvironment environment)
    {
        page.Raw("<section>\n<h2>Rollouts</h2>\n");
        if (environment.Rollouts.Count == 0)
            page.Raw("<p>None: versions were deployed at once.</p>\n");
        else
            SiteTable.Write(page, $"Rollouts in {environment.Name}, newest first",
                [
                    new("when"), new("what"), new("candidate"), new("champion"), new("strategy"),
                    new("part", IsNumber: true), new("by"), new("why", IsLong: true),
                ],
                environment.Rollouts.Reverse().Select(entry => (SiteCell[])
                [
                    SiteCell.Of(entry.RecordedUtc),
                    SiteEvents.Words(entry.Change),
                    new($"version {entry.Candidate}") { Href = $"../{SitePages.OfVersion(entry.Candidate)}" },
                    $"version {entry.Champion}",
                    $"{entry.Strategy}",
                    SiteCell.Of(entry.Percent, $"{entry.Percent} %"),
                    entry.Who,
                    entry.Why,
                ]));
        page.Raw("</section>\n");
    }
}
