namespace MLBuild.Store.Tests;

/// <summary>Where a local store keeps things, written down a second time on purpose: other programs rely on
/// it.</summary>
internal static class StoreLayout
{
    public static string CasPath(string store, ContentHash hash) => Path.Combine(store, "cas", hash.Hex[..2], hash.Hex);

    public static string RecordPath(string store, ContentHash hash) =>
        Path.Combine(store, "ac", hash.Hex[..2], hash.Hex);

    /// <summary>Changes one byte of a file, read-only or not, and keeps its length.</summary>
    public static void FlipByte(string path, int at = 0)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllBytes(path, bytes);
        File.SetAttributes(path, FileAttributes.ReadOnly);
    }

    /// <summary>Every file under a folder, relative, with <c>/</c>; none if there is no folder.</summary>
    public static string[] FilesIn(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
