using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Code;

/// <summary>A stage's code as whole assemblies: those its delegate can reach, and no others.</summary>
public sealed class FingerprintingAssemblies : IDisposable
{
    // Two delegates of two projects, which are listed as if they did not know each other.
    private static readonly Func<string, ContentHash> InStore = ContentHash.Parse;
    private static readonly Func<IEnumerable<string>, string, string, IReadOnlyList<SourceFile>> InEngine =
        SourceFiles.Find;

    private const string Dependencies = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
          "targets": { ".NETCoreApp,Version=v10.0": {
            "App/1.0.0": {
              "dependencies": { "Stores": "1.0.0", "MLBuild.Engine": "1.0.0" }, "runtime": { "App.dll": {} }
            },
            "Stores/1.0.0": {
              "dependencies": { "CsvHelper": "34.0.0", "Loose.Reference": "9.9" },
              "runtime": { "MLBuild.Store.dll": {} }
            },
            "MLBuild.Engine/1.0.0": {
              "dependencies": { "Serilog": "4.3.0", "Analyzers": "1.0" }, "runtime": { "MLBuild.Engine.dll": {} }
            },
            "Loose.Reference/9.9": { "runtime": { "Loose.dll": {} } },
            "CsvHelper/34.0.0": { "dependencies": { "Shared": "2.0" }, "runtime": { "lib/net8.0/CsvHelper.dll": {} } },
            "Serilog/4.3.0": { "dependencies": { "Shared": "2.0" } },
            "Shared/2.0": { "dependencies": { "CsvHelper": "34.0.0" } }
          } },
          "libraries": {
            "App/1.0.0": { "type": "project" },
            "Stores/1.0.0": { "type": "project" },
            "MLBuild.Engine/1.0.0": { "type": "project" },
            "Loose.Reference/9.9": { "type": "reference" },
            "CsvHelper/34.0.0": { "type": "package" },
            "Serilog/4.3.0": { "type": "package" },
            "Shared/2.0": { "type": "package" }
          }
        }
        """;

    private readonly TempFolder _folder = new();

    public FingerprintingAssemblies()
    {
        _folder.Write("App.deps.json", Dependencies);
        foreach (var assembly in new[] { "App", "MLBuild.Store", "MLBuild.Engine", "Loose" })
            _folder.Write($"{assembly}.dll", assembly);
    }

    [Fact]
    public void ClosureHasWhatTheDelegatesProjectRefersTo()
    {
        Assert.Equal(
        [
            $"Framework target text {AppContext.TargetFrameworkName}",
            $"Code Loose assembly {ContentHash.Of("Loose")}",
            $"Code MLBuild.Store assembly {ContentHash.Of("MLBuild.Store")}",
            "Package CsvHelper version 34.0.0",
            "Package Shared version 2.0",
        ], Of(InStore));
        Assert.Equal(
        [
            $"Framework target text {AppContext.TargetFrameworkName}",
            $"Code MLBuild.Engine assembly {ContentHash.Of("MLBuild.Engine")}",
            "Package CsvHelper version 34.0.0",
            "Package Serilog version 4.3.0",
            "Package Shared version 2.0",
        ], Of(InEngine));
    }

    [Fact]
    public void ChangedAssemblyChangesWhoReachesIt()
    {
        var (store, engine) = (Of(InStore), Of(InEngine));
        _folder.Write("Loose.dll", "changed");
        Assert.NotEqual(store, Of(InStore));
        Assert.Equal(engine, Of(InEngine));
    }

    [Fact]
    public void CodeThatIsNotListedIsRefused() => Assert.Equal(
        $"The code of 'MLBuild.Engine.Tests' is not listed in '{_folder["App.deps.json"]}', so what it depends on is " +
        $"unknown. " +
        "Run the build program as 'dotnet build' made it, with its .deps.json beside it.",
        Assert.Throws<PipelineException>(() => Of(CodeThatIsNotListedIsRefused)).Message);

    [Fact]
    public void ThisProgramIsFoundByItself()
    {
        var hashes = new HashCache(_folder["hashes"], TimeProvider.System);
        var code = AssemblyFingerprint.OfThisProgram(hashes);

        var store = new Recipe(code.Of(InStore)).Entries;
        var engine = new Recipe(code.Of(InEngine)).Entries;
        var tests = new Recipe(code.Of(ThisProgramIsFoundByItself)).Entries;

        Assert.Equal(["MLBuild.Store"], Assemblies(store));
        Assert.Equal(["MLBuild.Engine", "MLBuild.Store"], Assemblies(engine));
        Assert.Equal(["MLBuild.Engine", "MLBuild.Engine.Tests", "MLBuild.Store"], Assemblies(tests));
        Assert.Equal(FileHasher.Hash(typeof(ContentHash).Assembly.Location).Hex,
            store.Single(entry => entry.Name == "MLBuild.Store").Value);
        Assert.DoesNotContain(engine, entry => entry.Kind == RecipeKind.Package);
        Assert.Contains(tests, entry => entry is { Kind: RecipeKind.Package, Name: "xunit.assert", Type: "version" });

        static IEnumerable<string> Assemblies(IEnumerable<RecipeEntry> entries) =>
            entries.Where(entry => entry.Kind == RecipeKind.Code).Select(entry => entry.Name);
    }

    public void Dispose() => _folder.Dispose();

    private string[] Of(Delegate code) =>
    [
        .. new Recipe(new AssemblyFingerprint(_folder["App.deps.json"],
            new HashCache(_folder["hashes"], TimeProvider.System)).Of(code))
            .Entries.Select(entry => $"{entry.Kind} {entry.Name} {entry.Type} {entry.Value}"),
    ];
}
