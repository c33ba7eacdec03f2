using MLBuild.Engine.Inspection;
using MLBuild.Store;
using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>Targets that look after the store. A build gets them by naming this component.</summary>
public interface IKeepStore : IInspectArtifacts
{
    [Parameter("Prune: results not used for this long, such as 30d.")]
    string? OlderThan => TryGetValue(() => OlderThan);

    [Parameter("Prune: what the store may take, such as 10GB.")]
    string? MaxSize => TryGetValue(() => MaxSize);

    [Parameter("Prune: removes what it names.")]
    bool ApplyPrune => TryGetValue<bool?>(() => ApplyPrune) ?? false;

    [Parameter("Why, for whoever reads it later; Pin keeps it.")]
    string? Because => TryGetValue(() => Because);

    [Parameter("Reproduce: also every stage that it reads.")]
    bool Deep => TryGetValue<bool?>(() => Deep) ?? false;

    /// <summary>How Reproduce names a difference, by the kind of artifact.</summary>
    IReadOnlyList<IArtifactDifference> Differences => [];

    /// <summary>Artifacts that something outside the store needs, such as registered models: never pruned.</summary>
    IReadOnlySet<ContentHash> NeededArtifacts => new HashSet<ContentHash>();

    Target Verify => _ => _
        .Description("Checks every stored artifact, record and copy against its hash")
        .Executes(() => StoreKeeping.Verify(PipelineSession.Of(this), Console.Out));

    Target Reproduce => _ => _
        .Description("Runs a stage once more and compares bits with what is stored (--of-stage Train; --deep)")
        .Requires(() => OfStage)
        .Executes(() => StoreKeeping.Reproduce(PipelineSession.Of(this), OfStage!, Deep, Differences, Console.Out));

    Target Prune => _ => _
        .Description("Names old results (--older-than 30d; --max-size 10GB), and removes them (--apply-prune)")
        .Executes(() => StoreKeeping.Prune(
            PipelineSession.Of(this), NeededArtifacts, OlderThan, MaxSize, ApplyPrune, Console.Out));

    Target Pin => _ => _
        .Description("Keeps a result from being pruned (--artifact Train/model.zip --because \"…\")")
        .Requires(() => Artifact)
        .Requires(() => Because)
        .Executes(() => StoreKeeping.Pin(PipelineSession.Of(this), Artifact!, Because!, Console.Out));

    Target Unpin => _ => _
        .Description("Takes a pin away (--artifact Train/model.zip)")
        .Requires(() => Artifact)
        .Executes(() => StoreKeeping.Unpin(PipelineSession.Of(this), Artifact!, Console.Out));
}
