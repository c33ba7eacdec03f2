namespace MLBuild.NukeCompat.Tests;

/// <summary>A theory about the transcripts of the real NUKE, which are beside the repository, if anywhere.</summary>
internal sealed class TranscriptTheoryAttribute : TheoryAttribute
{
    public TranscriptTheoryAttribute()
    {
        if (Folder == null)
            Skip = "No folder shared/nuke with Behaviours.cs and transcripts/ in a directory above the tests.";
    }

    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above != null; above = above.Parent)
            if (Path.Combine(above.FullName, "shared", "nuke") is var folder
                && File.Exists(Path.Combine(folder, "Behaviours.cs")))
                return folder;
        return null;
    }
}
