using MLBuild.Engine.Inspection;
using Nuke.Common;
using Nuke.Common.IO;

namespace MLBuild.Nuke;

/// <summary>Targets that show what is cached, one artifact, and why a stage runs. A build gets them by naming this
/// component.</summary>
public interface IInspectArtifacts : IRunPipeline
{
    [Parameter("Stage to explain or list, such as Train, or the beginning of its name.")]
    string? OfStage => TryGetValue(() => OfStage);

    [Parameter("Artifact to show or write: Stage/output, or the first digits of its hash; with ~1 behind it, the one " +
        "before.")]
    string? Artifact => TryGetValue(() => Artifact);

    [Parameter("Show: the column of a table to show by its distribution.")]
    string? Column => TryGetValue(() => Column);

    [Parameter("Show: looks at all rows of a large table, not at the first ones.")]
    bool InFull => TryGetValue<bool?>(() => InFull) ?? false;

    [Parameter("Git revision to compare with in Why: a tag, a branch or a commit.")]
    string? Against => TryGetValue(() => Against);

    [Parameter("File for the answer as data (.json) instead of lines; of some answers also as a picture; for what " +
        "Export writes.")]
    AbsolutePath? File => TryGetValue(() => File);

    /// <summary>How artifacts are shown, by the end of their names.</summary>
    IReadOnlyList<IArtifactView> Views => [];

    /// <summary>What outside the store needs artifacts of it, such as registered versions.</summary>
    IReadOnlyList<ArtifactKeeper> Keepers => [];

    Target Artifacts => _ => _
        .Description("Lists what is cached, by stage (--of-stage for one stage in full; --file x.json)")
        .Executes(() => ConsolePage.Print(
            Inspection.List(PipelineSession.Of(this), OfStage, () => Keepers, File)));

    Target Show => _ => _
        .Description("Shows one artifact (--artifact Train/model.zip; --column or --in-full of a table; --file " +
            "x.json)")
        .Requires(() => Artifact)
        .Executes(() => ConsolePage.Print(
            Inspection.Show(PipelineSession.Of(this), Artifact!, Column, InFull, Views, () => Keepers, File)));

    Target Export => _ => _
        .Description("Writes an artifact out of the store (--artifact Train/model.zip --file model.zip)")
        .Requires(() => Artifact)
        .Requires(() => File)
        .Executes(() => ConsolePage.Print(
            [ArtifactExport.Run(PipelineSession.Of(this).Workspace, Artifact!, File!)]));

    Target Why => _ => _
        .Description("Says why a stage would run, and why it last did (--of-stage Train; --against v1.2 for another " +
            "revision; --file x.json)")
        .Requires(() => OfStage)
        .Executes(() => ConsolePage.Print(Inspection.Why(PipelineSession.Of(this), OfStage!, Against, File)));
}
