using MLBuild.Nuke;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Exchange;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Register;
using MLBuild.Store;
using Nuke.Common;
using Nuke.Common.IO;
using Serilog;

/// <summary>What one asks the registry, and what one says of a version.</summary>
partial class Build
{
    [Parameter("Moment that Served asks about, in UTC: 2026-03-03T14:05")] readonly string? At;
    [Parameter("Earlier version in Diff: its number, or an environment for what serves there")] readonly string? From;
    [Parameter("Later version in Diff: its number, or an environment for what serves there")] readonly string? To;
    [Parameter("What Note says")] readonly string? Text;
    [Parameter("Tag to give or take away: lower-case letters, digits, '.', '_' and '-'")] readonly string? Named;
    [Parameter("File that Export writes and Import reads; Versions, Served, Lineage and Diff write .json, and " +
        "Lineage also a picture (.svg)")]
    readonly AbsolutePath? File;
    [Parameter("Versions also lists archived ones")] readonly bool WithArchived;

    string? Reason => ((IKeepStore)this).Because;

    LocalArtifactStore Stored => PipelineSession.Of(this).Workspace.Artifacts;

    Target Versions => _ => _
        .Description("Lists the model's versions (--with-archived; --model-version N for all that is known of one)")
        .Executes(() => Print(VersionsCommand.Run(Registry, ModelName, ModelVersion, WithArchived, File)));

    Target Served => _ => _
        .Description("Says what served when and why (--at 2026-03-03T14:05 for one moment; --serving-environment)")
        .Executes(() => Print(ServedCommand.Run(Registry, Stored, ModelName, ServingEnvironment, At, File)));

    Target Lineage => _ => _
        .Description("Says what made a version and where it went (--model-version N; --file lineage.svg or .json)")
        .Requires(() => ModelVersion)
        .Executes(() => Print(LineageCommand.Run(Registry, Stored, ModelName, ModelVersion!.Value, File)));

    Target Diff => _ => _
        .Description("Says what differs between two versions (--from 2 --to 3, or --from production)")
        .Requires(() => From)
        .Requires(() => To)
        .Executes(() => Print(DiffCommand.Run(Registry, Stored, ModelName, From!, To!, File)));

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
        .Requires(() => File)
        .Executes(() => Log.Information("{Done:l}",
            ExportCommand.Run(Registry, Stored, ModelName, ModelVersion!.Value, File!)));

    Target Import => _ => _
        .Description("Registers a version that was exported elsewhere (--file taxi-3.mlbuild)")
        .Requires(() => File)
        .Executes(() => Log.Information("{Done:l}", ImportCommand.Run(Registry, Stored, ModelName, File!, Who)));

    void Annotate(Annotation annotation) => Log.Information("{Done:l}",
        AnnotateCommand.Run(Registry, new(ModelName, ModelVersion!.Value, annotation, Who)));

    static void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Console.Out.WriteLine(line);
    }
}
