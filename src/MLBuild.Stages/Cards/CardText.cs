using System.Text;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Features;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Stages.Evaluate;

namespace MLBuild.Stages.Cards;

/// <summary>A model card as Markdown: the same facts give the same bytes.</summary>
/// <remarks>Its headings follow Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.</remarks>
internal static class CardText
{
    private const int MostSources = 60;
    private const int MostSlices = 20;
    private const int MostFeatures = 20;

    public static string Render(CardFacts facts)
    {
        var (about, evaluation) = (facts.About, facts.Evaluation);
        var card = new StringBuilder();
        Line($"# {Plain(about.Name)}");
        Line($"{Plain(about.Purpose)}");
        Line($"Model `{evaluation.Model}`. Its gate, for {Plain(evaluation.Environment)}: **"
            + $"{Word(evaluation.Gate.Overall)}**.");
        Line("## Limits");
        List([.. about.Limits, .. Known(evaluation)]);
        Line("## Data");
        Line($"{Figures.Count(facts.Split.TrainRows)} rows to train on, {Figures.Count(facts.Split.HoldOutRows)} held "
            + "out by the hash of their key (share "
            + FormattableString.Invariant(
                $"{facts.Split.Rule.HoldOutShare}, seed {facts.Split.Rule.SplitSeed}); keys on both sides: ")
            + $"{Figures.Count(facts.Split.KeysOnBothSides)}.");
        Table(["file", "SHA-256"], facts.Sources.Take(MostSources).Select(source =>
            (string[])[Code(source.Name), Code(source.Text)]));
        More(facts.Sources.Count - MostSources, "more files");
        Line("## Training");
        Table(["option", "value"], facts.Options.Select(option =>
            (string[])[Code(option.Name), Code(option.Text)]));
        Line($"Features: {string.Join(", ", FeatureNames.Ranges(facts.Features).Select(range => range.In(Code)))}.");
        if (facts.Packages.Count > 0)
            Line($"Packages: {string.Join(", ", facts.Packages.Select(package =>
                $"{Code(package.Name)} {Plain(package.Text.Split(' ')[0])}"))}.");
        Metrics(evaluation);
        Subgroups(evaluation);
        Line("## Gate");
        Table(["outcome", "what was found"], evaluation.Gate.Results.Select(result =>
            (string[])[Word(result.Outcome), Plain(result.Sentence)]));
        Importance(evaluation);
        return card.ToString();

        void Metrics(EvaluateReport report)
        {
            Line("## Metrics");
            Line($"On {Figures.Count(report.Overall.Metrics.Count, "held-out row")}.");
            var metrics = report.Overall.Metrics;
            var headline = Name(metrics.Headline, report);
            Table(["metric", "value", "95 % interval"],
            [
                .. metrics.All.Select(metric =>
                    (string[])[Name(metric, report), Value(metric), Ends(metric)]),
                .. report.Baseline is { } baseline
                    ? [[$"{headline}, of {baseline.Prediction}", Value(baseline.Metrics.Headline), ""]]
                    : Array.Empty<string[]>(),
                .. report.Overall.ChampionMetrics is { } champion
                    ? [[$"{headline}, of {report.Champion}, which served", Value(champion.Headline), ""]]
                    : Array.Empty<string[]>(),
                .. report.BestEver is { Metrics: { } best, Version: var version } && version != report.Champion
                    ? [[$"{headline}, of {version}, the best that ever served", Value(best.Headline), ""]]
                    : Array.Empty<string[]>(),
            ]);
            if (report.Overall.Accuracy is { } accuracy)
                Line($"On all rows it is {EvaluateText.Of(accuracy, report.Champion)}.");
            if (report.Classes is not { Classes: var classes })
                return;
            Line("Each class against all others:");
            Table(
                [
                    "class", "rows",
                    .. classes[0].Metrics.SelectMany(metric => (string[])[metric.Name, "95 % interval"]),
                ],
                classes.Take(MostSlices).Select(one => (string[])
                [
                    Code(one.Class), Figures.Count(one.Rows),
                    .. one.Metrics.SelectMany(metric => (string[])[Value(metric), Ends(metric)]),
                ]));
            More(classes.Count - MostSlices, "more classes");
        }

        void Subgroups(EvaluateReport report)
        {
            if (report.Slices.Count == 0)
                return;
            Line("## Subgroups");
            Line("The weakest first, those with too few rows for an interval last.");
            var shown = report.Slices[0].Metrics.Summary;
            Table(
                [
                    "subgroup", "rows",
                    .. shown.SelectMany(metric => (string[])[Name(metric, report), "95 % interval"]),
                ],
                SliceReport.WeakestFirst(report.Slices)
                    .Take(MostSlices)
                    .Select(slice => (string[])
                    [
                        Code(slice.Slice), Figures.Count(slice.Metrics.Count),
                        .. slice.Metrics.Summary.SelectMany(metric =>
                            (string[])[Value(metric), Ends(metric)]),
                    ]));
            More(report.Slices.Count - MostSlices, "more subgroups");
        }

        void Importance(EvaluateReport report)
        {
            if (report.Importance is not { } importance)
                return;
            Line("## What it needs");
            var loss = RowLoss.Of(report.Task);
            Line($"By how much the {loss.ShownName} rises when a feature is permuted, on "
                + $"{Figures.Count(importance.Rows, "row")}.");
            Table(
                ["feature", $"rise{MetricText.In(loss.ShownUnit, Plain(report.Unit))}"],
                importance.Features.Take(MostFeatures).Select(feature =>
                    (string[])[Code(feature.Name), Value(feature.Rise)]));
        }

        void Line(string text) => card.Append(card.Length == 0 ? "" : "\n").Append(text).Append('\n');

        void List(IReadOnlyList<string> sentences)
        {
            Line(string.Join('\n', sentences.Select(sentence => $"- {Plain(sentence)}")));
        }

        void Table(string[] head, IEnumerable<string[]> rows) => Line(string.Join('\n', rows
            .Prepend([.. head.Select(_ => "---")])
            .Prepend(head)
            .Select(cells => $"| {string.Join(" | ", cells)} |")));

        void More(int more, string noun)
        {
            if (more > 0)
                Line($"And {Figures.Count(more)} {noun}.");
        }
    }

    // What the evaluation itself says of what is not known.
    private static IEnumerable<string> Known(EvaluateReport report)
    {
        var loss = RowLoss.Of(report.Task);
        var few = report.Slices.Where(slice => slice.Metrics.Count < Bootstrap.LeastUnits)
            .Select(slice => slice.Slice).ToArray();
        if (few.Length > 0)
            yield return $"Hardly measured, for they have fewer than {Bootstrap.LeastUnits} held-out rows: "
                + $"{string.Join(", ", few.Take(MostSlices))}{(few.Length > MostSlices ? ", …" : "")}.";
        if (report.Subgroups is SubgroupFindings.Tested { Worst: [var worst, ..], Weak: > 0 })
            yield return $"Weaker than elsewhere for certain: {worst.Subgroup} ({loss.ShownName} "
                + $"{EvaluateCharts.Short(loss.Shown(worst.Error))} against "
                + $"{EvaluateCharts.Short(loss.Shown(worst.ErrorElsewhere))}).";
        yield return "Measured on rows like those under Data; of others nothing is known.";
    }

    private static string Name(NamedMetric metric, EvaluateReport report) =>
        Plain(MetricText.Name(metric, report.Unit));

    private static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "passed",
        Outcome.Inconclusive => "inconclusive",
        _ => "failed",
    };

    private static string Value(NamedMetric metric) => metric.Value is MetricValue.Missing { Reason: var reason }
        ? $"missing: {Plain(reason)}"
        : MetricText.Value(metric);

    // Of few rows there is none, and that needs no sign in a table of many.
    private static string Ends(NamedMetric metric) =>
        MetricText.Ends(metric) is var ends && ends == "–" ? "" : ends;

    private static string Value(MetricValue value) => value switch
    {
        MetricValue.Value { Number: var number } => EvaluateCharts.Short(number),
        MetricValue.Missing { Reason: var reason } => $"missing: {Plain(reason)}",
        _ => throw new InvalidOperationException($"BUG: unknown value {value}."),
    };

    // Texts of data make no markup, and no line of their own.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var sign in text)
        {
            if (sign is '\\' or '`' or '*' or '|' or '<' or '[' or ']' or '#')
                plain.Append('\\');
            plain.Append(char.IsControl(sign) ? ' ' : sign);
        }
        return plain.ToString();
    }

    private static string Code(string text) =>
        $"`{string.Concat(text.Select(sign => char.IsControl(sign) ? ' ' : sign == '`' ? '\'' : sign))
            .Replace("|", "\\|")}`";
}
