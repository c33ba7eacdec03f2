using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Site;

/// <summary>What all pages of the report have around what each of them shows. They work without scripts and without
/// styles.</summary>
internal static class SiteFrame
{
    private static (string Path, string Name)[] Places =>
    [
        (SitePages.Index, "Overview"),
        (SitePages.Index + "#stages", "Stages"),
        (SitePages.Index + "#versions", "Versions"),
        (SitePages.Index + "#environments", "Environments"),
        (SitePages.Runs, "Runs"),
    ];

    /// <param name="path">That of the page: links to others begin from there.</param>
    /// <param name="content">Begins with the one heading of the first level.</param>
    public static string Render(SiteState state, string path, string title, Action<PageText> content)
    {
        var page = new PageText();
        var up = Up(path);
        page.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
            + "content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
            + "<title>").Text($"{title} · {state.Model}").Raw("</title>\n<link rel=\"icon\" href=\"data:,\">\n"
            + $"<link rel=\"stylesheet\" href=\"{up}{SitePages.Style}\">\n"
            + $"<script src=\"{up}{SitePages.Script}\" defer></script>\n</head>\n<body>\n"
            + "<a class=\"skip\" href=\"#content\">Skip to content</a>\n<nav aria-label=\"Report\">\n<b>")
            .Text(state.Model).Raw("</b>\n");
        foreach (var (place, name) in Places)
            page.Raw($"<a href=\"{up}{place}\"{(place == path ? " aria-current=\"page\"" : "")}>{name}</a>\n");
        page.Raw("</nav>\n<main id=\"content\" tabindex=\"-1\">\n");
        content(page);
        page.Raw("</main>\n<footer><p>");
        page.Text(state.LastUtc is { } last
            ? $"State after {Reports.Moment.Text(last)}."
            : "Nothing has happened yet.").Raw("</p></footer>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>From the folder of a page to that of the report.</summary>
    public static string Up(string path) => string.Concat(Enumerable.Repeat("../", path.Count(sign => sign == '/')));

    /// <summary>Numbers with their names, those of a headline.</summary>
    public static void Figures(PageText page, IEnumerable<(string Name, string Value)> figures)
    {
        page.Raw("<dl class=\"figures\">\n");
        foreach (var (name, value) in figures)
            page.Raw("<div><dt>").Text(name).Raw("</dt><dd>").Text(value).Raw("</dd></div>\n");
        page.Raw("</dl>\n");
    }

    /// <summary>Links to the pages that were copied.</summary>
    public static void Copies(PageText page, string path, IEnumerable<SiteFinding> findings)
    {
        var copies = findings.OfType<SiteFinding.Page>().ToArray();
        var lost = findings.OfType<SiteFinding.Lost>().ToArray();
        if (copies.Length + lost.Length == 0)
            return;
        page.Raw("<section>\n<h2>In full</h2>\n<ul class=\"links\">\n");
        foreach (var copy in copies)
            page.Raw($"<li><a href=\"{Up(path)}{SitePages.OfCopy(copy)}\">").Text(copy.Name).Raw("</a></li>\n");
        foreach (var gone in lost)
            page.Raw("<li>").Text(gone.Name).Raw(" cannot be shown. ").Sentence(gone.Why).Raw("</li>\n");
        page.Raw("</ul>\n</section>\n");
    }
}
