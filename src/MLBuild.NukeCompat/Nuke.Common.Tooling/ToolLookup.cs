namespace Nuke.Common.Tooling;

/// <summary>Finds programs as a shell does.</summary>
internal static class ToolLookup
{
    /// <summary>The full path of a program given by path or by name.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string Resolve(string tool)
    {
        if (Path.IsPathRooted(tool) || tool.Contains(Path.DirectorySeparatorChar) || tool.Contains('/'))
            return File.Exists(tool)
                ? Path.GetFullPath(tool)
                : throw new FileNotFoundException($"Program '{tool}' does not exist.");
        var extensions = OperatingSystem.IsWindows() ? new[] { ".exe", ".cmd", ".bat", ".com", "" } : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(directory => extensions.Select(extension => Path.Combine(directory, tool + extension)))
            .FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"Program '{tool}' is in no directory of PATH. Install it or give its path.");
    }
}
