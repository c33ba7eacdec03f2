using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Contracts;

/// <summary>The report for a person: which checks are broken, where, by how much, and what to do.</summary>
public static class ContractReportText
{
    private const int FilesShown = 3;

    /// <summary>Lines that each end with a line feed, the same in every culture.</summary>
    public static string Render(ContractReport report)
    {
        var warned = report.Verdicts.Count(verdict => verdict == CheckVerdict.Warned);
        var early = report.Verdicts.Count(verdict => verdict == CheckVerdict.NotEnoughHistory);
        IEnumerable<string> lines =
        [
            Headline(report),
            .. Table(report, CheckVerdict.Failed),
            .. When(warned > 0, $"{Figures.Count(warned, "warning")}:"),
            .. Table(report, CheckVerdict.Warned),
            .. When(early > 0, $"{Figures.Count(early, "comparison")} had not enough history."),
            .. report.Passed ? [] : WhatToDo(report),
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>How many checks of a report warn, and the first of them, in one line; null where none does.</summary>
    public static string? Warnings(ContractReport report)
    {
        var warned = Checks(report).Where(check => check.Verdict == CheckVerdict.Warned).ToArray();
        return warned.Length == 0
            ? null
            : $"{Figures.Count(warned.Length, "warning")}, first: {warned[0].Name}: {warned[0].Finding}";
    }

    internal static string Headline(ContractReport report)
    {
        var checks = Figures.Count(report.Verdicts.Count(), "check");
        var failed = report.Verdicts.Count(verdict => verdict == CheckVerdict.Failed);
        var size = $"{Figures.Count(report.RowsSeen, "row")}, {Figures.Count(report.Files.Count, "file")}";
        return report.Passed
            ? $"Data keeps its contract: {checks} ({size}, {Figures.Count(report.RowsSetAside)} set aside)."
            : $"Data breaks its contract: {failed} of {checks} failed ({size}).";
    }

    private static IEnumerable<string> Table(ContractReport report, CheckVerdict verdict)
    {
        var broken = Checks(report).Where(check => check.Verdict == verdict).ToArray();
        // A refused file is no history: what changed for good in one differs in every later one too.
        var first = broken.FirstOrDefault(check => check.IsComparison)?.File;
        var shown = broken.Where(check => !check.IsComparison || check.File == first).ToArray();
        var later = broken.Where(check => check.IsComparison && check.File != first).ToArray();
        var files = Figures.Count(later.DistinctBy(check => check.File).Count(), "later file");
        var width = shown.Select(check => check.Name.Length).DefaultIfEmpty().Max();
        return
        [
            .. shown.SelectMany(check => (string[])
            [
                $"  {check.Name.PadRight(width)}  {check.Finding}",
                .. check.Details.Select(detail => $"      {detail}"),
            ]),
            .. When(later.Length > 0, $"  and {Figures.Count(later.Length, "comparison")} of {files}"),
        ];
    }

    internal static IEnumerable<CheckLine> Checks(ContractReport report) =>
    [
        Header(report.Headers, report.Files.Count),
        .. report.Schema.Where(column => column.Verdict != CheckVerdict.Passed).Select(column => new CheckLine(
            column.Verdict, $"values of {column.Column}",
            $"{Figures.Count(column.Nulls, "row")} without, expected none", [], null, column.Column)),
        .. report.Rules.Select(rule => new CheckLine(
            rule.Verdict,
            rule.Rule,
            rule.Share is { } share
                ? $"{Figures.Count(rule.Rows, "row")} ({Figures.Percent(share)}), "
                    + $"limit {Figures.Percent(rule.Tolerance)}"
                : "no rows to check",
            rule.Examples.Select(Example))),
        .. report.Expectations.Select(expectation => new CheckLine(
            expectation.Verdict, CheckNames.Of(expectation), Finding(expectation), [], expectation.File,
            expectation.Column)),
        .. report.History.Select(comparison => new CheckLine(
            comparison.Verdict, $"{comparison.File}: {CheckNames.Of(comparison)}", Finding(comparison), [],
            comparison.File, comparison.Column, IsComparison: true)),
    ];

    private static CheckLine Header(HeaderReport headers, int files)
    {
        var more = headers.Differences.Count - FilesShown;
        return new(
            headers.Verdict,
            "columns",
            $"{Figures.Count(headers.Differences.Count)} of {Figures.Count(files, "file")} differ from the row type",
            [
                .. headers.Differences.Take(FilesShown).Select(Difference),
                .. When(more > 0, $"and {Figures.Count(more, "more file")}"),
            ]);
    }

    private static string Difference(HeaderDifference difference)
    {
        IEnumerable<string> parts =
        [
            .. When(difference.Extra.Count > 0, $"unexpected {Quoted(difference.Extra)}"),
            .. When(difference.Missing.Count > 0, $"missing {Quoted(difference.Missing)}"),
            .. When(difference.Repeated.Count > 0, $"more than once {Quoted(difference.Repeated)}"),
        ];
        return $"{difference.File}: {string.Join("; ", parts)}";
    }

    private static string Example(RowExample example)
    {
        string[] values =
        [
            .. example.Values.Select(value => $"{value.Column} = {ValueText.Of(value.Value)}"),
            .. example.First is { } first ? [$"first is {first}"] : (string[])[],
        ];
        var place = new RowSource(example.File, example.Line).ToString();
        return values.Length > 0 ? $"{place}: {string.Join(", ", values)}" : place;
    }

    private static string Finding(ExpectationReport expectation)
    {
        Func<double, string> format = expectation.Statistic == Statistic.NullRatio ? Figures.Percent : Figures.Number;
        var found = (expectation.Measured, expectation.Statistic) switch
        {
            (null, _) => "nothing to measure",
            ({ } rows, Statistic.OtherCategories) =>
                $"{Figures.Count((long)rows, "row")} with {Quoted(expectation.Others)}",
            ({ } number, _) => $"{(expectation.IsEstimate ? "about " : "")}{format(number)}",
        };
        var expected = expectation.Statistic == Statistic.OtherCategories
            ? $"only {Quoted(expectation.Allowed)}"
            : expectation.Expected.Text(format);
        return $"{found}, expected {expected}";
    }

    private static string Finding(HistoryReport comparison)
    {
        Func<double, string> format = comparison.Statistic is Statistic.NullRatio or Statistic.NewCategories
            ? Figures.Percent
            : Figures.Number;
        var found = (comparison.Measured, comparison.Categories) switch
        {
            (null, _) => "nothing to measure",
            ({ } number, { Count: > 0 } categories) => $"{format(number)} ({Quoted(categories)})",
            ({ } number, _) => format(number),
        };
        return $"{found}, expected {comparison.Expected.Text(format)} "
            + $"after {Figures.Count(comparison.Batches, "accepted file")}";
    }

    internal static IEnumerable<string> WhatToDo(ContractReport report) =>
    [
        "If the data is wrong: mend it at its source and ingest it again.",
        $"If the data is right: change the contract of {report.RowType} and say why in the commit.",
        .. When(
            report.History.Any(comparison => comparison.Verdict == CheckVerdict.Failed),
            "If the world changed with a file: name it in HistoryStartsAt, and say why."),
        .. When(
            report.Headers.Verdict == CheckVerdict.Failed,
            $"If a column is meant: add it to {report.RowType}, "
            + "or name it in AllowsExtraColumns or AllowsMissingColumns."),
    ];

    private static string Quoted(IReadOnlyList<string> values) =>
        string.Join(", ", values.Select(value => $"'{value}'"));

    private static string[] When(bool condition, string line) => condition ? [line] : [];
}

/// <summary>A check in words.</summary>
/// <param name="Finding">What was found and what was expected.</param>
/// <param name="File">Of a check of one file.</param>
/// <param name="Column">Of a check of one column.</param>
/// <param name="IsComparison">True for one with the accepted files before.</param>
internal sealed record CheckLine(
    CheckVerdict Verdict,
    string Name,
    string Finding,
    IEnumerable<string> Details,
    string? File = null,
    string? Column = null,
    bool IsComparison = false);
