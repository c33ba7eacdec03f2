namespace MLBuild.Engine.Stages;

/// <summary>A file from outside the pipeline, and the partition it makes.</summary>
/// <param name="Key">The file's name without its extension, fit for a folder's name.</param>
/// <param name="Path">Absolute. Only <paramref name="Key"/>, the name and the bytes count in a recipe, never the folder.</param>
public sealed record SourceFile(string Key, string Path)
{
    public string Name => System.IO.Path.GetFileName(Path);
}
