using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>Writes an artifact out of the store, to where a person wants it: a file as a file, a folder as a folder,
/// that are theirs to change.</summary>
public static class ArtifactExport
{
    /// <param name="artifact">As a person names it: <see cref="ArtifactInventory.Find"/>.</param>
    /// <param name="file">Where it appears, complete or not at all. A file that is there is replaced, which the answer
    /// says; a folder is neither replaced nor written into.</param>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="PipelineException">There is no such artifact, or its bytes are lost; a folder is in the way, or
    /// a file where a folder is to be.</exception>
    /// <exception cref="PlaceUnavailableException">The file cannot be written.</exception>
    public static string Run(Workspace workspace, string artifact, string file)
    {
        var item = new ArtifactInventory(workspace).Find(artifact);
        var isFolder = item.Artifact.Kind == ArtifactKind.Folder;
        if (Directory.Exists(file) || (isFolder && File.Exists(file)))
            throw new PipelineException(
                $"'{file}' is there already and is a {(File.Exists(file) ? "file" : "folder")}; {item.Name}, a " +
                $"{(isFolder ? "folder" : "file")}, does not take its place. Remove it, or choose another --file.");
        var replaced = File.Exists(file) ? new FileInfo(file).Length : (long?)null;
        try
        {
            workspace.Artifacts.Restore(item.Artifact, file);
        }
        catch (LostArtifactException e)
        {
            throw new PipelineException($"{item.Name} was not exported: {e.Message} " + (item.IsCurrent
                ? $"./build.sh {item.Stage} makes it anew." : "It is of an earlier result, which nothing makes anew."));
        }
        var files = isFolder ? Directory.GetFiles(file, "*", SearchOption.AllDirectories) : [file];
        foreach (var written in files)
            File.SetAttributes(written, FileAttributes.Normal);
        return $"{item.Name} ({item.Artifact.Hash.Short}) is in '{file}': " +
            (isFolder ? $"{Wording.Count(files.Length, "file")}, " : "") + Wording.Size(item.Artifact.SizeBytes) +
            (replaced is { } size ? $"; it replaces the file of {Wording.Size(size)} that was there" : "");
    }
}
