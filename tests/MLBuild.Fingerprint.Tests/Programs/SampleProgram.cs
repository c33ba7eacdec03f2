using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace MLBuild.Fingerprint.Tests.Programs;

/// <summary>A build program as source texts: projects in folders, the last of which is the build project. Every edit
/// gives another one; none changes one.</summary>
public sealed record SampleProgram
{
    /// <summary>By <c>project/file</c>. What does not end in <c>.cs</c> is an embedded resource.</summary>
    public required ImmutableSortedDictionary<string, string> Files { get; init; }

    /// <summary>In the order they are compiled in; each refers to those before it.</summary>
    public required ImmutableArray<string> Projects { get; init; }

    /// <summary>Assemblies of user code that others compiled; projects refer to them.</summary>
    public ImmutableArray<CompiledAssembly> Compiled { get; init; } = [];

    public ImmutableSortedDictionary<string, string> Packages { get; init; } =
        SamplePackages.Names.ToImmutableSortedDictionary(name => name, _ => "1.0.0", StringComparer.Ordinal);

    public OptimizationLevel Optimization { get; init; } = OptimizationLevel.Release;

    public DebugInformationFormat Symbols { get; init; } = DebugInformationFormat.PortablePdb;

    /// <summary>Where the compiler thinks that the sources are.</summary>
    public string Root { get; init; } = "/_/";

    public string Version { get; init; } = "1.0.0";

    public string RuntimeConfig { get; init; } = """
        {
          "runtimeOptions": {
            "tfm": "net10.0",
            "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" },
            "configProperties": {
              "System.Globalization.Invariant": true
            }
          }
        }
        """;

    /// <summary>A program of <c>Sources/</c>, unedited.</summary>
    public static SampleProgram Read(string name, params string[] projects)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"Sources/{name}/";
        return new()
        {
            Files = assembly.GetManifestResourceNames()
                .Where(file => file.StartsWith(prefix, StringComparison.Ordinal))
                .ToImmutableSortedDictionary(file => file[prefix.Length..], Text, StringComparer.Ordinal),
            Projects = [.. projects],
        };
    }

    /// <summary>An embedded text of these tests.</summary>
    public static string Text(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new ArgumentException($"There is no resource '{resource}'.");
        return new StreamReader(stream).ReadToEnd();
    }
}
