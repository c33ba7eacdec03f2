using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Views;

/// <summary>The registered versions of a model, as those that keep artifacts from being pruned.</summary>
public static class VersionKeepers
{
    /// <summary>Each version with what its latest evidence needs and where it serves, and what only earlier evidence
    /// needs.</summary>
    public static IReadOnlyList<ArtifactKeeper> Of(IModelRegistry registry, string model)
    {
        var serving = registry.Environments(model)
            .Select(environment => (environment, served: registry.Serving(model, environment) as Served.Version))
            .Where(pair => pair.served is not null)
            .ToLookup(pair => pair.served!.Model.Number, pair => pair.environment);
        ArtifactKeeper[] versions = [.. registry.Versions(model).Select(version => new ArtifactKeeper(
            string.Create(CultureInfo.InvariantCulture, $"version {version.Number}") +
                (serving[version.Number].ToArray() is { Length: > 0 } places ? $" ({string.Join(", ", places)})" : ""),
            ArtifactsOf(version)))];
        var earlier = registry.ReferencedArtifacts().ToHashSet();
        foreach (var version in versions)
            earlier.ExceptWith(version.Artifacts);
        return earlier.Count == 0 ? versions : [.. versions, new("an earlier evaluation of a version", earlier)];
    }

    private static HashSet<ContentHash> ArtifactsOf(ModelVersion version) =>
    [
        version.ModelHash, version.Evidence.LineageHash, version.Evidence.EvaluationHash,
        .. version.Evidence.Attachments.Select(attachment => attachment.Value),
        .. version.Evidence.InputSchemaHash is { } schema ? [schema] : (ContentHash[])[],
    ];
}
