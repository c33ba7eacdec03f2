using System.Globalization;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Contracts;

/// <summary>What the page shows of one column: its shape and its nulls against history, in pictures before
/// numbers.</summary>
internal static class ColumnCard
{
    private const int Bins = 32;
    private const int MostCategories = 8;
    private const int MostNames = 6;
    private const int MostFiles = 60;

    private static readonly (string Name, double Share)[] Shown =
        [("min", 0), ("5 %", 0.05), ("25 %", 0.25), ("median", 0.5), ("75 %", 0.75), ("95 %", 0.95), ("max", 1)];

    /// <param name="past">The column in the accepted files before.</param>
    /// <param name="broken">Checks of the column that failed or warned.</param>
    public static void Render(
        PageText page, ColumnStatistics column, ColumnStatistics[] past, IReadOnlyList<CheckLine> broken)
    {
        var worst = broken.Select(check => check.Verdict).DefaultIfEmpty(CheckVerdict.Passed).Min();
        page.Raw($"<article class=\"{ContractReportPage.Class(worst)}\">\n<h3>").Text(column.Column)
            .Raw(" <small>").Text($"{column.Type}").Raw("</small></h3>\n");
        foreach (var check in broken)
            page.Raw($"<p class=\"{ContractReportPage.Class(check.Verdict)}\"><b>").Text(check.Name).Raw("</b> ")
                .Text(check.Finding).Raw("</p>\n");
        if (column.Categories is { Count: > 0 } && IsCode(column))
            Categories(page, column, past);
        else if (column.Quantiles is not null)
            Shape(page, column, past);
        else
            page.Raw("<p class=\"note\">")
                .Text(column.Values == 0
                    ? "No row has a value."
                    : $"{(column.IsDistinctEstimate ? "About " : "")}{Figures.Count(column.Distinct)} different "
                        + "values.")
                .Raw("</p>\n");
        Nulls(page, column, past);
        Course(page, column, past);
        page.Raw("</article>\n");
    }

    private static bool IsCode(ColumnStatistics column) =>
        column.Type is ColumnType.String or ColumnType.Boolean or ColumnType.Int32 || column.Categories!.Count <= 3;

    private static void Shape(PageText page, ColumnStatistics column, ColumnStatistics[] past)
    {
        var now = column.Quantiles!;
        var known = past.Where(part => part.Quantiles is not null).ToArray();
        var pooled = known.Length > 0
            ? QuantileFunction.Pool(known.Select(part => (part.Quantiles!, part.Values)))
            : null;
        // Without the outer twentieth, whose few numbers would squeeze all others into one bar.
        var low = Math.Min(now[1], pooled?[1] ?? now[1]);
        var high = Math.Max(now[39], pooled?[39] ?? now[39]);
        if (low == high)
            (low, high) = (low - 0.5, high + 0.5);
        PageCharts.Histogram(
            page,
            QuantileFunction.Histogram(now, low, high, Bins),
            pooled is null ? null : QuantileFunction.Histogram(pooled, low, high, Bins),
            $"distribution of {column.Column}");
        page.Raw("<div class=\"ends\"><span>").Text(Value(column, low)).Raw("</span><span>").Text(Value(column, high))
            .Raw("</span></div>\n<table class=\"quantiles\"><thead><tr><th></th>");
        // Dates are long.
        var shown = Shown.Where((_, i) => column.Type != ColumnType.DateTime || i % 3 == 0).ToArray();
        foreach (var (name, _) in shown)
            page.Raw("<th class=\"n\">").Text(name).Raw("</th>");
        page.Raw("</tr></thead><tbody>");
        Row("now", now);
        if (pooled is not null)
            Row("before", pooled);
        page.Raw("</tbody></table>\n");
        if (column is { Mean: { } mean, StandardDeviation: { } deviation })
            page.Raw("<p class=\"note\">").Text($"mean {Short(mean)}, standard deviation {Short(deviation)}, "
                + $"{(column.IsDistinctEstimate ? "about " : "")}{Figures.Count(column.Distinct)} different values")
                .Raw("</p>\n");

        void Row(string name, IReadOnlyList<double> quantiles)
        {
            page.Raw("<tr><th>").Text(name).Raw("</th>");
            foreach (var (_, share) in shown)
                page.Raw("<td class=\"n\">").Text(Value(column, QuantileFunction.At(quantiles, share))).Raw("</td>");
            page.Raw("</tr>");
        }
    }

    private static void Categories(PageText page, ColumnStatistics column, ColumnStatistics[] past)
    {
        var known = past.Where(part => part.Categories is not null).ToArray();
        var rows = Math.Max(1, known.Sum(part => part.Values));
        var before = known.SelectMany(part => part.Categories!)
            .GroupBy(category => category.Value, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => (double)same.Sum(category => category.Rows) / rows);
        page.Raw("<table class=\"categories\"><tbody>");
        foreach (var (value, count) in column.Categories!.Take(MostCategories))
        {
            var share = (double)count / column.Values;
            page.Raw("<tr><th>").Text(value).Raw("</th><td>");
            PageCharts.Bar(page, share, known.Length > 0 ? before.GetValueOrDefault(value) : null);
            page.Raw("</td><td class=\"n\">").Text(Figures.Percent(Math.Round(share, 4))).Raw("</td></tr>");
        }
        page.Raw("</tbody></table>\n");
        var more = column.Categories!.Count - MostCategories;
        if (more > 0)
            page.Raw("<p class=\"note\">").Text($"and {Figures.Count(more)} more values").Raw("</p>\n");
        if (known.Length == 0)
            return;
        var present = column.Categories.Select(category => category.Value).ToHashSet();
        Names("new", "warn", column.Categories.Select(category => category.Value)
            .Where(value => !before.ContainsKey(value)));
        Names("gone", "early", before
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key)
            .Where(value => !present.Contains(value)));

        void Names(string title, string style, IEnumerable<string> found)
        {
            var values = found.ToArray();
            if (values.Length == 0)
                return;
            page.Raw("<p class=\"names\">").Text($"{title} ");
            foreach (var value in values.Take(MostNames))
                page.Raw($"<span class=\"chip {style}\">").Text(value).Raw("</span> ");
            if (values.Length > MostNames)
                page.Text($"and {Figures.Count(values.Length - MostNames)} more");
            page.Raw("</p>\n");
        }
    }

    private static void Nulls(PageText page, ColumnStatistics column, ColumnStatistics[] past)
    {
        var share = column.Rows > 0 ? (double)column.Nulls / column.Rows : 0;
        var rows = past.Sum(part => part.Rows);
        double? before = rows > 0 ? (double)past.Sum(part => part.Nulls) / rows : null;
        page.Raw("<div class=\"nulls\"><span>null</span>");
        PageCharts.Bar(page, share, before);
        page.Raw("<span class=\"n\">").Text(Figures.Percent(Math.Round(share, 6))).Raw("</span></div>\n");
    }

    // The mean of each file where there is one, else the nulls.
    private static void Course(PageText page, ColumnStatistics column, ColumnStatistics[] past)
    {
        var all = past.Append(column).TakeLast(MostFiles).ToArray();
        if (all.Length < 3)
            return;
        var isMean = all.All(part => part.Mean is not null) && !(column.Categories is not null && IsCode(column));
        var values = all
            .Select(part => isMean ? part.Mean!.Value : (double)part.Nulls / Math.Max(1, part.Rows))
            .ToArray();
        if (values.Min() == values.Max())
            return;
        var name = isMean ? "mean by file" : "null by file";
        page.Raw("<div class=\"course\"><span>").Text(name).Raw("</span>");
        PageCharts.Line(page, values, $"{name}: {column.Column}");
        page.Raw("</div>\n");
    }

    private static string Value(ColumnStatistics column, double place) => column.Type == ColumnType.DateTime
        ? ValueNumber.Date(place).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : Short(place);

    /// <summary>Five digits: more do not fit.</summary>
    private static string Short(double number) => Math.Abs(number) switch
    {
        0 => "0",
        >= 1e6 or < 1e-3 => number.ToString("0.##e0", CultureInfo.InvariantCulture),
        >= 1_000 => number.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => number.ToString("0.#", CultureInfo.InvariantCulture),
        _ => number.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
