using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace MLBuild.Engine.Code;

/// <summary>A type, method or field of user code.</summary>
internal abstract class CodeMember(CodeModule module, CodeType? declaring, string name)
{
    public CodeModule Module => module;

    /// <summary>The type it is in; null for a type that is in none.</summary>
    public CodeType? Declaring => declaring;

    public string Name => name;

    /// <summary>True for what the compiler made and named at will: it counts as a part of the member that leads to
    /// it.</summary>
    public bool IsGenerated { get; } = declaring?.IsGenerated == true || GeneratedNames.IsGenerated(name);

    public override string ToString() => MemberNames.Of(this);
}

/// <summary>A type of user code.</summary>
internal sealed class CodeType(
    CodeModule module, CodeType? declaring, TypeDefinitionHandle handle, string space, string name)
    : CodeMember(module, declaring, name)
{
    private (CodeMethod[] List, ILookup<string, CodeMethod> ByName)? _methods;
    private CodeField[]? _fields;
    private TypeName? _base;
    private TypeName[]? _interfaces;

    public TypeDefinition Definition { get; } = module.Metadata.GetTypeDefinition(handle);

    public TypeDefinitionHandle Handle => handle;

    /// <summary>Its number in the metadata, by which the runtime knows it too.</summary>
    public int Token => MetadataTokens.GetToken(handle);

    public string Namespace => Declaring?.Namespace ?? space;

    /// <summary>As the runtime writes it: <c>Space.Outer+Inner`1</c>; a file-local type loses its file.</summary>
    public string FullName { get; } = declaring is not null ? $"{declaring.FullName}+{name}"
        : space.Length == 0 ? name : $"{space}.{name}";

    public IReadOnlyList<CodeMethod> Methods => ReadMethods().List;

    public IReadOnlyList<CodeField> Fields =>
        _fields ??= [.. Definition.GetFields().Select(row => new CodeField(this, row))];

    /// <summary>Null for <c>object</c>, interfaces and <c>&lt;Module&gt;</c>.</summary>
    public TypeName? Base => Definition.BaseType.IsNil ? null : _base ??= Module.TypeOf(Definition.BaseType);

    public IReadOnlyList<TypeName> Interfaces => _interfaces ??=
        [.. Definition.GetInterfaceImplementations()
            .Select(row => Module.TypeOf(Module.Metadata.GetInterfaceImplementation(row).Interface))];

    /// <summary>Itself and the user types it derives from, nearest first.</summary>
    public IEnumerable<CodeType> Hierarchy()
    {
        for (var type = this; type is not null; type = type.Base?.Definition)
            yield return type;
    }

    /// <summary>Every user interface it has, also by others.</summary>
    public IEnumerable<TypeName> AllInterfaces() => Hierarchy().SelectMany(type => type.Interfaces)
        .SelectMany(found => found.Definition is { } type ? [found, .. type.AllInterfaces()] : new[] { found });

    /// <summary>The type that derives from no user type, or null.</summary>
    public TypeName? ExternalBase => Hierarchy().Last().Base;

    public bool IsInterface => (Definition.Attributes & TypeAttributes.Interface) != 0;

    public bool IsAbstract => (Definition.Attributes & TypeAttributes.Abstract) != 0;

    public bool IsEnum => Base is { Text: "System.Enum" };

    public bool IsValueType => IsEnum || Base is { Text: "System.ValueType" };

    public bool IsDelegate => Base is { Text: "System.MulticastDelegate" };

    /// <summary>True if static fields alone bring its initialiser, at any time before they are read.</summary>
    public bool IsBeforeFieldInit => (Definition.Attributes & TypeAttributes.BeforeFieldInit) != 0;

    public CodeMethod? StaticConstructor => Named(".cctor").FirstOrDefault();

    public IEnumerable<CodeMethod> Named(string method) => ReadMethods().ByName[method];

    private (CodeMethod[] List, ILookup<string, CodeMethod> ByName) ReadMethods()
    {
        if (_methods is { } known)
            return known;
        var methods = Definition.GetMethods().Select(Module.Method).ToArray();
        _methods = (methods, methods.ToLookup(method => method.Name, StringComparer.Ordinal));
        return _methods.Value;
    }
}

/// <summary>A method of user code, constructors and accessors too.</summary>
internal sealed class CodeMethod(CodeType type, MethodDefinitionHandle handle, string name)
    : CodeMember(type.Module, type, name)
{
    private MethodSignature<TypeName>? _signature;
    private MethodBody? _body;
    private string[]? _slots;

    public CodeType Type => Declaring!;

    public MethodDefinitionHandle Handle => handle;

    public MethodDefinition Definition { get; } = type.Module.Metadata.GetMethodDefinition(handle);

    public MethodSignature<TypeName> Signature => _signature ??= Definition.DecodeSignature(Module.Signatures, null);

    public bool IsStatic => (Definition.Attributes & MethodAttributes.Static) != 0;

    public bool IsVirtual => (Definition.Attributes & MethodAttributes.Virtual) != 0;

    /// <summary>True if it takes a slot that a base type declares.</summary>
    public bool IsOverride => IsVirtual && (Definition.Attributes & MethodAttributes.NewSlot) == 0;

    public bool IsConstructor => Name is ".ctor" or ".cctor";

    /// <summary>Null for what has no IL: abstract, imported, made by the runtime.</summary>
    public MethodBody? Body => _body ??= Definition.RelativeVirtualAddress == 0 ? null : MethodBody.Read(this);

    /// <summary>The native library that it is imported from, as it is written; null for other methods.</summary>
    public string? NativeLibrary => (Definition.Attributes & MethodAttributes.PinvokeImpl) == 0
        ? null
        : Module.Metadata.GetString(Module.Metadata.GetModuleReference(Definition.GetImport().Module).Name);

    /// <summary>The names under which it can be called virtually; an explicit implementation has another than its
    /// own.</summary>
    public IReadOnlyList<string> Slots => _slots ??=
        [.. Module.Overridden(this).Select(name => SlotOf(name, Signature.ParameterTypes.Length))
            .Prepend(SlotOf(Name, Signature.ParameterTypes.Length)).Distinct()];

    /// <summary>What virtual calls are matched by: looser than the runtime does, so nothing is missed.</summary>
    public static string SlotOf(string name, int parameters) => $"{name}/{parameters}";
}

/// <summary>Compares the slots of methods.</summary>
internal static class Slots
{
    public static bool Overlaps(this IReadOnlyList<string> slots, CodeMethod other) => slots.Any(other.Slots.Contains);
}

/// <summary>A field of user code.</summary>
internal sealed class CodeField(CodeType type, FieldDefinitionHandle handle)
    : CodeMember(type.Module, type,
        type.Module.Metadata.GetString(type.Module.Metadata.GetFieldDefinition(handle).Name))
{
    private TypeName? _fieldType;

    public CodeType Type => Declaring!;

    public FieldDefinitionHandle Handle => handle;

    public FieldDefinition Definition { get; } = type.Module.Metadata.GetFieldDefinition(handle);

    public TypeName FieldType => _fieldType ??= Definition.DecodeSignature(Module.Signatures, null);

    public bool IsStatic => (Definition.Attributes & FieldAttributes.Static) != 0;

    public bool IsReadOnly => (Definition.Attributes & FieldAttributes.InitOnly) != 0;

    public bool IsConstant => (Definition.Attributes & FieldAttributes.Literal) != 0;
}
