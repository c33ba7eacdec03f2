using System.Globalization;
using MLBuild.Learning.Contracts;

namespace MLBuild.Stages.Site;

/// <summary>A table that is complete as it is, and can be sorted and searched where scripts run.</summary>
internal static class SiteTable
{
    /// <param name="caption">Says what it shows, also to who does not see it.</param>
    /// <param name="columns">Numbers stand at the right.</param>
    /// <param name="rows">The first cell names the row.</param>
    public static void Write(
        PageText page, string caption, IReadOnlyList<SiteColumn> columns, IEnumerable<IReadOnlyList<SiteCell>> rows)
    {
        page.Raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"").Text(caption)
            .Raw("\"><table class=\"sortable\">\n<caption>").Text(caption).Raw("</caption>\n<thead><tr>");
        foreach (var column in columns)
            page.Raw($"<th scope=\"col\"{(column.IsNumber ? " class=\"n\"" : "")}>").Text(column.Name).Raw("</th>");
        page.Raw("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            page.Raw("<tr>");
            foreach (var (i, cell) in row.Index())
                Cell(page, cell, isFirst: i == 0, columns[i]);
            page.Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
    }

    private static void Cell(PageText page, SiteCell cell, bool isFirst, SiteColumn column)
    {
        var kind = column.IsNumber ? " class=\"n\"" : column.IsLong ? " class=\"long\"" : "";
        page.Raw(isFirst ? $"<th scope=\"row\"{kind}" : $"<td{kind}");
        if (cell.SortsBy is { } number)
            page.Raw($" data-v=\"{number.ToString("R", CultureInfo.InvariantCulture)}\"");
        page.Raw(">");
        if (cell.Href is { } href)
            page.Raw("<a href=\"").Text(href).Raw("\">");
        if (cell.Mark is { } mark)
            page.Raw($"<b class=\"state {mark.Class}\">").Text(mark.Text).Raw("</b>");
        page.Sentence(cell.Text);
        if (cell.Href is not null)
            page.Raw("</a>");
        page.Raw(isFirst ? "</th>" : "</td>");
    }
}

/// <param name="IsLong">Its texts are sentences.</param>
internal sealed record SiteColumn(string Name, bool IsNumber = false, bool IsLong = false);

/// <param name="Text">Escaped when it is written.</param>
internal sealed record SiteCell(string Text)
{
    public string? Href { get; init; }

    /// <summary>Stands before the text.</summary>
    public SiteMark? Mark { get; init; }

    /// <summary>What rows are sorted by where that is not the text.</summary>
    public double? SortsBy { get; init; }

    public static implicit operator SiteCell(string text) => new(text);

    public static SiteCell Of(SiteMark mark) => new("") { Mark = mark };

    public static SiteCell Of(DateTimeOffset when) =>
        new(Reports.Moment.Text(when)) { SortsBy = when.ToUnixTimeSeconds() };

    public static SiteCell Of(TimeSpan? duration) => duration is { } span
        ? new(Engine.Inspection.Wording.Duration(span)) { SortsBy = span.TotalSeconds }
        : new("");

    public static SiteCell Of(double number, string text) => new(text) { SortsBy = number };
}
