using MLBuild.Engine;
using MLBuild.Engine.Inspection;

namespace MLBuild.Stages.Site;

/// <summary>Writes the report for people to a folder.</summary>
public static class SiteCommand
{
    /// <returns>What was written, in a sentence.</returns>
    /// <exception cref="PipelineException">The folder cannot be written.</exception>
    public static string Write(SiteState state, string folder)
    {
        var pages = SitePages.Of(state);
        var sizeBytes = SiteFolder.Write(folder, pages);
        return $"{Wording.Count(pages.Count, "file")}, {Wording.Size(sizeBytes)}; begin with "
            + $"'{Path.Combine(folder, SitePages.Index)}'";
    }
}
