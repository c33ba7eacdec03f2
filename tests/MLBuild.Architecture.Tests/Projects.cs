using System.Text.RegularExpressions;

namespace MLBuild.Architecture.Tests;

/// <summary>Which project may use which is said once, in the table of <c>src/README.md</c>.</summary>
public sealed partial class Projects
{
    [Fact]
    public void ReferOnlyToWhatTheTableAllows()
    {
        var allowed = Table();
        var found = Repository.Files("src", "*.csproj").Concat(Repository.Files("build", "*.csproj"))
            .ToDictionary(NameOf, path => Repository.ReferencesOf(path).ToArray());
        Assert.Equal(allowed.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Rule.IsKept(
            from project in found
            from reference in project.Value.Distinct()
            where !allowed[project.Key].Contains(reference)
            select $"{project.Key} refers to {reference}, which its row in src/README.md does not allow");
        Rule.IsKept(
            from project in allowed
            from reference in project.Value
            where !found[project.Key].Contains(reference)
            select $"{project.Key} does not refer to {reference}, which its row in src/README.md names");
    }

    [Fact]
    public void AreInTheSolution()
    {
        var listed = SolutionProject().Matches(Repository.Read("MLBuild.sln"))
            .Select(match => match.Groups[1].Value.Replace('\\', '/'));
        Assert.Equal(Repository.Files("*.csproj").Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AreNotReferredToByFloorsBelowTests() => Rule.IsKept(
        from project in Repository.Files("src", "*.csproj").Concat(Repository.Files("build", "*.csproj"))
        from reference in Repository.ReferencesOf(project)
        where reference.EndsWith(".Tests", StringComparison.Ordinal)
        select $"{project} refers to {reference}");

    /// <summary>The projects and what each may refer to, by name without folder.</summary>
    private static Dictionary<string, string[]> Table()
    {
        var rows = Row().Matches(Repository.Read("src/README.md")).Select(match => (
            Name: match.Groups[1].Value.Split('/')[^1],
            Allowed: match.Groups[2].Value.Trim())).ToArray();
        var names = rows.Select(row => row.Name).ToArray();
        return rows.ToDictionary(row => row.Name, row => row.Allowed == "nothing of ours"
            ? []
            : row.Allowed.Split(", ").Select(name => names.Single(full => full == name || full == $"MLBuild.{name}"))
                .ToArray());
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    [GeneratedRegex(@"^\| `((?:src|build)/[^`]+)` \|[^|]+\|([^|]+)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("""^Project\(.*?\) = "[^"]+", "([^"]+\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex SolutionProject();
}
