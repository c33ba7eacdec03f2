using System.Text.Json;

namespace MLBuild.Engine.Code;

/// <summary>What a program consists of, read from its <c>.deps.json</c> and <c>.runtimeconfig.json</c>: user code,
/// packages, loose references. All else is the framework.</summary>
internal sealed class ProgramLibraries
{
    // Covered by the recipe's number for MLBuild's own semantics.
    private static readonly HashSet<string> Engine =
        new(["MLBuild.Engine", "MLBuild.Store", "MLBuild.Nuke", "MLBuild.NukeCompat"], StringComparer.Ordinal);

    // Floors of MLBuild that stages run through. Also as packages they are read as what they are, code: a stage then
    // depends on those lines of a team's features that it runs, and a new version reruns what it changes.
    private static readonly HashSet<string> Floors = new(
        ["MLBuild.Components", "MLBuild.Learning", "MLBuild.Registry", "MLBuild.Serving", "MLBuild.Sources",
            "MLBuild.Stages"], StringComparer.Ordinal);

    // These move memory, pauses and start-up about, never a result. All other settings count.
    private static readonly string[] Neutral =
    [
        "System.GC.", "System.Runtime.Tiered", "Microsoft.NETCore.DotNetHostPolicy.", "System.StartupHookProvider.",
        "System.Diagnostics.", "System.Reflection.Metadata.MetadataUpdater.",
    ];

    private readonly string _dependenciesFile;
    private readonly Dictionary<string, Library> _libraries;
    private readonly Dictionary<string, Library> _byAssembly = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Library> _byNative = new(StringComparer.Ordinal);

    public ProgramLibraries(string dependenciesFile)
    {
        _dependenciesFile = dependenciesFile;
        Folder = Path.GetDirectoryName(Path.GetFullPath(dependenciesFile))!;
        using var json = JsonDocument.Parse(File.ReadAllBytes(dependenciesFile));
        var target = json.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
        TargetFramework = target.Split('/')[0];
        _libraries = Read(json.RootElement, target);
        foreach (var library in _libraries.Values)
        {
            foreach (var assembly in library.Assemblies)
                _byAssembly.TryAdd(assembly, library);
            foreach (var native in library.Natives)
                _byNative.TryAdd(native, library);
        }
        Settings = ReadSettings(SettingsFile(dependenciesFile));
    }

    /// <summary>A library of the program.</summary>
    /// <param name="Identity">A package's version and the hash that the feed gave for it.</param>
    /// <param name="Assemblies">Simple names: a project may name its assembly otherwise than itself.</param>
    /// <param name="Natives">Names of libraries of native code, as an import may write them.</param>
    /// <param name="References">Names of libraries.</param>
    public sealed record Library(
        string Name, string Identity, LibraryKind Kind, IReadOnlyList<string> Assemblies,
        IReadOnlyList<string> Natives, IReadOnlyList<string> References);

    public enum LibraryKind
    {
        User,

        /// <summary>MLBuild itself.</summary>
        Engine,
        Package,

        /// <summary>An assembly without a package, told apart by its module version id.</summary>
        Loose,
    }

    /// <summary>Where the assemblies are.</summary>
    public string Folder { get; }

    /// <summary><c>.NETCoreApp,Version=v10.0</c>. A patch of the runtime says nothing.</summary>
    public string TargetFramework { get; }

    /// <summary>Settings of the runtime that can change a result, by name.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; }

    public IEnumerable<string> UserAssemblies => _libraries.Values.Where(library => library.Kind == LibraryKind.User)
        .SelectMany(library => library.Assemblies).Order(StringComparer.Ordinal);

    /// <summary>Everything that the reading of a stage is made of.</summary>
    public IEnumerable<string> Files =>
    [
        _dependenciesFile, SettingsFile(_dependenciesFile), .. UserAssemblies.Select(PathOf),
        .. _libraries.Values.Where(library => library.Kind == LibraryKind.Loose)
            .SelectMany(library => library.Assemblies).Order(StringComparer.Ordinal).Select(PathOf),
    ];

    public bool IsUser(string assembly) =>
        _byAssembly.TryGetValue(assembly, out var library) && library.Kind == LibraryKind.User;

    public string PathOf(string assembly) => Path.Combine(Folder, assembly + ".dll");

    /// <summary>The library that an assembly is in; null for the framework.</summary>
    public Library? Of(string assembly) => _byAssembly.TryGetValue(assembly, out var library) ? library
        : File.Exists(PathOf(assembly)) ? new(assembly, "", LibraryKind.Loose, [assembly], [], [])
        : null;

    /// <summary>The package that native code comes in; null if none brings it.</summary>
    public Library? OfNative(string import) =>
        _byNative.GetValueOrDefault(import) is { Kind: LibraryKind.Package } package ? package : null;

    /// <summary>The libraries and all they refer to, by name.</summary>
    public IEnumerable<Library> Closure(IEnumerable<Library> libraries)
    {
        var found = new SortedDictionary<string, Library>(StringComparer.Ordinal);
        var open = new Stack<Library>(libraries);
        while (open.TryPop(out var library))
        {
            if (!found.TryAdd(library.Name, library))
                continue;
            foreach (var reference in library.References)
            {
                // A name that is not listed brings no assembly: analyzers, build-time packages.
                if (_libraries.TryGetValue(reference, out var next))
                    open.Push(next);
            }
        }
        return found.Values;
    }

    public static string SettingsFile(string dependenciesFile) =>
        dependenciesFile.Replace(".deps.json", ".runtimeconfig.json", StringComparison.Ordinal);

    private static Dictionary<string, Library> Read(JsonElement root, string target)
    {
        var libraries = root.GetProperty("libraries");
        var found = new Dictionary<string, Library>(StringComparer.Ordinal);
        foreach (var entry in root.GetProperty("targets").GetProperty(target).EnumerateObject())
        {
            var (name, version) = entry.Name.Split('/', 2) is [var first, var second] ? (first, second) : ("", "");
            var about = libraries.GetProperty(entry.Name);
            var hash = about.TryGetProperty("sha512", out var sha) ? sha.GetString() : "";
            var kind = about.GetProperty("type").GetString() switch
            {
                "project" or "package" when Engine.Contains(name) => LibraryKind.Engine,
                "project" => LibraryKind.User,
                "package" when Floors.Contains(name) => LibraryKind.User,
                "package" => LibraryKind.Package,
                "reference" => LibraryKind.Loose,
                _ => (LibraryKind?)null,
            };
            if (kind is { } known)
                found[name] = new(name, $"{version} {hash}".TrimEnd(), known, Assemblies(entry.Value),
                    Natives(entry.Value),
                    entry.Value.TryGetProperty("dependencies", out var references)
                        ? [.. references.EnumerateObject().Select(reference => reference.Name)]
                        : []);
        }
        return found;
    }

    private static string[] Assemblies(JsonElement library) =>
    [
        .. new[] { "runtime", "runtimeTargets" }
            .SelectMany(group => library.TryGetProperty(group, out var files)
                ? files.EnumerateObject().ToArray() : [])
            .Where(file => file.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            .Select(file => Path.GetFileNameWithoutExtension(file.Name)).Distinct(StringComparer.Ordinal),
    ];

    // Of a file libx.so an import may write x, libx or libx.so.
    private static string[] Natives(JsonElement library) =>
    [
        .. new[] { "native", "runtimeTargets" }
            .SelectMany(group => library.TryGetProperty(group, out var files)
                ? files.EnumerateObject().Where(file => group == "native" || IsNative(file.Value)).ToArray() : [])
            .Select(file => Path.GetFileName(file.Name))
            .SelectMany(file => Path.GetFileNameWithoutExtension(file) is var bare
                && bare.StartsWith("lib", StringComparison.Ordinal) ? new[] { file, bare, bare[3..] } : [file, bare])
            .Distinct(StringComparer.Ordinal),
    ];

    private static bool IsNative(JsonElement file) =>
        file.TryGetProperty("assetType", out var type) && type.GetString() == "native";

    private static (string, string)[] ReadSettings(string file)
    {
        if (!File.Exists(file))
            return [];
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        if (!json.RootElement.TryGetProperty("runtimeOptions", out var options)
            || !options.TryGetProperty("configProperties", out var settings))
            return [];
        return [.. settings.EnumerateObject()
            .Where(setting => !Neutral.Any(prefix => setting.Name.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(setting => (setting.Name, setting.Value.ToString()))
            .OrderBy(setting => setting.Name, StringComparer.Ordinal)];
    }
}
