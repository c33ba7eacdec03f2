using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using Nuke.Common;
using Nuke.Common.IO;
using Serilog;

namespace MLBuild.Nuke;

/// <summary>Targets that show what is cached, one artifact, and why a stage runs. A build gets them by naming this
/// component.</summary>
public interface IInspectArtifacts : IRunPipeline
{
    [Parameter("Stage to explain or list, such as Train.")]
    string? OfStage => TryGetValue(() => OfStage);

    [Parameter("Artifact to show: Stage/output, or the first digits of its hash.")]
    string? Artifact => TryGetValue(() => Artifact);

    [Parameter("Git revision to compare with in Why: a tag, a branch or a commit.")]
    string? Against => TryGetValue(() => Against);

    [Parameter("File for the answer as data (.json) instead of lines; of some answers also as a picture.")]
    AbsolutePath? File => TryGetValue(() => File);

    /// <summary>How artifacts are shown, by the end of their names.</summary>
    IReadOnlyList<IArtifactView> Views => [];

    Target Artifacts => _ => _
        .Description("Lists what is cached, by stage (--of-stage for one stage in full)")
        .Executes(() => Inspection.List(PipelineSession.Of(this), OfStage, Console.Out));

    Target Show => _ => _
        .Description("Shows one artifact (--artifact Train/model.zip)")
        .Requires(() => Artifact)
        .Executes(() => Inspection.Show(PipelineSession.Of(this), Artifact!, Views, Console.Out));

    Target Why => _ => _
        .Description("Says why a stage would run, and why it last did (--of-stage Train; --against v1.2 for another " +
            "revision)")
        .Requires(() => OfStage)
        .Executes(() => Inspection.Why(PipelineSession.Of(this), OfStage!, Against, Console.Out));
}
