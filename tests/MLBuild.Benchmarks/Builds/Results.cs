namespace MLBuild.Benchmarks.Builds;

/// <summary>What builds of a project have left.</summary>
internal static class Results
{
    /// <summary>Puts all results aside, so that the next run is cold. They are not removed: for minutes after a file is
    /// removed, ext4 passes over its inode whenever it makes another, which would be measured too.</summary>
    /// <param name="root">The project's folder.</param>
    public static void Forget(string root)
    {
        var all = Directory.CreateDirectory(Path.Combine(root, "aside"));
        var aside = all.CreateSubdirectory($"{all.GetDirectories().Length}").FullName;
        foreach (var folder in new[] { Path.Combine(root, "artifacts"), Path.Combine(root, ".nuke", "mlbuild") })
        {
            if (Directory.Exists(folder))
                Directory.Move(folder, Path.Combine(aside, Path.GetFileName(folder)));
        }
    }
}
