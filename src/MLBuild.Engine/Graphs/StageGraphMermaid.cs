using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.Graphs;

/// <summary>A graph of stages in the language of Mermaid, which GitHub and many editors draw.</summary>
public static class StageGraphMermaid
{
    private const int MostLabelCharacters = 60;

    public static string Text(StageGraph graph)
    {
        var ids = graph.Stages.Index().ToDictionary(pair => pair.Item.Stage, pair => $"s{pair.Index}");
        string[] lines =
        [
            "flowchart LR",
            .. graph.Stages.Select(node =>
                $"  {ids[node.Stage]}[\"{LabelOf(node)}\"]:::{ClassOf(node.State)}"),
            .. graph.Stages.SelectMany(node => node.Reads.Select(read => $"  {ids[read]} --> {ids[node.Stage]}")),
            "  classDef fresh fill:#d8f0d8,stroke:#2e7d32,color:#000",
            "  classDef stale fill:#ffe8b3,stroke:#b35900,color:#000",
            "  classDef undecided fill:#fff6dc,stroke:#b35900,color:#000,stroke-dasharray:4",
            "  classDef failed fill:#ffd6d6,stroke:#b00020,color:#000",
            "  classDef neverBuilt fill:#eeeeee,stroke:#777777,color:#000,stroke-dasharray:4",
            "  classDef effect fill:#dde9f8,stroke:#2a5b99,color:#000",
            "",
        ];
        return string.Join('\n', lines);
    }

    private static string LabelOf(StageNode node) => string.Join("<br/>",
    [
        MarkdownText.Label(node.Stage, MostLabelCharacters), StageGraph.WordOf(node.State),
        .. node.Detail.Length == 0 ? (string[])[] : [MarkdownText.Label(node.Detail, MostLabelCharacters)],
    ]);

    private static string ClassOf(StageState state) => state switch
    {
        StageState.Fresh => "fresh",
        StageState.Stale => "stale",
        StageState.Undecided => "undecided",
        StageState.Failed => "failed",
        StageState.NeverBuilt => "neverBuilt",
        StageState.Effect => "effect",
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };
}
