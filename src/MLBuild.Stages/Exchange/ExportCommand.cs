using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Stages.Exchange;

/// <summary>Writes a version, with all that its evidence names, to one file for another machine.</summary>
public static class ExportCommand
{
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
