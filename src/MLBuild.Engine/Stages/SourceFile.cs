namespace MLBuild.Engine.Stages;

/// <summary>A file from outside the pipeline, or a range of its lines, and the partition it makes.</summary>
/// <param name="Key">The file's name without its extension, behind its partition folders, fit for a folder's name:
/// <c>year=2019,month=02,part-0</c>.</param>
/// <param name="Path">Absolute. Only <paramref name="Key"/>, <see cref="Name"/> and the bytes count in a recipe, never
/// the folder.</param>
/// <exception cref="SourceException">The key has other characters than letters, digits and <c>-_.=,</c>, or is only
/// dots.</exception>
public sealed record SourceFile(string Key, string Path)
{
    public string Key { get; } = Key.Any(c => c != '.') && Key.All(IsKeyCharacter)
        ? Key
        : throw new SourceException(
            $"'{Key}' cannot name a partition: use letters, digits and '-', '_', '.', '=', ','.");

    /// <summary>The file's name behind its partition folders: <c>year=2019/month=02/part-0.csv</c>.</summary>
    public string Name => PartitionFolder.NameOf(Path);

    /// <summary>What the folders right above the file say of its rows, outermost first.</summary>
    public IReadOnlyList<PartitionFolder> Folders => PartitionFolder.Above(Path);

    /// <summary>The lines of the file that are meant; null means all.</summary>
    public LineRange? Range { get; init; }

    /// <summary>True for what any file system takes in a name.</summary>
    internal static bool IsKeyCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '=' or ',';
}

/// <summary>A folder whose name gives a column of the rows below it a value, as Hive and Spark name them:
/// <c>month=02</c>.</summary>
/// <param name="Value">With <c>%2F</c> and the like decoded; null for the folder of rows that have none.</param>
public sealed record PartitionFolder(string Column, string? Value)
{
    /// <summary>What stands for no value.</summary>
    private const string None = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The folders right above a file that are named like this, outermost first.</summary>
    internal static IReadOnlyList<PartitionFolder> Above(string path)
    {
        var names = Names(path);
        return [.. names.Select(name => name.Split('=', 2)).Select(parts => new PartitionFolder(
            Uri.UnescapeDataString(parts[0]), parts[1] == None ? null : Uri.UnescapeDataString(parts[1])))];
    }

    internal static string NameOf(string path) =>
        string.Join('/', [.. Names(path), System.IO.Path.GetFileName(path)]);

    internal static bool IsOne(string name) => name.IndexOf('=', StringComparison.Ordinal) > 0;

    private static string[] Names(string path)
    {
        var parts = path.Replace('\\', '/').Split('/');
        return [.. parts[..^1].Reverse().TakeWhile(IsOne).Reverse()];
    }
}
