using System.Xml.Linq;

namespace MLBuild.Architecture.Tests;

/// <summary>The files of this repository, as they are in the checkout that these tests were compiled in.</summary>
internal static class Repository
{
    // What is in content is a repository of its own: the template's.
    private static readonly string[] NotOurs = ["bin", "obj", "artifacts", "TestResults", "content"];

    public static string Root { get; } = FindRoot();

    /// <summary>The files under a folder, as paths with <c>/</c> from the root.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => NotOurs.Contains(part) || part is ".git" or ".nuke"))
            .Order(StringComparer.Ordinal);

    /// <summary>The files that are code of the product, of the build or of tests.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        ((string[])["build", "src", "tests"]).SelectMany(folder => Files(folder, pattern));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static XDocument ReadXml(string path) => XDocument.Load(Path.Combine(Root, path));

    /// <summary>The names, without folder and ending, of the projects that a project refers to.</summary>
    public static IEnumerable<string> ReferencesOf(string project) => ReadXml(project).Descendants("ProjectReference")
        .Select(reference =>
            Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Split('/', '\\')[^1]));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MLBuild.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("no MLBuild.sln above the test assembly");
        return folder.FullName;
    }
}
