using MLBuild.Engine.Recipes;

namespace MLBuild.Engine.Code;

/// <summary>Turns what a stage's code reaches into recipe entries. The hash of a member is the same for every stage, so
/// it is computed once.</summary>
/// <param name="fillers">Whose changes of static fields count.</param>
internal sealed class StageEntries(UserCode code, Fillers fillers = Fillers.Program)
{
    private readonly Dictionary<CodeField, MemberHash> _members = [];
    private readonly Dictionary<(CodeType, TypeExtent), MemberHash> _types = [];
    private readonly Dictionary<CodeModule, string> _assemblies = [];

    /// <summary>One for each member, resource and package.</summary>
    public IReadOnlyList<RecipeEntry> OfReach(Reach reach, BuildClasses builds)
    {
        var found = new List<(string Name, CodeModule Module, string Type, string Hash)>();
        var inlined = new HashSet<CodeMember>();
        foreach (var method in reach.Methods.Keys.Where(method => method.Module.IsCSharp && !method.IsGenerated
            && !code.IsCut(method)))
            Add(MemberNames.Of(method), "method", method, Of(method));
        foreach (var (type, extent) in reach.Types.Where(pair => pair.Key.Module.IsCSharp))
            Add(MemberNames.Of(type), "type", type, Of(type, extent));
        foreach (var field in reach.Statics.Where(field => field.Module.IsCSharp && !field.IsGenerated))
        {
            if (!builds.Contains(field.Type))
                Add(MemberNames.Of(field), "field", field, Of(field));
            // What a build's field begins with is a value; what is put there later is code.
            else if (FilledBy(field).ToArray() is { Length: > 0 } filled)
                Add(MemberNames.Of(field), "field", field, CanonicalText.OfField(code, field, filled));
        }
        // What no named member leads to: the stage's own lambda, lambdas found among values.
        foreach (var lambda in reach.Methods.Keys.Where(method => method.Module.IsCSharp && method.IsGenerated)
            .OrderBy(method => Of(method).Generated.Count).Reverse()
            .Where(method => !inlined.Contains(method)).ToArray())
        {
            if (!inlined.Contains(lambda))
                Add(MemberNames.OfLambda(lambda), "method", lambda, Of(lambda));
        }
        foreach (var module in reach.Modules)
        {
            if (!module.IsCSharp)
                found.Add((module.Name, module, "assembly", Version(module)));
            foreach (var (name, bytes) in module.Resources().Where(resource => reach.ReadsAnyResource
                || reach.Resources.Any(end => resource.Name.EndsWith(end, StringComparison.Ordinal))))
                found.Add((name, module, "resource", Store.ContentHash.Of(bytes.AsSpan()).Hex));
        }
        var natives = reach.Methods.Keys.Select(method => method.NativeLibrary).OfType<string>();
        return [.. Unique(found), .. External(reach.Assemblies, natives)];

        void Add(string name, string type, CodeMember member, MemberHash hash)
        {
            found.Add((name, member.Module, type, hash.Hex));
            inlined.UnionWith(hash.Generated);
        }
    }

    /// <summary>One for each assembly of user code.</summary>
    public IReadOnlyList<RecipeEntry> OfAssemblies()
    {
        var modules = code.AllModules.ToArray();
        return
        [
            .. modules.Select(module => new RecipeEntry(RecipeKind.Code, module.Name, "assembly", Of(module))),
            .. External(modules.SelectMany(module => module.Metadata.AssemblyReferences
                .Select(row => module.Metadata.GetString(module.Metadata.GetAssemblyReference(row).Name))),
                modules.SelectMany(module => module.Types).SelectMany(type => type.Methods)
                    .Select(method => method.NativeLibrary).OfType<string>()),
        ];
    }

    /// <summary>The framework and the settings of the runtime.</summary>
    public IEnumerable<RecipeEntry> OfFramework() =>
    [
        new(RecipeKind.Framework, "target", "text", code.Libraries.TargetFramework),
        .. code.Libraries.Settings.Select(setting =>
            new RecipeEntry(RecipeKind.Framework, setting.Name, "setting", setting.Value)),
    ];

    private MemberHash Of(CodeMethod method) => code.HashOf(method);

    private MemberHash Of(CodeField field) => _members.TryGetValue(field, out var known)
        ? known
        : _members[field] = CanonicalText.OfField(
            code, field, [.. code.Initialisers(field.Type)?.Of(field) ?? [], .. FilledBy(field)]);

    // Statements elsewhere that change the field; methods that do are members of their own.
    private IEnumerable<CodeRange> FilledBy(CodeField field) =>
        fillers == Fillers.None ? [] : code.Statics.Changers(field).Where(range => !range.IsWhole);

    private MemberHash Of(CodeType type, TypeExtent extent) => _types.TryGetValue((type, extent), out var known)
        ? known : _types[(type, extent)] = CanonicalText.OfType(code, type, extent);

    // All members as they are written, whatever their order in the files.
    private string Of(CodeModule module)
    {
        if (_assemblies.TryGetValue(module, out var known))
            return known;
        if (!module.IsCSharp)
            return _assemblies[module] = Version(module);
        var lines = module.Types.Where(type => !type.IsGenerated)
            .Select(type => $"{MemberNames.Of(type)} {Of(type, TypeExtent.Whole).Hex}")
            .Concat(module.Types.SelectMany(type => type.Methods).Where(method => !method.IsGenerated)
                .Select(method => $"{MemberNames.Of(method)} {Of(method).Hex}"))
            .Concat(module.Resources().Select(resource =>
                $"{resource.Name} {Store.ContentHash.Of(resource.Bytes.AsSpan())}"))
            .Order(StringComparer.Ordinal);
        return _assemblies[module] = Store.ContentHash.Of(string.Join('\n', lines)).Hex;
    }

    private IEnumerable<RecipeEntry> External(IEnumerable<string> assemblies, IEnumerable<string> natives)
    {
        var reached = assemblies.Select(code.Libraries.Of).Concat(natives.Select(code.Libraries.OfNative))
            .OfType<ProgramLibraries.Library>()
            .Where(library => library.Kind is ProgramLibraries.LibraryKind.Package
                or ProgramLibraries.LibraryKind.Loose).ToArray();
        foreach (var library in code.Libraries.Closure(reached))
        {
            if (library.Kind == ProgramLibraries.LibraryKind.Package)
                yield return new(RecipeKind.Package, library.Name, "version", library.Identity);
            else if (library.Kind == ProgramLibraries.LibraryKind.Loose)
                yield return new(RecipeKind.Code, library.Name, "assembly", string.Join(" ", library.Assemblies
                    .Select(code.Libraries.PathOf).Where(File.Exists).Select(AssemblyVersion.Of)));
        }
    }

    private static string Version(CodeModule module) => module.VersionId.ToString("N");

    // One name may be that of members of two assemblies, or of two lambdas of one method.
    private static IEnumerable<RecipeEntry> Unique(
        List<(string Name, CodeModule Module, string Type, string Hash)> found)
    {
        foreach (var same in found.GroupBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (same.ToArray() is [var only])
            {
                yield return new(RecipeKind.Code, only.Name, only.Type, only.Hash);
                continue;
            }
            foreach (var module in same.GroupBy(entry => entry.Module.Name, StringComparer.Ordinal))
            {
                var isAlone = same.All(entry => entry.Module.Name == module.Key);
                var name = isAlone ? same.Key : $"{same.Key} in {module.Key}";
                var number = 0;
                foreach (var entry in module.OrderBy(entry => entry.Hash, StringComparer.Ordinal))
                    yield return new(
                        RecipeKind.Code, ++number == 1 ? name : $"{name} #{number}", entry.Type, entry.Hash);
            }
        }
    }
}
