using System.Text.RegularExpressions;
using MLBuild.Engine.Running;

namespace MLBuild.Stages.Site;

/// <summary>Takes from texts where things are on this machine: a report is read elsewhere too.</summary>
internal sealed partial class HostPaths(Workspace workspace)
{
    /// <summary>Paths in the project are relative to it, of others the last part is left:
    /// <c>…/2019-02.csv</c>.</summary>
    public string Hidden(string text)
    {
        foreach (var folder in (string[])[workspace.ArtifactsFolder, workspace.StoreFolder, workspace.RootFolder])
            text = text.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
                .Replace(folder, ".", StringComparison.Ordinal);
        return Elsewhere().Replace(text, "…/");
    }

    // Not what follows "https:", and not "./build.sh".
    [GeneratedRegex("""(?<![\w.:/\\~…-])(?:[A-Za-z]:)?[/\\](?:[^\s/\\'"]+[/\\])+""")]
    private static partial Regex Elsewhere();
}
