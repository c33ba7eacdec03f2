namespace MLBuild.Engine.History;

/// <summary>The logs of work that did not end well, below a folder that has a folder for each unit.</summary>
internal static class UnitLogs
{
    /// <summary>The name of each.</summary>
    public const string FileName = "log.txt";

    /// <summary>Those of a stage; none of a folder that is not there, or goes meanwhile.</summary>
    public static IReadOnlyList<(string Unit, string Path)> Of(string stage, string folder) =>
        Below(folder, Path.Combine(folder, stage));

    /// <summary>Those of all stages.</summary>
    public static IReadOnlyList<(string Unit, string Path)> Below(string folder) => Below(folder, folder);

    private static IReadOnlyList<(string Unit, string Path)> Below(string folder, string part)
    {
        try
        {
            return !Directory.Exists(part) ? [] :
            [
                .. Directory.EnumerateFiles(part, FileName, SearchOption.AllDirectories)
                    .Select(path => (Unit: UnitOf(folder, path), Path: path)).Where(log => IsUnit(log.Unit)),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static string UnitOf(string folder, string path) =>
        Path.GetRelativePath(folder, Path.GetDirectoryName(path)!).Replace('\\', '/');

    // What the work itself read or wrote may have any name.
    private static bool IsUnit(string unit) =>
        unit != "." && !unit.Split('/').Skip(1).Any(part => part is "in" or "out");
}
