using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.Graphs;

/// <summary>A graph of stages in lines: each stage further to the right than those that it reads, its state as a sign,
/// a word and, where there are some, a colour.</summary>
public static class StageGraphText
{
    public static IEnumerable<string> Lines(StageGraph graph, Page page)
    {
        if (graph.Stages.Count == 0)
            return ["This build has no stage. A target becomes one with .Stage(…)."];
        return
        [
            .. PageTable.Lines(
                page, [new("stage"), new("state"), new("reads", IsCut: true), new("", IsCut: true)],
                graph.Stages.Select(IReadOnlyList<PageCell> (node) =>
                [
                    new($"{new string(' ', 2 * node.Level)}{SignOf(node.State)} {node.Stage}", ToneOf(node.State)),
                    new(StageGraph.WordOf(node.State), ToneOf(node.State)),
                    string.Join(", ", node.Reads),
                    new(node.Detail, Tone.Faint),
                ])),
            "",
            .. page.Wrap(string.Join(", ", graph.Stages.CountBy(node => node.State).OrderBy(pair => pair.Key)
                .Select(pair => $"{SignOf(pair.Key)} {pair.Value} {StageGraph.WordOf(pair.Key)}"))),
        ];
    }

    private static char SignOf(StageState state) => state switch
    {
        StageState.Fresh => '●',
        StageState.Stale => '○',
        StageState.Undecided => '?',
        StageState.Failed => '×',
        StageState.NeverBuilt => '·',
        StageState.Effect => '→',
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };

    private static Tone ToneOf(StageState state) => state switch
    {
        StageState.Fresh => Tone.Good,
        StageState.Stale or StageState.Undecided or StageState.Failed => Tone.Doubtful,
        StageState.NeverBuilt => Tone.Faint,
        StageState.Effect => Tone.Plain,
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };
}
