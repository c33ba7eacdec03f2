using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Lineage;

/// <summary>Says what differs between two versions: in lines, or in a file.</summary>
public static class DiffCommand
{
    /// <param name="from">The number of a version, or an environment for the one that serves there.</param>
    /// <param name="to">As <paramref name="from"/>.</param>
    /// <param name="file">All of it where it ends with <c>.json</c>; null for lines.</param>
    /// <param name="page">What the differences are written on.</param>
    /// <returns>The differences, or what was written.</returns>
    /// <exception cref="PipelineException">A version is named otherwise, the file ends otherwise, or cannot be
    /// written.</exception>
    /// <exception cref="RegistryException">There is no such version.</exception>
    /// <exception cref="LineageException">Recipes of one cannot be read.</exception>
    public static IEnumerable<string> Run(
        IModelRegistry registry, LocalArtifactStore store, string model, string from, string to, string? file,
        Page page)
    {
        var difference = VersionDifference.Between(
            registry, store, model,
            VersionReference.Parse(registry, model, from, "--from"),
            VersionReference.Parse(registry, model, to, "--to"));
        return new Answer(
            FormattableString.Invariant(
                $"{model} versions {difference.From.Number} and {difference.To.Number}: what differs is"),
            DifferenceData.Of(difference), () => DifferenceText.Lines(difference, page)).In(file);
    }
}
