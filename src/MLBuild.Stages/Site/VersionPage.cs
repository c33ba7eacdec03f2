using MLBuild.Learning.Contracts;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Site;

/// <summary>A model version: what its gate said, how it was trained, its card, what made it, and what happened to
/// it.</summary>
internal static class VersionPage
{
    public static string Render(SiteState state, SiteVersion version)
    {
        var story = version.Story;
        var path = SitePages.OfVersion(story.Version);
        return SiteFrame.Render(state, path, $"Version {story.Version}", page =>
        {
            var mark = SiteMark.Of(story.Gate);
            page.Raw($"<header class=\"{mark.Class}\">\n<h1>").Text($"{story.Model} version {story.Version}")
                .Raw("</h1>\n<p class=\"big\">").Text(mark.Text).Raw("</p>\n<p>")
                .Text($"created {Moment.Text(story.CreatedUtc)}, model {story.ModelHash[..8]}"
                    + (story.IsArchived ? ", archived" : "")).Raw("</p>\n");
            foreach (var serving in story.Serving)
                page.Raw($"<p>serves in <a href=\"../{SitePages.OfEnvironment(serving.Environment)}\">")
                    .Text(serving.Environment).Raw("</a> since ").Text(Moment.Text(serving.SinceUtc)).Raw("</p>\n");
            foreach (var tag in story.Tags)
                page.Raw("<span class=\"chip\">").Text(tag).Raw("</span> ");
            SiteFrame.Figures(page,
                story.Metrics.Select(metric => (metric.Key, EvaluateCharts.Short(metric.Value))));
            page.Raw("</header>\n");
            FindingParts.Draw(page, version.Findings);
            SiteFrame.Copies(page, path, version.Findings);
            History(page, version);
            Lineage(page, version);
            if (version.Card is { } card)
            {
                page.Raw("<section>\n<h2>Card</h2>\n<article class=\"card\">\n");
                CardHtml.Write(page, card);
                page.Raw("</article>\n</section>\n");
            }
        });
    }

    private static void History(PageText page, SiteVersion version)
    {
        page.Raw("<section>\n<h2>What happened to it</h2>\n");
        SiteTable.Write(page, $"What happened to version {version.Story.Version}, newest first",
            [new("when"), new("by"), new("what", IsLong: true)],
            version.Story.Events.Reverse().Select(happened => (SiteCell[])
                [SiteCell.Of(happened.WhenUtc), happened.Who, SiteEvents.Words(happened)]));
        page.Raw("</section>\n");
    }

    private static void Lineage(PageText page, SiteVersion version)
    {
        var number = version.Story.Version;
        page.Raw("<section>\n<h2>What made it</h2>\n");
        if (version.LineageSvg is not null)
            page.Raw("<div class=\"scroll picture\" role=\"region\" tabindex=\"0\" aria-label=\"Lineage as a picture\">"
                + $"<a href=\"../{SitePages.LineageOf(number)}\"><img src=\"../{SitePages.LineageOf(number)}\" alt=\"")
                .Text($"From the files at the left to version {number} and where it served at the right; the same in "
                    + "words below.").Raw("\"></a></div>\n");
        page.Raw("<details><summary>In words</summary>\n<pre>");
        foreach (var line in version.LineageLines)
            page.Sentence(line).Raw("\n");
        page.Raw("</pre></details>\n</section>\n");
    }
}
