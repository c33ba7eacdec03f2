namespace MLBuild.Benchmarks.Builds;

/// <summary>The checkout that these benchmarks were compiled in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Launcher => Path.Combine(Root, "build.sh");

    /// <summary>The host that builds are compiled against: the one that needs no package feed, unless
    /// <c>BUILD_ENGINE</c> names another.</summary>
    public static string Engine { get; } = System.Environment.GetEnvironmentVariable("BUILD_ENGINE") ?? "compat";

    /// <summary>For programs under test: nothing of the build that started the benchmarks, and no compiler server that
    /// would outlive them.</summary>
    public static IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>
    {
        ["BUILD_ENGINE"] = Engine,
        ["NUKE_ROOT"] = null,
        ["MLBUILD_STORE"] = null,
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
    };

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "build.sh")))
            folder = folder.Parent ?? throw new InvalidOperationException("There is no build.sh above the benchmarks.");
        return folder.FullName;
    }
}
