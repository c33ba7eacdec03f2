using MLBuild.Nuke;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Exchange;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Register;
using MLBuild.Stages.Views;
using MLBuild.Store;
using Nuke.Common;
using Nuke.Common.IO;
using Serilog;

/// <summary>What one asks the registry, and what one says of a version.</summary>
partial class Build
{
    [Parameter("Moment that Served asks about, in UTC: 2026-03-03T14:05")] readonly string? At;
    [Parameter("What Diff compares: a version by its number or environment, or an artifact: Train/model.zip~1")]
    readonly string? From;
    [Parameter("What Diff compares it with, of the same sort")] readonly string? To;
    [Parameter("Diff of tables: the columns that tell rows apart, such as id,day; without it whole rows are compared")]
    readonly string? Key;
    [Parameter("What Note says")] readonly string? Text;
    [Parameter("Tag to give or take away: lower-case letters, digits, '.', '_' and '-'")] readonly string? Named;
    [Parameter("Versions also lists archived ones")] readonly bool WithArchived;

    string? Reason => ((IKeepStore)this).Because;

    AbsolutePath? GivenFile => ((IInspectArtifacts)this).File;

    LocalArtifactStore Stored => PipelineSession.Of(this).Workspace.Artifacts;

    Target Versions => _ => _
        .Description("Lists the model's versions (--with-archived; --model-version N for all that is known of one)")
        .Executes(() => Print(VersionsCommand.Run(
            Registry, ModelName, ModelVersion, WithArchived, GivenFile, ConsolePage.OfThisConsole())));

    Target Served => _ => _
        .Description("Says what served when and why (--at 2026-03-03T14:05 for one moment; --serving-environment)")
        .Executes(() => Print(
            ServedCommand.Run(
                Registry, Stored, ModelName, ServingEnvironment, At, GivenFile, ConsolePage.OfThisConsole())));

    Target Lineage => _ => _
        .Description("Says what made a version and where it went (--model-version N; --file lineage.svg or .json)")
        .Requires(() => ModelVersion)
        .Executes(() => Print(
            LineageCommand.Run(
                Registry, Stored, ModelName, ModelVersion!.Value, GivenFile, ConsolePage.OfThisConsole())));

    Target Diff => _ => _
        .Description("Says what differs between two versions (--from 2 --to 3, or --from production) or artifacts " +
            "(--from Train/model.zip~1 --to Train/model.zip)")
        .Requires(() => From)
        .Requires(() => To)
        .Executes(() => Print(ArtifactDiffCommand.IsMeant(From!, To!)
            ? ArtifactDiffCommand.Run(PipelineSession.Of(this).Workspace, From!, To!, Key, GivenFile,
                ConsolePage.OfThisConsole())
            : DiffCommand.Run(
                Registry, Stored, ModelName, From!, To!, GivenFile, ConsolePage.OfThisConsole())));

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
        .Requires(() => ((IKeepStore)this).Because)
        .Executes(() => Annotate(new Annotation.Archive(Reason!)));

    Target Unarchive => _ => _
        .Description("Takes a version back from the archive (--model-version N --because \"…\")")
        .Requires(() => ModelVersion)
        .Requires(() => ((IKeepStore)this).Because)
        .Executes(() => Annotate(new Annotation.Unarchive(Reason!)));

    Target Export => _ => _
        .Description("Writes a version to one file (--model-version N --file taxi-3.mlbuild)")
        .Requires(() => ModelVersion)
        .Requires(() => ((IInspectArtifacts)this).File)
        .Executes(() => Log.Information("{Done:l}",
            ExportCommand.Run(Registry, Stored, ModelName, ModelVersion!.Value, GivenFile!)));

    Target Import => _ => _
        .Description("Registers a version that was exported elsewhere (--file taxi-3.mlbuild)")
        .Requires(() => ((IInspectArtifacts)this).File)
        .Executes(() => Log.Information("{Done:l}", ImportCommand.Run(Registry, Stored, ModelName, GivenFile!, Who)));

    void Annotate(Annotation annotation) => Log.Information("{Done:l}",
        AnnotateCommand.Run(Registry, new(ModelName, ModelVersion!.Value, annotation, Who)));

    static void Print(IEnumerable<string> lines) => ConsolePage.Print(lines);
}
