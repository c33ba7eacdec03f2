using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Stages.Evaluate;

/// <summary>The curves of all thresholds, reliability, scores by class, and which class is taken for which.</summary>
internal sealed class BinaryFigures : TaskFigures
{
    private const int CurvePoints = 200;
    private const int ScoreBins = 40;

    private readonly RankingAccumulator _challenger = new();
    private readonly RankingAccumulator _champion = new();
    private readonly long[][] _scores = [new long[ScoreBins], new long[ScoreBins]];

    public override void Add(in ScoredRow row)
    {
        if (double.IsFinite(row.ChampionLoss))
            _champion.Add(row.Label, row.Champion[0]);
        if (!double.IsFinite(row.ChallengerLoss))
            return;
        _challenger.Add(row.Label, row.Challenger[0]);
        _scores[(int)row.Label][Math.Min(ScoreBins - 1, (int)(row.Challenger[0] * ScoreBins))]++;
    }

    public override void Render(PageText page, EvaluateReport report)
    {
        if (report.Classes is not { Reliability.Count: > 0 } found)
            return;
        var (no, yes) = (found.Confusion.Classes[0], found.Confusion.Classes[1]);
        Curve[] curves =
        [
            new("model", _challenger.Curve(CurvePoints)),
            // One that could not be measured on all rows has no curve of them.
            .. report.Overall.ChampionMetrics is { FaultyCount: 0 }
                ? [new Curve(report.Champion, _champion.Curve(CurvePoints))]
                : Array.Empty<Curve>(),
        ];
        var dashed = curves.Length > 1 ? $" Dashed: {report.Champion}, the champion." : "";
        page.Raw("<section>\n<h2>Predictions and classes</h2>\n<div class=\"plots\">\n");
        if (_scores.All(rows => rows.Any(count => count > 0)))
        {
            Plot(page, "ROC curve", () => ClassCharts.Roc(page, curves, report.Overall.Metrics.Of("roc-auc")),
                $"For each threshold, the share of '{yes}' that is called so against the share of '{no}' that is. The "
                + $"dotted diagonal is chance.{dashed}");
            Plot(page, "Precision and recall", () =>
                ClassCharts.PrecisionRecall(page, curves, report.Overall.Metrics.Of("average-precision")),
                $"For each threshold, how many of the rows called '{yes}' are, against how many of those that are get "
                + $"found. The dotted line is chance: the share of '{yes}'.{dashed}");
        }
        Plot(page, "Reliability", () => ClassCharts.Reliability(page, found.Reliability, $"probability of '{yes}'"),
            $"Of rows with about the same predicted probability, the share that is '{yes}' with its 95 % interval; "
            + "about as many rows in each bin. On the dashed line the model says what happens.");
        Plot(page, "Scores by class", () => ClassCharts.Scores(page, _scores, found.Confusion.Classes),
            $"How the predicted probabilities of '{yes}' are spread, of the rows of each class. The further apart, the "
            + "better they are told from each other.");
        page.Raw("</div>\n");
        ClassTables.Confusion(page, found.Confusion);
        ClassTables.Classes(page, found.Classes);
        page.Raw("</section>\n");
    }
}
