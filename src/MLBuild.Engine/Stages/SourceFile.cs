namespace MLBuild.Engine.Stages;

/// <summary>A file from outside the pipeline, and the partition it makes.</summary>
/// <param name="Key">The file's name without its extension, fit for a folder's name.</param>
/// <param name="Path">Absolute. Only <paramref name="Key"/>, the name and the bytes count in a recipe, never the
/// folder.</param>
/// <exception cref="SourceException">The key has other characters than letters, digits and <c>-_.=,</c>, or is only
/// dots.</exception>
public sealed record SourceFile(string Key, string Path)
{
    public string Key { get; } = Key.Any(c => c != '.') && Key.All(IsKeyCharacter)
        ? Key
        : throw new SourceException(
            $"'{Key}' cannot name a partition: use letters, digits and '-', '_', '.', '=', ','.");

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>True for what any file system takes in a name.</summary>
    internal static bool IsKeyCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '=' or ',';
}
