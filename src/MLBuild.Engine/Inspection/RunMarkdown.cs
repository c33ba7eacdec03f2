using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Inspection;

/// <summary>What a run of stages did, as Markdown for the summary of a build server: a graph of what ran and what was
/// there already, and a table that says why.</summary>
public static class RunMarkdown
{
    // What GitHub draws: Mermaid's maxEdges and maxTextSize.
    private const int MostEdges = 500;
    private const int MostGraphCharacters = 50_000;

    private const int MostLabelCharacters = 60;

    private enum State
    {
        Ran,
        Hit,
        Failed,
        NotRun,
    }

    // Of one stage, in words.
    private sealed record Row(StageName Stage, State State, string Outcome, string Why, string Time);

    /// <param name="outcomes">In any order.</param>
    public static IReadOnlyList<string> Lines(Pipeline pipeline, IReadOnlyCollection<StageOutcome> outcomes)
    {
        var byStage = outcomes.ToDictionary(outcome => outcome.Stage);
        Row[] rows =
        [
            .. pipeline.InOrder.Where(stage => byStage.ContainsKey(stage.Name))
                .Select(stage => RowOf(byStage[stage.Name])),
        ];
        return
        [
            $"### {Headline(rows)}",
            "",
            .. Graph(pipeline, rows),
            "",
            "| stage | outcome | why | time |",
            "|---|---|---|---|",
            .. rows.Select(row => $"| {MarkdownText.Inline(row.Stage.ToString())} | {MarkdownText.Inline(row.Outcome)} "
                + $"| {MarkdownText.Inline(row.Why)} | {row.Time} |"),
            "",
        ];
    }

    // 2 of 5 stages ran, 1 failed, 1 did not run
    private static string Headline(Row[] rows)
    {
        int Of(State state) => rows.Count(row => row.State == state);
        return $"{Of(State.Ran)} of {Wording.Count(rows.Length, "stage")} ran"
            + (Of(State.Hit) is > 0 and var hits ? $", {hits} {(hits == 1 ? "was" : "were")} there already" : "")
            + (Of(State.Failed) is > 0 and var failed ? $", {failed} failed" : "")
            + (Of(State.NotRun) is > 0 and var missing ? $", {missing} did not run" : "");
    }

    private static Row RowOf(StageOutcome outcome) => outcome switch
    {
        StageOutcome.Failed failed =>
            new(outcome.Stage, State.Failed, "failed", failed.Failure.Message.Split('\n')[0], ""),
        StageOutcome.NotRun notRun => new(outcome.Stage, State.NotRun, "did not run", notRun.Because, ""),
        StageOutcome.Done { Ran: true } done => Ran(done),
        StageOutcome.Done done => Hit(done),
        _ => throw new InvalidOperationException($"BUG: unknown outcome {outcome}."),
    };

    private static Row Ran(StageOutcome.Done done)
    {
        UnitResult[] ran = [.. done.Units.Where(unit => unit.Verdict.Runs)];
        string[] reasons = [.. ran.Select(unit => unit.Verdict.Because).Distinct()];
        return new(
            done.Stage, State.Ran,
            done.Units is [{ Unit.Partition: null }]
                ? "ran"
                : $"ran {ran.Length} of {Wording.Count(done.Units.Count + done.LeftOut.Count, "partition")}"
                    + LeftOut(done),
            reasons[0] + (reasons.Length > 1 ? $"; and {Wording.Count(reasons.Length - 1, "other reason")}" : ""),
            Wording.Duration(Sum(ran.Select(unit => unit.Duration))));
    }

    private static Row Hit(StageOutcome.Done done)
    {
        var frozen = done.Units.Select(unit => unit.Verdict).OfType<Verdict.Frozen>().FirstOrDefault();
        var restored = done.Units.Select(unit => unit.Verdict).OfType<Verdict.Restore>().FirstOrDefault();
        var partitions = done.Units is [{ Unit.Partition: null }]
            ? ""
            : $", {Wording.Count(done.Units.Count + done.LeftOut.Count, "partition")}{LeftOut(done)}";
        return new(
            done.Stage, State.Hit,
            (frozen is not null ? "frozen" : restored is not null ? "restored" : "up to date") + partitions,
            frozen?.Because ?? restored?.Because ?? "same recipe",
            done.Units.Count == 0
                ? ""
                : $"saved {Wording.Duration(Sum(done.Units.Select(unit => unit.Record.Duration)))}");
    }

    private static string LeftOut(StageOutcome.Done done) =>
        done.LeftOut.Count == 0 ? "" : $", {done.LeftOut.Count} left out";

    private static TimeSpan Sum(IEnumerable<TimeSpan> spans) => new(spans.Sum(span => span.Ticks));

    private static IReadOnlyList<string> Graph(Pipeline pipeline, Row[] rows)
    {
        var ids = rows.Index().ToDictionary(row => row.Item.Stage, row => $"s{row.Index}");
        string[] edges =
        [
            .. rows.SelectMany(row => pipeline[row.Stage].Inputs.Select(input => input.Stage).Distinct()
                .Where(ids.ContainsKey).Select(read => $"  {ids[read]} --> {ids[row.Stage]}")),
        ];
        string[] lines =
        [
            "```mermaid",
            "flowchart LR",
            .. rows.Select(row => $"  {ids[row.Stage]}[\"{LabelOf(row)}\"]:::{ClassOf(row.State)}"),
            .. edges,
            "  classDef ran fill:#ffe8b3,stroke:#b35900,color:#000",
            "  classDef hit fill:#d8f0d8,stroke:#2e7d32,color:#000",
            "  classDef failed fill:#ffd6d6,stroke:#b00020,color:#000",
            "  classDef notRun fill:#eeeeee,stroke:#777777,color:#000,stroke-dasharray:4",
            "```",
        ];
        return edges.Length > MostEdges || lines.Sum(line => line.Length + 1) > MostGraphCharacters
            ? [$"The graph of {Wording.Count(rows.Length, "stage")} is too large to be drawn here."]
            : lines;
    }

    // What did not run needs no reason in the picture.
    private static string LabelOf(Row row) => string.Join("<br/>",
    [
        MarkdownText.Label(row.Stage.ToString(), MostLabelCharacters),
        MarkdownText.Label(row.Outcome, MostLabelCharacters),
        .. row.State == State.Ran ? [MarkdownText.Label(row.Why, MostLabelCharacters)] : (string[])[],
    ]);

    private static string ClassOf(State state) => state switch
    {
        State.Ran => "ran",
        State.Hit => "hit",
        State.Failed => "failed",
        State.NotRun => "notRun",
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };
}
