using MLBuild.Engine;
using MLBuild.Store;

namespace MLBuild.Stages.Site;

/// <summary>Puts the report in a folder, which is then all that anybody needs: it opens from disk, and can be sent to
/// somebody.</summary>
internal static class SiteFolder
{
    /// <summary>Files that are there already stay untouched, and what the report no longer has goes.</summary>
    /// <returns>The bytes of all files.</returns>
    /// <exception cref="PipelineException">The folder cannot be written, or holds what no report has.</exception>
    public static long Write(string folder, IReadOnlyList<SitePage> pages)
    {
        try
        {
            var known = pages.Select(page => Path.GetFullPath(page.Path, folder)).ToHashSet(StringComparer.Ordinal);
            string[] there = Directory.Exists(folder)
                ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
            // A folder of something else, named by mistake, must not be emptied.
            if (there.Any(path => !AtomicFile.IsTemporary(path))
                && !there.Contains(Path.GetFullPath(SitePages.Style, folder)))
                throw new PipelineException($"'{folder}' holds files and no report, so none is written there. Move " +
                    "them away, and run the same command again.");
            var sizeBytes = 0L;
            foreach (var page in pages)
            {
                var (path, bytes) = (Path.GetFullPath(page.Path, folder), page.Bytes());
                sizeBytes += bytes.Length;
                if (AtomicFile.BytesOf(path) is not { } before || !before.AsSpan().SequenceEqual(bytes))
                    AtomicFile.Write(path, stream => stream.Write(bytes));
            }
            foreach (var gone in there.Where(path => !known.Contains(path)))
                File.Delete(gone);
            return sizeBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException($"The report cannot be written to '{folder}': {e.Message} Mend that, and run " +
                "the same command again.");
        }
    }
}
