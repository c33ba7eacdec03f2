using MLBuild.Nuke;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Exchange;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Register;
using MLBuild.Stages.Views;
using Nuke.Common;

namespace MLBuild.Components;

/// <summary>What one asks the registry, and what one says of a version. A build gets it by naming this component, or
/// <see cref="IDeployModel"/>.</summary>
public interface IKeepVersions : IHaveRegistry
{
    [Parameter("Version of the model")]
    int? ModelVersion => TryGetValue<int?>(() => ModelVersion);

    [Parameter("Moment that Served asks about, in UTC: 2026-03-03T14:05")]
    string? At => TryGetValue(() => At);

    [Parameter("What Diff compares: a version by its number or environment, or an artifact: Train/model.zip~1")]
    string? From => TryGetValue(() => From);

    [Parameter("What Diff compares it with, of the same sort")]
    string? To => TryGetValue(() => To);

    [Parameter("Diff of tables: the columns that tell rows apart, such as id,day; without it whole rows are compared")]
    string? Key => TryGetValue(() => Key);

    [Parameter("What Note says")]
    string? Text => TryGetValue(() => Text);

    [Parameter("Tag to give or take away: lower-case letters, digits, '.', '_' and '-'")]
    string? Named => TryGetValue(() => Named);

    [Parameter("Versions also lists archived ones")]
    bool WithArchived => TryGetValue<bool?>(() => WithArchived) ?? false;

    Target Versions => _ => _
        .Description("Lists the model's versions (--with-archived; --model-version N for all that is known of one)")
        .Executes(() => ConsolePage.Print(VersionsCommand.Run(
            Registry, ModelName, ModelVersion, WithArchived, File, ConsolePage.OfThisConsole())));

    Target Served => _ => _
        .Description("Says what served when and why (--at 2026-03-03T14:05 for one moment; --serving-environment)")
        .Executes(() => ConsolePage.Print(
            ServedCommand.Run(
                Registry, Stored, ModelName, ServingEnvironment, At, File, ConsolePage.OfThisConsole())));

    Target Lineage => _ => _
        .Description("Says what made a version and where it went (--model-version N; --file lineage.svg or .json)")
        .Requires(() => ModelVersion)
        .Executes(() => ConsolePage.Print(
            LineageCommand.Run(
                Registry, Stored, ModelName, ModelVersion!.Value, File, ConsolePage.OfThisConsole())));

    Target Diff => _ => _
        .Description("Says what differs between two versions (--from 2 --to 3, or --from production) or artifacts " +
            "(--from Train/model.zip~1 --to Train/model.zip)")
        .Requires(() => From)
        .Requires(() => To)
        .Executes(() => ConsolePage.Print(ArtifactDiffCommand.IsMeant(From!, To!)
            ? ArtifactDiffCommand.Run(
                PipelineSession.Of(this).Workspace, From!, To!, Key, File, ConsolePage.OfThisConsole())
            : DiffCommand.Run(
                Registry, Stored, ModelName, From!, To!, File, ConsolePage.OfThisConsole())));

    Target Note => _ => _
        .Description("Adds a note to a version (--model-version N --text \"…\")")
        .Requires(() => ModelVersion)
        .Requires(() => Text)
        .Executes(() => Annotate(new Annotation.Note(Text!)));

    Target Tag => _ => _
        .Description("Gives a version a tag (--model-version N --named golden)")
        .Requires(() => ModelVersion)
        .Requires(() => Named)
        .Executes(() => Annotate(new Annotation.Tag(Named!)));

    Target Untag => _ => _
        .Description("Takes a tag away (--model-version N --named golden)")
        .Requires(() => ModelVersion)
        .Requires(() => Named)
        .Executes(() => Annotate(new Annotation.Untag(Named!)));

    Target Archive => _ => _
        .Description("Puts a version aside: not listed, not deployed (--model-version N --because \"…\")")
        .Requires(() => ModelVersion)
        .Requires(() => Because)
        .Executes(() => Annotate(new Annotation.Archive(Because!)));

    Target Unarchive => _ => _
        .Description("Takes a version back from the archive (--model-version N --because \"…\")")
        .Requires(() => ModelVersion)
        .Requires(() => Because)
        .Executes(() => Annotate(new Annotation.Unarchive(Because!)));

    Target IInspectArtifacts.Export => _ => _
        .Description("Writes a version to one file (--model-version N --file taxi-3.mlbuild), or an artifact out of " +
            "the store (--artifact Train/model.zip --file model.zip)")
        .Requires(() => File)
        .Executes(() => Say(ExportCommand.Run(
            () => Registry, PipelineSession.Of(this).Workspace, ModelName, ModelVersion, Artifact, File!)));

    Target Import => _ => _
        .Description("Registers a version that was exported elsewhere (--file taxi-3.mlbuild)")
        .Requires(() => File)
        .Executes(() => Say(ImportCommand.Run(Registry, Stored, ModelName, File!, Who)));

    private void Annotate(Annotation annotation) =>
        Say(AnnotateCommand.Run(Registry, new(ModelName, ModelVersion!.Value, annotation, Who)));
}
