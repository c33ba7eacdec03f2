using MLBuild.Engine;
using MLBuild.Registry;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Lineage;

/// <summary>Says what made a version and where it went: as a tree of lines, or in a file.</summary>
public static class LineageCommand
{
    /// <param name="file">A picture where it ends with <c>.svg</c>, all of it where it ends with <c>.json</c>; null for
    /// lines.</param>
    /// <returns>The tree, or what was written.</returns>
    /// <exception cref="PipelineException">The file ends otherwise, or cannot be written.</exception>
    /// <exception cref="RegistryException">There is no such version.</exception>
    /// <exception cref="LineageException">Its recipes cannot be read.</exception>
    public static IEnumerable<string> Run(
        IModelRegistry registry, LocalArtifactStore store, string model, int number, string? file)
    {
        Func<VersionLineage, string>? write = file is null ? null : Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".svg" => LineagePicture.Svg,
            ".json" => ReportFile.Text,
            _ => throw new PipelineException($"--file is '{file}', expected a name with .svg for a picture, or with " +
                ".json for all of the lineage."),
        };
        var lineage = VersionLineage.Of(registry, store, model, number);
        if (file is null || write is null)
            return LineageText.Lines(lineage);
        try
        {
            AtomicFile.WriteText(file, write(lineage));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException($"'{file}' cannot be written: {e.Message} Choose another --file.");
        }
        return [$"{model} version {FormattableString.Invariant($"{number}")}: its lineage is in '{file}'"];
    }
}
