using MLBuild.Engine.Code;
using MLBuild.Engine.Graphs;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Stages.Site;

/// <summary>What the store has of each stage, and how that stands to what would be made now.</summary>
internal sealed class SiteStages(
    Pipeline pipeline, Workspace workspace, ICodeFingerprint code, HostPaths paths)
{
    /// <summary>Pages of a stage with many partitions that are copied.</summary>
    private const int MostPages = 24;

    private readonly ILookup<string, ActionRecord> _records =
        pipeline.Stages.SelectMany(stage => workspace.Index.OfStage(stage.Name.ToString()))
            .ToLookup(record => record.Stage.Split('/')[0], StringComparer.Ordinal);

    private readonly HashSet<ContentHash> _current =
        [.. workspace.LastUnits().Select(workspace.Last).OfType<ActionRecord>().Select(record => record.Fingerprint)];

    /// <returns>The stages that have a result, or that one of those reads; and the names of the others.</returns>
    public (IReadOnlyList<SiteStage> Shown, IReadOnlyList<string> Others) Read()
    {
        var nodes = StageGraph.Of(pipeline, workspace, code).Stages;
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes.Reverse())
        {
            if (_records[node.Stage].Any() || node.State == StageState.Failed || shown.Contains(node.Stage))
                shown.UnionWith(node.Reads.Append(node.Stage));
        }
        // A stage that is fresh without any result has nothing to do with the parameters of today.
        shown.ExceptWith(nodes.Where(node => node.State == StageState.Fresh && !_records[node.Stage].Any())
            .Select(node => node.Stage));
        return ([.. nodes.Where(node => shown.Contains(node.Stage)).Select(Stage)],
            [.. nodes.Select(node => node.Stage).Where(stage => !shown.Contains(stage))]);
    }

    private SiteStage Stage(StageNode node)
    {
        SiteWork[] works =
        [
            .. _records[node.Stage].OrderByDescending(record => record.FinishedAt)
                .ThenBy(record => record.Stage, StringComparer.Ordinal)
                .Select(record => new SiteWork(
                    record.Stage, record.FinishedAt, record.Duration, record.Fingerprint, record.Outputs,
                    _current.Contains(record.Fingerprint))),
        ];
        return new(
            node.Stage, node.State, paths.Hidden(node.Detail), node.Reads, works, Parameters(works),
            [.. Findings(works)]);
    }

    private SiteValue[] Parameters(SiteWork[] works) =>
        works.FirstOrDefault(work => work.IsCurrent) is { } last && workspace.RecipeOf(last.Recipe) is { } recipe
            ? [.. recipe.Entries.Where(entry => entry.Kind == RecipeKind.Parameter)
                .Select(entry => new SiteValue(entry.Name, paths.Hidden(entry.Value)))]
            : [];

    private IEnumerable<SiteFinding> Findings(SiteWork[] works) => works.Where(work => work.IsCurrent)
        .OrderBy(work => work.Unit, StringComparer.Ordinal)
        .SelectMany(work => work.Outputs.Select(output => (work.Unit, output)))
        .Where(pair => pair.output.Artifact.Kind == ArtifactKind.File)
        .Select(pair => SiteFinding.Of(
            workspace.Artifacts, pair.output.Name, $"{pair.Unit}/{pair.output.Name}", pair.output.Artifact.Hash))
        .OfType<SiteFinding>().Take(MostPages);
}
