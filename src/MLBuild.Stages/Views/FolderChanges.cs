using MLBuild.Engine.Inspection;
using MLBuild.Store;

namespace MLBuild.Stages.Views;

/// <summary>What differs between two stored folders: their files.</summary>
internal sealed record FolderChanges(IReadOnlyList<FolderChanges.File> Files)
{
    private const int MostLines = 60;

    /// <param name="BytesBefore">Null if it was not there.</param>
    /// <param name="BytesAfter">Null if it is gone.</param>
    public sealed record File(string Path, long? BytesBefore, long? BytesAfter);

    public static FolderChanges Between(FolderTree before, FolderTree after)
    {
        var old = before.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var now = after.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        return new([.. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Where(path => old.GetValueOrDefault(path)?.Hash != now.GetValueOrDefault(path)?.Hash)
            .Select(path => new File(
                path, old.GetValueOrDefault(path)?.SizeBytes, now.GetValueOrDefault(path)?.SizeBytes))]);
    }

    public IEnumerable<string> Lines(Page page) =>
    [
        $"{Wording.Count(Files.Count, "file")} differ{(Files.Count == 1 ? "s" : "")}",
        .. PageTable.Lines(page,
            [new("file", IsCut: true), new("before", IsNumber: true), new("after", IsNumber: true)],
            Files.Take(MostLines).Select(file =>
                (PageCell[])[file.Path, Size(file.BytesBefore), Size(file.BytesAfter)]), indent: 2),
        .. Files.Count <= MostLines ? [] : (string[])
            [$"… {Wording.Count(Files.Count - MostLines, "more file")}; --file NAME.json has all of it"],
    ];

    private static string Size(long? bytes) => bytes is { } size ? Wording.Size(size) : "-";
}
