using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>Targets that show what ran, what it said, and how the pipeline stands. A build gets them by naming this
/// component.</summary>
public interface ILookBack : IInspectArtifacts
{
    [Parameter("History: how many runs to list; 20 if nothing is said.")]
    int? Last => TryGetValue<int?>(() => Last);

    Target History => _ => _
        .Description("Lists the last runs: what ran, was there already, failed (--last 50; --of-stage Train for one " +
            "stage; --file x.json)")
        .Executes(() => ConsolePage.Print(LookingBack.History(PipelineSession.Of(this), OfStage, Last, File)));

    Target Logs => _ => _
        .Description("Shows what the last work of a stage said (--of-stage Train, or Ingest/2019-02; --file x.json)")
        .Requires(() => OfStage)
        .Executes(() => ConsolePage.Print(LookingBack.Logs(PipelineSession.Of(this), OfStage!, File)));

    Target Graph => _ => _
        .Description("Shows which stage reads which, and how each stands (--of-stage Train for what it needs; --file " +
            "x.svg, .mmd, .txt or .json)")
        .Executes(() => ConsolePage.Print(LookingBack.Graph(PipelineSession.Of(this), OfStage, File)));
}
