namespace MLBuild.Engine.Tests.Properties;

/// <summary>What a disk, a power cut and a killed build do to a store. Work that was done may have to be done again
/// after one; nothing wrong may come of it.</summary>
internal static class StoreFaults
{
    private static readonly string[] Folders = ["cas", "cas", "cas", "ac", "ac", "last", "hashes"];

    public static void Strike(Random random, string store)
    {
        switch (random.Next(12))
        {
            case 0:
                LeaveWhatAKilledBuildLeaves(random, store);
                return;
            case 1 when Directory.Exists(store) && random.Next(3) == 0:
                Store.LocalArtifactStore.RemoveReadOnly(Path.Combine(store, random.Any(["cas", "ac", "last", ""])));
                return;
            case 2:
                // Rot comes in patches.
                foreach (var path in FilesIn(store, "cas").Where(_ => random.Next(2) == 0))
                    Damage(random, path);
                return;
            default:
                if (FilesIn(store, random.Any(Folders)) is { Length: > 0 } files)
                    Damage(random, random.Any(files));
                return;
        }
    }

    private static void Damage(Random random, string path)
    {
        var size = (int)new FileInfo(path).Length;
        switch (random.Next(4))
        {
            case 0:
                File.Delete(path);
                break;
            case 1:
                // A power cut: the name is there, its bytes are not.
                File.SetAttributes(path, FileAttributes.Normal);
                using (var file = File.OpenWrite(path))
                    file.SetLength(random.Next(size + 1));
                File.SetAttributes(path, FileAttributes.ReadOnly);
                break;
            default:
                if (size > 0)
                    StoreLayout.FlipByte(path, random.Next(size));
                break;
        }
    }

    private static void LeaveWhatAKilledBuildLeaves(Random random, string store)
    {
        var work = Path.Combine(store, "work", $"4711-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.Combine(work, "s0", "out"));
        File.WriteAllText(Path.Combine(work, "s0", "out", "out.txt"), "half");
        File.WriteAllText($"{work}.lock", "");
        if (FilesIn(store, random.Any(Folders)) is { Length: > 0 } files)
            File.WriteAllText($"{random.Any(files)}.tmp-4711-{Guid.NewGuid():N}", "half");
    }

    private static string[] FilesIn(string store, string folder) => Path.Combine(store, folder) is var path
        && File.Exists(path) ? [path] : [.. StoreLayout.FilesIn(path).Select(file => Path.Combine(path, file))];
}
