using System.Text;

namespace MLBuild.Stages.Site;

/// <summary>All files of the report: they link to each other and to nothing else.</summary>
public static class SitePages
{
    public const string Index = "index.html";
    internal const string Runs = "runs.html";
    internal const string Style = "site.css";
    internal const string Script = "site.js";

    public static IReadOnlyList<SitePage> Of(SiteState state)
    {
        var pages = new Dictionary<string, SitePage>(StringComparer.Ordinal);
        // The first to be written: a folder that has it is one of a report, also when its writer was killed.
        Text(Style, () => SiteStyle.Text);
        Text(Index, () => IndexPage.Render(state));
        Text(Runs, () => RunsPage.Render(state));
        Text(Script, () => SiteScript.Text);
        foreach (var stage in state.Stages)
            Text(OfStage(stage.Name), () => StagePage.Render(state, stage));
        foreach (var version in state.Versions)
        {
            Text(OfVersion(version.Story.Version), () => VersionPage.Render(state, version));
            if (version.LineageSvg is { } svg)
                Text(LineageOf(version.Story.Version), () => svg);
        }
        foreach (var environment in state.Environments)
            Text(OfEnvironment(environment.Name), () => EnvironmentPage.Render(state, environment));
        foreach (var copied in state.Stages.SelectMany(stage => stage.Findings)
            .Concat(state.Versions.SelectMany(version => version.Findings)).OfType<SiteFinding.Page>())
            pages[OfCopy(copied)] = new(OfCopy(copied), () => File.ReadAllBytes(copied.File));
        return [.. pages.Values];

        void Text(string path, Func<string> text) =>
            pages[path] = new(path, () => Encoding.UTF8.GetBytes(text()));
    }

    // Names of stages and environments are letters, digits, '.', '_' and '-'.
    internal static string OfStage(string name) => $"stages/{name}.html";

    internal static string OfVersion(int number) => FormattableString.Invariant($"versions/{number}.html");

    internal static string LineageOf(int number) => FormattableString.Invariant($"versions/{number}-lineage.svg");

    internal static string OfEnvironment(string name) => $"environments/{name}.html";

    /// <summary>By its bytes: versions that share a page share its copy.</summary>
    internal static string OfCopy(SiteFinding.Page page) => $"pages/{page.Hash.Hex[..16]}.html";
}
