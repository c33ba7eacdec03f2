using MLBuild.Engine.Inspection;
using MLBuild.Nuke;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Views;
using MLBuild.Store;
using Nuke.Common;
using Serilog;

namespace MLBuild.Components;

/// <summary>Where the versions of a model are kept. A build gets it with every other component of this
/// library.</summary>
public interface IHaveRegistry : IKeepStore
{
    [Parameter("Where model versions are kept: a file, or Host=…;Database=…;Username=… of PostgreSQL (its password: " +
        "PGPASSWORD, ~/.pgpass); by default a file in the store")]
    string? ModelRegistry => TryGetValue(() => ModelRegistry);

    [Parameter("Where models serve: Evaluate compares with the one there, Deploy replaces it, Monitor watches it")]
    string ServingEnvironment => TryGetValue(() => ServingEnvironment) ?? "production";

    [Parameter("Who registers and deploys, for the history")]
    string Who => TryGetValue(() => Who) ?? Environment.UserName;

    /// <summary>The model's name in the registry.</summary>
    string ModelName { get; }

    /// <summary>Where versions are kept: where --model-registry says, else in the store.</summary>
    /// <exception cref="RegistryException"><see cref="RegistryFault.InvalidPlace"/>: it is neither a file nor a
    /// connection string, or it has a password.</exception>
    // A workflow sets variables that it has no value for to the empty text.
    RegistryPlace RegistryPlace => RegistryPlace.Parse(
        ModelRegistry is { Length: > 0 } place
            ? place : Path.Combine(PipelineSession.StoreOf(RootDirectory), "registry.db"),
        RootDirectory).DemandNoPassword();

    /// <summary>The versions that are kept there.</summary>
    /// <exception cref="RegistryException">As of <see cref="RegistryPlace"/>.</exception>
    IModelRegistry Registry => RegistryPlace.Open(TimeProvider.System);

    IReadOnlyList<IArtifactView> IInspectArtifacts.Views => StageViews.All;

    IReadOnlyList<ArtifactKeeper> IInspectArtifacts.Keepers => VersionKeepers.Of(Registry, ModelName);

    IReadOnlyList<IArtifactDifference> IKeepStore.Differences => StageDifferences.All;

    IReadOnlySet<ContentHash> IKeepStore.NeededArtifacts => Registry.ReferencedArtifacts();

    /// <summary>The version that serves, as a stage observes it.</summary>
    string Serving(params string[] attachments) =>
        Champion.Of(Registry, ModelName, ServingEnvironment, attachments).ToString();

    /// <summary>The versions that ever served, as a stage observes them.</summary>
    string EverServed(params string[] attachments) =>
        ServedVersions.Of(Registry, ModelName, ServingEnvironment, attachments);

    internal LocalArtifactStore Stored => PipelineSession.Of(this).Workspace.Artifacts;

    internal void Say(string line) => Log.Information("{Line:l}", line);
}
