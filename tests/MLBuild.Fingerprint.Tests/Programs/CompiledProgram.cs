using System.Collections.Immutable;
using System.Text.Json;

namespace MLBuild.Fingerprint.Tests.Programs;

/// <summary>A compiled program: its assemblies and what the SDK would write beside them.</summary>
public sealed record CompiledProgram(
    SampleProgram Source, ImmutableArray<CompiledAssembly> Assemblies)
{
    private const string Target = ".NETCoreApp,Version=v10.0";

    // What every build project refers to.
    private static readonly string[] Ours = ["MLBuild.Engine", "MLBuild.Store"];

    /// <summary>The name of the build project, and so of the program.</summary>
    public string Name => Source.Projects[^1];

    public static CompiledProgram Of(SampleProgram source)
    {
        var assemblies = source.Compiled;
        foreach (var project in source.Projects)
        {
            var files = source.Files.Where(file => file.Key.StartsWith(project + "/", StringComparison.Ordinal));
            assemblies = assemblies.Add(Compiler.Compile(new(
                project,
                [
                    .. files.Where(file => IsCode(file.Key)).Select(file => (source.Root + file.Key, file.Value)),
                    ($"{source.Root}obj/AssemblyInfo.cs", AssemblyInfo(source.Version)),
                ],
                [.. files.Where(file => !IsCode(file.Key))
                    .Select(file => ($"Taxi.{file.Key[(project.Length + 1)..]}", file.Value))],
                [.. SamplePackages.Assemblies, .. assemblies],
                source.Optimization,
                source.Symbols)));
        }
        return new(source, assemblies);
    }

    /// <summary>The same program with other bytes of one assembly.</summary>
    public CompiledProgram With(CompiledAssembly other) => this with
    {
        Assemblies = [.. Assemblies.Select(assembly => assembly.Name == other.Name ? other : assembly)],
    };

    /// <summary>Writes the files as <c>dotnet build</c> leaves them in its output folder, and returns the path of the
    /// <c>.deps.json</c>.</summary>
    public string WriteTo(string folder)
    {
        foreach (var assembly in Assemblies.Concat(SamplePackages.Assemblies))
        {
            File.WriteAllBytes(Path.Combine(folder, $"{assembly.Name}.dll"), assembly.Image);
            if (assembly.Symbols is { } symbols)
                File.WriteAllBytes(Path.Combine(folder, $"{assembly.Name}.pdb"), symbols);
        }
        foreach (var name in Ours)
            File.Copy(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), Path.Combine(folder, $"{name}.dll"));
        File.WriteAllText(Path.Combine(folder, $"{Name}.runtimeconfig.json"), Source.RuntimeConfig);
        var dependencies = Path.Combine(folder, $"{Name}.deps.json");
        File.WriteAllText(dependencies, Dependencies());
        return dependencies;
    }

    private static bool IsCode(string file) => file.EndsWith(".cs", StringComparison.Ordinal);

    private static string AssemblyInfo(string version) => $"""
        [assembly: System.Runtime.Versioning.TargetFramework("{Target}", FrameworkDisplayName = ".NET 10.0")]
        [assembly: System.Reflection.AssemblyVersion("{version}.0")]
        [assembly: System.Reflection.AssemblyFileVersion("{version}.0")]
        [assembly: System.Reflection.AssemblyInformationalVersion("{version}")]
        """;

    private string Dependencies()
    {
        var libraries = new Dictionary<string, object>();
        var types = new Dictionary<string, object>();
        for (var i = Assemblies.Length - 1; i >= 0; i--)
        {
            var dependencies = Assemblies[..i].ToDictionary(assembly => assembly.Name, _ => Source.Version)
                .Concat(Source.Packages)
                .Append(new("MLBuild.Engine", "1.0.0"))
                .ToDictionary();
            Add(Assemblies[i].Name, Source.Version, "project", dependencies, $"{Assemblies[i].Name}.dll");
        }
        foreach (var (name, version) in Source.Packages)
        {
            Add(name, version, "package",
                SamplePackages.DependenciesOf(name).ToDictionary(other => other, other => Source.Packages[other]),
                $"lib/net10.0/{name}.dll");
        }
        Add("MLBuild.Engine", "1.0.0", "project", new() { ["MLBuild.Store"] = "1.0.0" }, "MLBuild.Engine.dll");
        Add("MLBuild.Store", "1.0.0", "project", [], "MLBuild.Store.dll");
        return JsonSerializer.Serialize(new
        {
            runtimeTarget = new { name = Target, signature = "" },
            compilationOptions = new { },
            targets = new Dictionary<string, object> { [Target] = libraries },
            libraries = types,
        });

        void Add(string name, string version, string type, Dictionary<string, string> dependencies, string path)
        {
            libraries[$"{name}/{version}"] = new
            {
                dependencies,
                runtime = new Dictionary<string, object>
                {
                    [path] = new { assemblyVersion = "1.0.0.0", fileVersion = "1.0.0.0" },
                },
            };
            types[$"{name}/{version}"] = new
            {
                type,
                serviceable = type == "package",
                sha512 = type == "package" ? $"sha512-{name}.{version}" : "",
            };
        }
    }
}
