using System.Text.Json;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Code;

/// <summary>A stage's code as whole assemblies: the one its delegate is in and every project that one refers to, by the
/// bytes of the (deterministic) compilation, and every package those refer to, by version. Too much rather than too
/// little.</summary>
/// <param name="dependenciesFile">The program's <c>.deps.json</c>, which lists projects and packages with what they
/// refer to.</param>
public sealed class AssemblyFingerprint(string dependenciesFile, HashCache hashes) : ICodeFingerprint
{
    private readonly Lazy<Dictionary<string, Library>> _libraries = new(() => Read(dependenciesFile));

    // The assemblies' names: a project may name its assembly otherwise than itself.
    private sealed record Library(
        string Name, string Version, bool IsPackage, IReadOnlyList<string> Assemblies,
        IReadOnlyList<string> References);

    /// <summary>The fingerprint of the program that is running.</summary>
    public static AssemblyFingerprint OfThisProgram(HashCache hashes)
    {
        // More than one is listed only when a host such as a test runner adds its own behind the program's.
        var files = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries);
        return new(files.FirstOrDefault() ?? Path.Combine(AppContext.BaseDirectory, "missing.deps.json"), hashes);
    }

    public CodeReading Of(Stage stage) => new([.. Of(stage.Code!)], []);

    // Hashed each time it is asked: a recompilation may replace the files while the program runs.
    public IEnumerable<RecipeEntry> Of(Delegate code)
    {
        var root = code.Method.Module.Assembly.GetName().Name!;
        var start = _libraries.Value.Values.FirstOrDefault(library => library.Assemblies.Contains(root));
        if (start is null)
            throw new PipelineException(
                $"The code of '{root}' is not listed in '{dependenciesFile}', so what it depends on is unknown. " +
                "Run the build program as 'dotnet build' made it, with its .deps.json beside it.");
        yield return new(RecipeKind.Framework, "target", "text", AppContext.TargetFrameworkName ?? "unknown");
        var folder = Path.GetDirectoryName(dependenciesFile)!;
        foreach (var library in Closure(start.Name))
        {
            if (library.IsPackage)
                yield return new(RecipeKind.Package, library.Name, "version", library.Version);
            else
                foreach (var assembly in library.Assemblies)
                    yield return new(RecipeKind.Code, assembly, "assembly",
                        hashes.Of(Path.Combine(folder, assembly + ".dll")).Hex);
        }
    }

    private List<Library> Closure(string root)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { root };
        var open = new Queue<string>([root]);
        var libraries = new List<Library>();
        while (open.TryDequeue(out var name))
        {
            // A name that is not listed is a reference that brings no assembly: analyzers, build-time packages.
            if (!_libraries.Value.TryGetValue(name, out var library))
                continue;
            libraries.Add(library);
            foreach (var reference in library.References.Where(found.Add))
                open.Enqueue(reference);
        }
        return libraries;
    }

    private static Dictionary<string, Library> Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var types = json.RootElement.GetProperty("libraries").EnumerateObject()
            .ToDictionary(library => library.Name, library => library.Value.GetProperty("type").GetString());
        var target = json.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
        return json.RootElement.GetProperty("targets").GetProperty(target).EnumerateObject()
            .Select(library => new Library(
                library.Name.Split('/')[0],
                library.Name.Split('/')[1],
                // The rest are projects and loose references: their version says little, so their bytes count.
                types[library.Name] is "package" or "runtimepack",
                library.Value.TryGetProperty("runtime", out var assemblies)
                    ? [.. assemblies.EnumerateObject()
                        .Select(assembly => Path.GetFileNameWithoutExtension(assembly.Name))]
                    : [],
                library.Value.TryGetProperty("dependencies", out var references)
                    ? [.. references.EnumerateObject().Select(reference => reference.Name)]
                    : []))
            .ToDictionary(library => library.Name, StringComparer.Ordinal);
    }
}
