using System.Collections.Immutable;

namespace MLBuild.Fingerprint.Tests.Programs;

/// <summary>The packages of the programs: assemblies that no project made, listed with what they depend on.</summary>
public static class SamplePackages
{
    private static readonly ImmutableArray<(string Name, string[] Dependencies)> All =
    [
        ("Acme.Text", []), ("Acme.Numerics", []), ("Acme.Charts", []), ("Microsoft.ML", []),
        ("Nuke.Common", []),
        ("Acme.Rows", ["Acme.Text"]), ("Acme.Stats", ["Acme.Numerics"]),
    ];

    private static readonly Lazy<ImmutableDictionary<string, CompiledAssembly>> Compiled = new(() =>
    {
        var compiled = ImmutableDictionary<string, CompiledAssembly>.Empty;
        foreach (var (name, _) in All)
        {
            compiled = compiled.Add(name, Compiler.Compile(new(
                name, [($"/_/{name}.cs", SampleProgram.Text($"Sources/Packages/{name}.cs"))], [],
                [.. compiled.Values])));
        }
        return compiled;
    });

    public static IEnumerable<string> Names => All.Select(package => package.Name);

    public static IEnumerable<CompiledAssembly> Assemblies => Compiled.Value.Values;

    public static string[] DependenciesOf(string name) => All.Single(package => package.Name == name).Dependencies;
}
