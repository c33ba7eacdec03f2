namespace MLBuild.Store;

/// <summary>What an artifact is: one file, or a folder kept as a tree of files.</summary>
public enum ArtifactKind
{
    File,
    Folder,
}

/// <summary>Bytes or a folder, known by hash. A folder's hash is that of its <see cref="FolderTree"/>.</summary>
/// <param name="SizeBytes">The file's length; for a folder, the sum over its files.</param>
public sealed record Artifact(ContentHash Hash, ArtifactKind Kind, long SizeBytes);
