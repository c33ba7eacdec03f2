using System.Globalization;
using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Exchange;

/// <summary>Writes a version, with all that its evidence names, to one file for another machine; or one
/// artifact.</summary>
public static class ExportCommand
{
    /// <summary>Writes a version, or an artifact out of the store, whichever of the two is named.</summary>
    /// <param name="registry">Asked for where a version is named.</param>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="PipelineException">Both are named, or neither; there is no such artifact, or it cannot be
    /// written.</exception>
    /// <exception cref="RegistryException">There is no such version.</exception>
    /// <exception cref="PackageException">Something of it is not in the store, or the file cannot be written.
    /// </exception>
    public static string Run(
        Func<IModelRegistry> registry, Workspace workspace, string model, int? number, string? artifact, string file) =>
        (number, artifact) switch
        {
            ({ } version, null) => Run(registry(), workspace.Artifacts, model, version, file),
            (null, { } named) => ArtifactExport.Run(workspace, named, file),
            _ => throw new PipelineException(
                "Export writes a version (--model-version 3) or an artifact (--artifact Train/model.zip), and " +
                (number is null ? "neither is" : "both are") + " given. Give one of the two."),
        };

    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="RegistryException">There is no such version.</exception>
    /// <exception cref="PackageException">Something of it is not in the store, or the file cannot be written.
    /// </exception>
    public static string Run(IModelRegistry registry, LocalArtifactStore store, string model, int number, string file)
    {
        var version = registry.Find(model, number);
        var manifest = PackageManifest.Of(version, registry.EvidenceHistory(model, number)[^1]);
        var files = new SortedDictionary<ContentHash, string>();
        foreach (var (what, hash) in manifest.Needed())
        {
            var path = Stored(what, hash);
            files[hash] = path;
            if (FolderTree.IsOne(path))
                foreach (var entry in store.ReadTree(hash).Entries)
                    files[entry.Hash] = Stored($"{what} ({entry.Path})", entry.Hash);
        }
        try
        {
            VersionPackage.Write(file, manifest, files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackageException(
                $"'{file}' cannot be written: {e.Message} Nothing was exported. Choose another --file.", e);
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"{model} version {number} is in '{file}': {Wording.Count(files.Count, "file")}, ") +
            Wording.Size(new FileInfo(file).Length);

        string Stored(string what, ContentHash hash)
        {
            try
            {
                return store.Verified(hash);
            }
            catch (LostArtifactException e)
            {
                throw new PackageException(string.Create(CultureInfo.InvariantCulture,
                    $"{model} version {number} was not exported: {what} cannot be read. {e.Message} ") +
                    "Export from the store in which it was registered, or build it again: ./build.sh Register.", e);
            }
        }
    }
}
