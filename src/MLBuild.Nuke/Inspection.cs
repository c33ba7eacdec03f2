using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Nuke;

/// <summary>Answers what <see cref="IInspectArtifacts"/> asks.</summary>
internal static class Inspection
{
    public static IEnumerable<string> List(
        PipelineSession session, string? stageName, Func<IReadOnlyList<ArtifactKeeper>> keepers, string? file)
    {
        var (pipeline, workspace) = (session.Pipeline, session.Workspace);
        var stage = stageName is null ? null : pipeline.Find(stageName);
        var kept = new ArtifactKeepers(workspace, keepers);
        var listing = stage is null
            ? ArtifactListing.Of(pipeline, workspace, stages => States(session, stages), kept)
            : ArtifactListing.OfStage(pipeline, workspace, stage, States(session, [stage.Name]), kept);
        var (page, now) = (ConsolePage.OfThisConsole(), workspace.Clock.GetUtcNow());
        return new Answer($"{stage?.Name.ToString() ?? "all stages"}: what is cached is", listing,
            () => listing.Stages.Count == 0 ? page.Wrap(Nothing(session, stage))
                : stage is null ? ArtifactListingText.Lines(listing, page, now)
                : ArtifactListingText.InFull(listing, page, now)).In(file);
    }

    public static IEnumerable<string> Show(
        PipelineSession session, string text, string? column, bool inFull, IReadOnlyList<IArtifactView> views,
        Func<IReadOnlyList<ArtifactKeeper>> keepers, string? file)
    {
        var item = new ArtifactInventory(session.Workspace).Find(text);
        var stages = session.Pipeline.Stages.Select(stage => stage.Name)
            .Where(stage => stage.ToString() == item.Stage).ToArray();
        return ShownArtifact.Answer(
            session.Pipeline, session.Workspace, item, States(session, stages),
            new(session.Workspace, keepers), views, column, ConsolePage.OfThisConsole(), inFull).In(file);
    }

    public static IEnumerable<string> Why(PipelineSession session, string stageName, string? against, string? file)
    {
        var stage = session.Pipeline.Find(stageName);
        var page = ConsolePage.OfThisConsole();
        var forecast = new Forecast(session.Pipeline, session.Workspace, session.Code);
        var now = forecast.Of(stage.Name);
        session.SaveLearned();
        if (against is null)
            return StageReasons.Answer(stage, now, forecast.History(stage.Name), page).In(file);
        var lines = new RevisionComparison(session.Workspace, session.Git, now).Lines(stage.Name, against).ToArray();
        return new Answer($"{stage.Name}: how it differs from {against} is", new Compared(lines),
            () => lines.SelectMany(line => page.Wrap(line))).In(file);
    }

    private static ArtifactStates States(PipelineSession session, IReadOnlyList<StageName> stages)
    {
        var states = new ArtifactStates(session.Pipeline, session.Workspace, session.Code, stages);
        session.SaveLearned();
        return states;
    }

    private static string Nothing(PipelineSession session, Stage? stage) => (stage, session.Usual) switch
    {
        ({ } asked, _) => $"Nothing of {asked.Name} is cached yet.",
        (null, { } usual) => $"Nothing is cached yet. ./build.sh {usual} makes the first artifacts.",
        _ => "Nothing is cached: this build has no stage. A target becomes one with .Stage(…).",
    };

    /// <summary>How a stage differs from another revision, for programs.</summary>
    private sealed record Compared(IReadOnlyList<string> Lines);
}
