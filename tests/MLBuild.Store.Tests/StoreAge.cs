namespace MLBuild.Store.Tests;

/// <summary>Time that goes by for a store.</summary>
internal static class StoreAge
{
    /// <summary>Makes all that a store holds so many days older.</summary>
    public static void Add(string store, int days)
    {
        foreach (var file in Directory.GetFiles(store, "*", SearchOption.AllDirectories))
        {
            var attributes = File.GetAttributes(file);
            File.SetAttributes(file, FileAttributes.Normal);
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - TimeSpan.FromDays(days));
            File.SetAttributes(file, attributes);
        }
    }
}
