using MLBuild.Engine;
using MLBuild.Engine.Code;
using MLBuild.Engine.History;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Stages.Site;

/// <summary>What the store has of each stage, and how that stands to what would be made now.</summary>
/// <param name="runs">Newest first.</param>
internal sealed class SiteStages(
    Pipeline pipeline, Workspace workspace, ICodeFingerprint code, IReadOnlyList<RunEntry> runs)
{
    /// <summary>Pages of a stage with many partitions that are copied.</summary>
    private const int MostPages = 24;

    private const int MostReasons = 8;

    private readonly ILookup<string, ActionRecord> _records =
        workspace.Records.All().ToLookup(record => record.Stage.Split('/')[0], StringComparer.Ordinal);

    private readonly HashSet<ContentHash> _current =
        [.. workspace.LastUnits().Select(workspace.Last).OfType<ActionRecord>().Select(record => record.Fingerprint)];

    /// <returns>The stages that have a result, or one that needs them has; and the names of the others.</returns>
    public (IReadOnlyList<SiteStage> Shown, IReadOnlyList<string> Others) Read()
    {
        var asked = new HashSet<StageName>();
        foreach (var stage in pipeline.InOrder.Reverse())
        {
            if (asked.Contains(stage.Name) || _records[stage.Name.ToString()].Any() || Failure(stage.Name) is not null)
                asked.UnionWith(stage.Inputs.Select(input => input.Stage).Append(stage.Name));
        }
        var lines = Forecast([.. pipeline.InOrder.Select(stage => stage.Name).Where(asked.Contains)]);
        // A stage without partitions and without a result is there for other parameters than these.
        var shown = pipeline.InOrder.Where(stage => asked.Contains(stage.Name)
            && (lines[stage.Name].Any() || _records[stage.Name.ToString()].Any())).ToArray();
        return ([.. shown.Select(stage => Stage(stage, [.. lines[stage.Name]]))],
            [.. pipeline.InOrder.Except(shown).Select(stage => stage.Name.ToString())]);
    }

    private sealed record Line(StageName Stage, string Unit, Expectation? Expectation, string? Fault);

    // One stage whose files or server are not there must not hide the others.
    private ILookup<StageName, Line> Forecast(StageName[] names)
    {
        try
        {
            return Lines(names).ToLookup(line => line.Stage);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return names.SelectMany(Alone).ToLookup(line => line.Stage);
        }

        IEnumerable<Line> Lines(StageName[] some) =>
            new Forecast(pipeline, workspace, code).Of(some, new HashSet<StageName>(), Selection.Everything)
                .Select(line => new Line(line.Stage, line.Unit, line.Expectation, null)).ToArray();

        IEnumerable<Line> Alone(StageName name)
        {
            try
            {
                return Lines([name]).Where(line => line.Stage == name);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return [new(name, name.ToString(), null, e.Message)];
            }
        }
    }

    private SiteStage Stage(Stage stage, Line[] lines)
    {
        var name = stage.Name.ToString();
        SiteWork[] works =
        [
            .. _records[name].OrderByDescending(record => record.FinishedAt)
                .ThenBy(record => record.Stage, StringComparer.Ordinal)
                .Select(record => new SiteWork(
                    record.Stage, record.FinishedAt, record.Duration, record.Fingerprint, record.Outputs,
                    _current.Contains(record.Fingerprint))),
        ];
        var state = State(stage, lines, works);
        return new(
            name, state, [.. Reasons(stage, state, lines)],
            [.. stage.Inputs.Select(input => input.Stage.ToString()).Distinct()], works,
            Parameters(works), [.. Findings(works)]);
    }

    private StageState State(Stage stage, Line[] lines, SiteWork[] works) =>
        Failure(stage.Name) is not null ? StageState.Failed
        : works.Length == 0 ? StageState.NeverBuilt
        : lines.Any(line => line.Fault is not null || line.Expectation is Expectation.Blocked) ? StageState.Unknown
        : stage.Kind == StageKind.Effect ? StageState.Effect
        : lines.All(line => line.Expectation is Expectation.Decided { Verdict.Runs: false }) ? StageState.Fresh
        : StageState.Stale;

    private IEnumerable<string> Reasons(Stage stage, StageState state, Line[] lines)
    {
        if (state == StageState.Failed)
            yield return Failure(stage.Name)!;
        var telling = lines.Where(line => line.Fault is not null
            || line.Expectation is not (null or Expectation.Decided { Verdict: Verdict.UpToDate or Verdict.Effect }))
            .ToArray();
        foreach (var line in telling.Take(MostReasons))
            yield return (line.Unit == $"{line.Stage}" ? "" : $"{line.Unit}: ") + (line.Fault ?? $"{line.Expectation}");
        if (telling.Length > MostReasons)
            yield return $"And {telling.Length - MostReasons} more partitions.";
    }

    // Of the last run that came to the stage at all: null unless it failed there.
    private string? Failure(StageName stage) => runs
        .Select(run => run.Units.Where(unit => unit.Stage == stage.ToString()
            && unit.Fate is not (UnitFate.LeftOut or UnitFate.NotRun)).ToArray())
        .FirstOrDefault(units => units.Length > 0)?
        .Where(unit => unit.Fate == UnitFate.Failed)
        .Select(unit => $"{unit.Name}: {unit.Failure}").FirstOrDefault();

    private SiteValue[] Parameters(SiteWork[] works) =>
        works.FirstOrDefault(work => work.IsCurrent) is { } last && workspace.RecipeOf(last.Recipe) is { } recipe
            ? [.. recipe.Entries.Where(entry => entry.Kind == RecipeKind.Parameter)
                .Select(entry => new SiteValue(entry.Name, entry.Value))]
            : [];

    private IEnumerable<SiteFinding> Findings(SiteWork[] works) => works.Where(work => work.IsCurrent)
        .OrderBy(work => work.Unit, StringComparer.Ordinal)
        .SelectMany(work => work.Outputs.Select(output => (work.Unit, output)))
        .Where(pair => pair.output.Artifact.Kind == ArtifactKind.File)
        .Select(pair => SiteFinding.Of(
            workspace.Artifacts, pair.output.Name, $"{pair.Unit}/{pair.output.Name}", pair.output.Artifact.Hash))
        .OfType<SiteFinding>().Take(MostPages);
}
