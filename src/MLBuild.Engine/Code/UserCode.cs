using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>The user code of one program: its assemblies, each read when first needed.</summary>
internal sealed class UserCode(string dependenciesFile) : IDisposable
{
    private readonly Dictionary<string, CodeModule> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<CodeType, StaticInitialisers?> _initialisers = [];
    private ILookup<CodeType, CodeType>? _derived;

    private readonly Dictionary<CodeMethod, MemberHash> _hashes = [];
    private StaticFields? _statics;

    public StaticFields Statics => _statics ??= new(this);

    public ProgramLibraries Libraries { get; } = new(dependenciesFile);

    public IEnumerable<CodeModule> AllModules => Libraries.UserAssemblies.Select(name => Module(name)!);

    /// <summary>An assembly of user code; null for any other.</summary>
    public CodeModule? Module(string assembly)
    {
        if (_modules.TryGetValue(assembly, out var module))
            return module;
        return Libraries.IsUser(assembly) ? _modules[assembly] = new(this, assembly, Libraries.PathOf(assembly)) : null;
    }

    public TypeName Resolve(string assembly, string fullName)
    {
        while (Module(assembly) is { } module)
        {
            if (module.Find(fullName) is { } type)
                return TypeName.User(type);
            if (module.Forwarded(fullName) is not { } next)
                break;
            assembly = next;
        }
        return TypeName.External(fullName, assembly);
    }

    /// <summary>The type that a text such as <c>Space.Type, Assembly</c> names, if it is user code.</summary>
    public CodeType? Find(string assemblyQualifiedName)
    {
        var parts = assemblyQualifiedName.Split(',', 3, StringSplitOptions.TrimEntries);
        return parts.Length > 1
            ? Module(parts[1])?.Find(parts[0])
            : AllModules.Select(module => module.Find(parts[0])).FirstOrDefault(type => type is not null);
    }

    /// <summary>The user types that have a type as base or interface, directly.</summary>
    public IEnumerable<CodeType> DerivedFrom(CodeType type) => (_derived ??= AllModules
        .SelectMany(module => module.Types)
        .SelectMany(derived => derived.Interfaces.Append(derived.Base)
            .Select(above => above?.Definition).OfType<CodeType>().Select(above => (above, derived)))
        .ToLookup(pair => pair.above, pair => pair.derived))[type];

    public StaticInitialisers? Initialisers(CodeType type) => _initialisers.TryGetValue(type, out var known)
        ? known : _initialisers[type] = StaticInitialisers.Of(type);

    /// <summary>True for a static constructor that counts by the fields it initialises.</summary>
    public bool IsCut(CodeMethod method) => method.Name == ".cctor" && Initialisers(method.Type) is not null;

    /// <summary>The hash of a method, the same for every stage.</summary>
    public MemberHash HashOf(CodeMethod method) => _hashes.TryGetValue(method, out var known)
        ? known : _hashes[method] = CanonicalText.OfMethod(this, method);

    /// <summary>The method that a reference means: by name, and by signature where that does not say which.</summary>
    public static CodeMethod? FindMethod(CodeType type, string name, MethodSignature<TypeName> signature)
    {
        foreach (var at in type.Hierarchy())
        {
            var candidates = at.Named(name)
                .Where(method => method.Signature.ParameterTypes.Length == signature.ParameterTypes.Length
                    && method.Signature.GenericParameterCount == signature.GenericParameterCount).ToArray();
            if (candidates.Length > 1)
            {
                var wanted = Text(signature);
                candidates = [.. candidates.Where(method => Text(method.Signature) == wanted)];
            }
            if (candidates is [var found, ..])
                return found;
        }
        return null;

        static string Text(MethodSignature<TypeName> signature) =>
            $"{signature.ReturnType}({string.Join(",", signature.ParameterTypes)})";
    }

    public void Dispose()
    {
        foreach (var module in _modules.Values)
            module.Dispose();
    }
}
