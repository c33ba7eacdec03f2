using MLBuild.Engine.Inspection;
using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Site;

/// <summary>A stage: its state and why, its last runs, what it reads and wrote, and what its result says.</summary>
internal static class StagePage
{
    private const int MostRuns = 30;
    private const int MostWorks = 60;

    public static string Render(SiteState state, SiteStage stage)
    {
        var path = SitePages.OfStage(stage.Name);
        return SiteFrame.Render(state, path, stage.Name, page =>
        {
            var mark = SiteMark.Of(stage.State);
            page.Raw($"<header class=\"{mark.Class}\">\n<h1>").Text(stage.Name).Raw("</h1>\n<p class=\"big\">")
                .Text(mark.Text).Raw("</p>\n");
            if (stage.Because.Length > 0)
                page.Raw("<p>").Sentence(stage.Because).Raw("</p>\n");
            Neighbours(page, "Reads", stage.Reads.Where(name => state.Stages.Any(other => other.Name == name)));
            Neighbours(page, "Is read by", state.Stages.Where(other => other.Reads.Contains(stage.Name))
                .Select(other => other.Name));
            page.Raw("</header>\n");
            FindingParts.Draw(page, stage.Findings);
            SiteFrame.Copies(page, path, stage.Findings);
            Runs(page, state, stage);
            Works(page, stage);
            Parameters(page, stage);
        });
    }

    private static void Neighbours(PageText page, string what, IEnumerable<string> names)
    {
        var all = names.ToArray();
        if (all.Length == 0)
            return;
        page.Raw($"<p>{what} ");
        foreach (var (i, name) in all.Index())
            page.Raw(i == 0 ? "" : ", ").Raw($"<a href=\"../{SitePages.OfStage(name)}\">").Text(name).Raw("</a>");
        page.Raw(".</p>\n");
    }

    private static void Runs(PageText page, SiteState state, SiteStage stage)
    {
        var units = state.Runs.SelectMany(run => run.Units.Where(unit => unit.Stage == stage.Name)
            .Select(unit => (unit, (DateTimeOffset?)run.Start.BeganAt))).Take(MostRuns).ToArray();
        if (units.Length == 0)
            return;
        page.Raw("<section>\n<h2>Last runs</h2>\n");
        RunsPage.Units(page, $"What became of {stage.Name} in the last runs", units);
        page.Raw("</section>\n");
    }

    private static void Works(PageText page, SiteStage stage)
    {
        page.Raw("<section>\n<h2>Results in the store</h2>\n");
        if (stage.Works.Count == 0)
        {
            page.Raw("<p>None.</p>\n</section>\n");
            return;
        }
        SiteTable.Write(page, $"Results of {stage.Name} in the store",
            [
                new("result"), new("state"), new("built"), new("took", IsNumber: true), new("size", IsNumber: true),
                new("recipe"), new("outputs", IsLong: true),
            ],
            stage.Works.OrderByDescending(work => work.IsCurrent).Take(MostWorks).Select(work => (SiteCell[])
            [
                work.Unit,
                work.IsCurrent ? "the last one" : "older",
                SiteCell.Of(work.FinishedUtc),
                SiteCell.Of(work.Duration),
                SiteCell.Of(work.Outputs.Sum(output => output.Artifact.SizeBytes),
                    Wording.Size(work.Outputs.Sum(output => output.Artifact.SizeBytes))),
                work.Recipe.Short,
                string.Join(", ", work.Outputs.Select(output => $"{output.Name} {output.Artifact.Hash.Short}")),
            ]));
        if (stage.Works.Count > MostWorks)
            page.Raw("<p class=\"note\">").Text($"And {Figures.Count(stage.Works.Count - MostWorks)} more: "
                + $"./build.sh Artifacts --of-stage {stage.Name}").Raw("</p>\n");
        page.Raw("</section>\n");
    }

    private static void Parameters(PageText page, SiteStage stage)
    {
        if (stage.Parameters.Count == 0)
            return;
        page.Raw("<section>\n<h2>Parameters</h2>\n");
        SiteTable.Write(page, $"Parameters of the last result of {stage.Name}",
            [new("parameter"), new("value", IsLong: true)],
            stage.Parameters.Select(parameter => (SiteCell[])[parameter.Name, parameter.Value]));
        page.Raw("</section>\n");
    }
}
