using System.Globalization;
using System.Xml.Linq;
using MLBuild.Benchmarks.Measuring;

namespace MLBuild.Benchmarks.Builds;

/// <summary>A copy of this repository whose build program is another: its own launcher compiles and starts it, as it
/// does ours.</summary>
internal sealed class Checkout
{
    private static readonly string[] Compiled = ["bin", "obj"];

    public Checkout(string root)
    {
        Root = root;
        Directory.CreateDirectory(Path.Combine(root, ".nuke"));
        foreach (var file in Directory.GetFiles(Repository.Root).Where(file => Path.GetExtension(file) != ".sln"))
            File.Copy(file, Path.Combine(root, Path.GetFileName(file)));
        Copy(Path.Combine(Repository.Root, "src"), Path.Combine(root, "src"));
        Directory.CreateDirectory(Path.Combine(root, "build"));
        WriteProject();
    }

    public string Root { get; }

    /// <summary>Makes this its build program, and compiles it.</summary>
    public void Compile(string source)
    {
        Forget();
        File.WriteAllText(Path.Combine(Root, "build", "Build.cs"), source);
        Launch("--help").Run();
    }

    /// <summary>Building Train when all its stages are up to date, everything included.</summary>
    public Contender NothingToDo(int stages)
    {
        Launch(StageGraph.Last).Run();
        var said = string.Create(CultureInfo.InvariantCulture, $"nothing to do: {stages:N0} stage");
        return new("ours", () => Launch(StageGraph.Last).RunSaying(said));
    }

    /// <summary>Building Train from nothing.</summary>
    public Contender Cold() => new("ours", Launch(StageGraph.Last).Run, Forget);

    /// <summary><c>./build.sh</c> with these arguments.</summary>
    public Command Launch(params string[] arguments) =>
        new(Root, Path.Combine(Root, "build.sh"), arguments) { Environment = Repository.Environment };

    /// <summary>See <see cref="Results.Forget"/>.</summary>
    public void Forget() => Results.Forget(Root);

    // The repository's own project, without the stages of the example.
    private void WriteProject()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "build", "_build.csproj"));
        project.Descendants("ProjectReference")
            .Where(reference => !reference.Attribute("Include")!.Value.EndsWith("MLBuild.Nuke.csproj")).Remove();
        // A lock file would be a new source, and the launcher would compile twice.
        project.Root!.Add(new XElement("PropertyGroup", new XElement("RestorePackagesWithLockFile", "false")));
        project.Save(Path.Combine(Root, "build", "_build.csproj"));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from).Where(path => !Compiled.Contains(Path.GetFileName(path))))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
