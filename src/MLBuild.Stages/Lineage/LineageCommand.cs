using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Lineage;

/// <summary>Says what made a version and where it went: as a tree of lines, or in a file.</summary>
public static class LineageCommand
{
    /// <param name="file">A picture where it ends with <c>.svg</c>, all of it where it ends with <c>.json</c>; null for
    /// lines.</param>
    /// <param name="page">What the tree is written on.</param>
    /// <returns>The tree, or what was written.</returns>
    /// <exception cref="PipelineException">The file ends otherwise, or cannot be written.</exception>
    /// <exception cref="RegistryException">There is no such version.</exception>
    /// <exception cref="LineageException">Its recipes cannot be read.</exception>
    public static IEnumerable<string> Run(
        IModelRegistry registry, LocalArtifactStore store, string model, int number, string? file, Page page)
    {
        var lineage = VersionLineage.Of(registry, store, model, number);
        var answer = new Answer(
            FormattableString.Invariant($"{model} version {number}: its lineage is"), lineage,
            () => LineageText.Lines(lineage).SelectMany(line => page.Wrap(line)))
        {
            Svg = () => LineagePicture.Svg(lineage),
        };
        return answer.In(file);
    }
}
