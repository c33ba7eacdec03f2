using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Site;

/// <summary>The runs that are kept: what was asked for, how it ended, and what became of each piece of work.</summary>
internal static class RunsPage
{
    /// <summary>Runs of which each piece of work is shown.</summary>
    private const int MostInFull = 20;

    public static string Render(SiteState state) => SiteFrame.Render(state, SitePages.Runs, "Runs", page =>
    {
        page.Raw("<h1>Runs</h1>\n");
        if (state.Runs.Count == 0)
        {
            page.Raw("<p>None is kept yet.</p>\n");
            return;
        }
        SiteFrame.Figures(page, Enum.GetValues<RunState>()
            .Select(how => (SiteMark.Of(how).Word, Count: state.Runs.Count(run => run.State == how)))
            .Where(pair => pair.Count > 0).Select(pair => (pair.Word, $"{pair.Count}")));
        page.Raw("<section>\n<h2>All that are kept</h2>\n");
        SiteTable.Write(page, "Runs, newest first",
            [
                new("began"), new("outcome"), new("command", IsLong: true), new("took", IsNumber: true),
                new("saved", IsNumber: true), new("what became of it", IsLong: true), new("commit"), new("on"),
            ],
            state.Runs.Select(run => (SiteCell[])
            [
                SiteCell.Of(run.Start.BeganAt),
                SiteCell.Of(SiteMark.Of(run.State)),
                run.Start.Command,
                SiteCell.Of(run.Duration),
                SiteCell.Of(run.Saved > TimeSpan.Zero ? run.Saved : null),
                SiteEvents.Words(run),
                run.Start.Commit is { Length: > 8 } commit ? commit[..8] : run.Start.Commit ?? "",
                run.Start.Host,
            ]));
        page.Raw("</section>\n<section>\n<h2>The last ones in full</h2>\n");
        foreach (var run in state.Runs.Where(run => run.Units.Count > 0).Take(MostInFull))
        {
            var name = $"{Reports.Moment.Text(run.Start.BeganAt)} {SiteMark.Of(run.State).Word}";
            page.Raw("<details><summary><b>").Text(name).Raw("</b> ").Text(run.Start.Command).Raw("</summary>\n");
            Units(page, $"Run of {name}", run.Units.Select(unit => (unit, (DateTimeOffset?)null)));
            page.Raw("</details>\n");
        }
        page.Raw("</section>\n");
    });

    /// <summary>What became of pieces of work.</summary>
    /// <param name="units">With the moment at which their runs began, where that is to be shown.</param>
    public static void Units(
        PageText page, string caption, IEnumerable<(RunUnit Unit, DateTimeOffset? BeganUtc)> units)
    {
        var all = units.ToArray();
        var hasMoments = all.Any(pair => pair.BeganUtc is not null);
        SiteTable.Write(page, caption,
            [
                .. hasMoments ? [new("run")] : Array.Empty<SiteColumn>(),
                new("what"), new("became"), new("took", IsNumber: true), new("saved", IsNumber: true),
                new("why", IsLong: true),
            ],
            all.Select(pair => (SiteCell[])
            [
                .. hasMoments ? [SiteCell.Of(pair.BeganUtc!.Value)] : Array.Empty<SiteCell>(),
                pair.Unit.Name + (pair.Unit.Count > 1 ? $", {Wording.Count(pair.Unit.Count, "partition")}" : ""),
                SiteCell.Of(SiteMark.Of(pair.Unit.Fate)),
                SiteCell.Of(pair.Unit.Duration > TimeSpan.Zero ? pair.Unit.Duration : null),
                SiteCell.Of(pair.Unit.Saved > TimeSpan.Zero ? pair.Unit.Saved : null),
                pair.Unit.Failure ?? pair.Unit.Because,
            ]));
    }
}
