using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>The report for a person: the outcome, one line per rule, and what to do.</summary>
public static class GateReportText
{
    /// <summary>Lines that each end with a line feed, the same in every culture.</summary>
    public static string Render(GateReport report)
    {
        var checks = Figures.Count(report.Results.Count, "check");
        var failed = report.Results.Count(result => result.Outcome is Outcome.Fail);
        var inconclusive = report.Results.Count(result => result.Outcome is Outcome.Inconclusive);
        var (headline, toDo) = report.Overall switch
        {
            Outcome.Pass => ($"Gate passed: {checks}.", null),
            Outcome.Inconclusive => (
                $"Gate is inconclusive: {inconclusive} of {checks}.",
                "Do not publish. Evaluate on more rows, or allow more and say why in the commit."),
            _ => (
                $"Gate failed: {failed} of {checks} failed, {inconclusive} inconclusive.",
                "Do not publish. Mend what failed and train again, or change the gate and say why in the commit."),
        };
        IEnumerable<string> lines =
        [
            headline,
            .. report.Results.Select(result => $"  {Word(result.Outcome),-12}  {result.Sentence}"),
            .. toDo is null ? Array.Empty<string>() : [toDo],
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Pass => "pass",
        Outcome.Inconclusive => "inconclusive",
        _ => "FAIL",
    };
}
