using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Features;

/// <summary>The report for a person: which features differ, in which rows, and what to do.</summary>
public static class SkewReportText
{
    /// <summary>Lines that each end with a line feed, the same in every culture.</summary>
    public static string Render(SkewReport report)
    {
        var skewed = report.Features.Where(feature => feature.Mismatches > 0)
            .OrderByDescending(feature => feature.Mismatches).ToArray();
        var width = skewed.Select(feature => feature.Name.Length).DefaultIfEmpty().Max();
        IEnumerable<string> lines =
        [
            Headline(report, skewed.Length),
            $"  {Figures.Count(report.OnlyInTraining)} only in training, {Figures.Count(report.OnlyInServing)} only in "
                + $"serving, {Figures.Count(report.Ambiguous)} with an ambiguous key, "
                + $"{Figures.Count(report.ServedByOthers)} served by other versions than {report.Version}.",
            .. skewed.SelectMany(feature => (string[])
            [
                $"  {feature.Name.PadRight(width)}  {Figures.Count(feature.Mismatches)} of "
                    + $"{Figures.Count(report.Joined, "row")} differ",
                .. feature.Examples.Select(example =>
                    $"      {example.Key}: training {example.Training}, served {example.Served}"),
            ]),
            .. WhatToDo(report),
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private static string Headline(SkewReport report, int skewed) => report.Verdict switch
    {
        SkewVerdict.Same => $"Served features are those of training, bit for bit: "
            + $"{Figures.Count(report.Features.Count, "feature")} of {Figures.Count(report.Joined, "joined row")}.",
        SkewVerdict.Skewed => $"Served features are not those of training: {skewed} of "
            + $"{Figures.Count(report.Features.Count, "feature")} differ, in {Figures.Count(report.Mismatched)} of "
            + $"{Figures.Count(report.Joined, "joined row")}.",
        SkewVerdict.NothingJoined when IsOfOthers(report) =>
            $"No row was served by version {report.Version}, so nothing was compared.",
        SkewVerdict.NothingJoined => "No served row has the key of a training row, so nothing was compared.",
        _ => throw new InvalidOperationException($"BUG: unknown verdict {report.Verdict}."),
    };

    private static bool IsOfOthers(SkewReport report) =>
        report.ServedByOthers > 0 && report.Joined + report.OnlyInServing + report.Ambiguous == 0;

    private static string[] WhatToDo(SkewReport report) => report.Verdict switch
    {
        SkewVerdict.Same => [],
        SkewVerdict.Skewed =>
        [
            "Look at what requests send for the columns of these features, and at how the rows of the same keys were "
                + "ingested; the model's scores of such rows are not to be trusted.",
        ],
        _ when IsOfOthers(report) =>
            ["Name a log of the version that serves, or deploy the version that served these rows."],
        _ => ["Compare with data that has rows which were served, and see that ServedKey reads what both have."],
    };
}
