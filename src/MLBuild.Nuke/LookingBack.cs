using MLBuild.Engine.Graphs;
using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;

namespace MLBuild.Nuke;

/// <summary>Answers what <see cref="ILookBack"/> asks.</summary>
internal static class LookingBack
{
    private const int UsualRuns = 20;

    public static IEnumerable<string> History(PipelineSession session, string? stageName, int? last, string? file)
    {
        var stage = stageName is null ? null : session.Pipeline.Find(stageName).Name;
        var listing = RunListing.Of(new(session.Workspace), stage, last ?? UsualRuns);
        return new Answer($"{stage?.ToString() ?? "all stages"}: the last runs are", listing,
            () => RunListingText.Lines(listing, ConsolePage.OfThisConsole())).In(file);
    }

    /// <param name="unit">A stage, or with a partition behind it: <c>Ingest/2019-02</c>.</param>
    public static IEnumerable<string> Logs(PipelineSession session, string unit, string? file)
    {
        var parts = unit.Split('/', 2);
        return new StageLogs(session.Workspace)
            .Of(session.Pipeline.Find(parts[0]), parts is [_, var partition] ? partition : null,
                ConsolePage.OfThisConsole())
            .In(file);
    }

    public static IEnumerable<string> Graph(PipelineSession session, string? stageName, string? file)
    {
        var last = stageName is null ? null : session.Pipeline.Find(stageName).Name;
        var graph = StageGraph.Of(session.Pipeline, session.Workspace, session.Code, last);
        session.SaveLearned();
        var what = last is null ? "the stages" : $"{last} and the stages that it needs";
        return new Answer($"{what}: how they stand is", graph,
            () => StageGraphText.Lines(graph, ConsolePage.OfThisConsole()))
        {
            Svg = () => StageGraphPicture.Svg(graph, $"How {what} stand"),
            Texts = new Dictionary<string, Func<string>>
            {
                [".mmd"] = () => StageGraphMermaid.Text(graph),
                [".txt"] = () => string.Concat(StageGraphText.Lines(graph, Page.Endless).Select(line => line + "\n")),
            },
        }.In(file);
    }
}
