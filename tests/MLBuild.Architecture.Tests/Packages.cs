using System.Text.Json;

namespace MLBuild.Architecture.Tests;

/// <summary>Versions of packages stand in <c>Directory.Packages.props</c> only, also those of packages that come with
/// others, so that a restore gives the same graph on every day.</summary>
public sealed class Packages
{
    private static readonly Dictionary<string, string> Pinned = Repository.ReadXml("Directory.Packages.props")
        .Descendants("PackageVersion").ToDictionary(
            package => package.Attribute("Include")!.Value, package =>
                package.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void HaveNoVersionInProjects() => Rule.IsKept(
        from file in Repository.Files("*.csproj").Concat(Repository.Files("*.props"))
            .Concat(Repository.Files("*.targets"))
            .Append("Directory.Build.props")
        from package in Repository.ReadXml(file).Descendants("PackageReference")
        where package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null
            || package.Element("Version") is not null
        select $"{file} has a version of {package.Attribute("Include")?.Value}");

    [Fact]
    public void AreExactVersions() => Rule.IsKept(Pinned
        .Where(package => !Version.TryParse(package.Value, out _)).Select(package => $"{package.Key} {package.Value}"));

    [Fact]
    public void AreAllPinned() => Rule.IsKept(Locked()
        .Where(package => !Pinned.ContainsKey(package.Name))
        .Select(package =>
            $"{package.File} has {package.Name} {package.Version}, which Directory.Packages.props does not pin")
            .Distinct());

    [Fact]
    public void AreRestoredInThePinnedVersion() => Rule.IsKept(Locked()
        .Where(package => Pinned.TryGetValue(package.Name, out var version) && version != package.Version)
        .Select(package => $"{package.File} has {package.Name} {package.Version}, pinned is {Pinned[package.Name]}"));

    [Fact]
    public void AreLockedForEachProject() => Rule.IsKept(Repository.Files("*.csproj")
        .Where(project =>
            !File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "packages.lock.json")))
        .Select(project => $"{project} has no packages.lock.json beside it"));

    private static IEnumerable<(string File, string Name, string Version)> Locked()
    {
        foreach (var file in Repository.Files("packages.lock.json"))
        {
            using var json = JsonDocument.Parse(Repository.Read(file));
            foreach (var framework in json.RootElement.GetProperty("dependencies").EnumerateObject())
            {
                foreach (var package in framework.Value.EnumerateObject())
                {
                    if (package.Value.GetProperty("type").GetString() != "Project")
                        yield return (file, package.Name, package.Value.GetProperty("resolved").GetString()!);
                }
            }
        }
    }
}
