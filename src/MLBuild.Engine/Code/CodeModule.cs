using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MLBuild.Engine.Code;

/// <summary>One assembly of user code, read from its file; nothing of it is loaded or run.</summary>
internal sealed class CodeModule : IDisposable
{
    private readonly UserCode _code;
    private readonly PEReader _file;
    private readonly CodeType[] _types;
    private readonly CodeMethod?[] _methods;
    private readonly Dictionary<string, CodeType> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Operand> _operands = [];
    private readonly TypeName?[] _references;
    private readonly Lazy<ILookup<CodeMethod, string>> _overridden;
    private readonly Lazy<Dictionary<string, string>> _forwarded;

    public CodeModule(UserCode code, string name, string path)
    {
        (_code, Name, Path) = (code, name, path);
        _file = new(new MemoryStream(File.ReadAllBytes(path), writable: false));
        Metadata = _file.GetMetadataReader();
        Signatures = new(this);
        _types = new CodeType[Metadata.TypeDefinitions.Count + 1];
        _methods = new CodeMethod?[Metadata.MethodDefinitions.Count + 1];
        _references = new TypeName?[Metadata.GetTableRowCount(TableIndex.TypeRef) + 1];
        _overridden = new(ReadOverridden);
        _forwarded = new(ReadForwarded);
        foreach (var handle in Metadata.TypeDefinitions)
            _byName.TryAdd(Type(handle).FullName, Type(handle));
        VersionId = Metadata.GetGuid(Metadata.GetModuleDefinition().Mvid);
        IsCSharp = !Metadata.AssemblyReferences
            .Any(row => Metadata.GetString(Metadata.GetAssemblyReference(row).Name) == "FSharp.Core")
            && !_byName.Keys.Any(IsVisualBasic);
    }

    public string Name { get; }

    public string Path { get; }

    public MetadataReader Metadata { get; }

    public SignatureReader Signatures { get; }

    /// <summary>Another for every compilation of changed sources.</summary>
    public Guid VersionId { get; }

    /// <summary>False for languages whose generated names are not known here: such an assembly counts as a
    /// whole.</summary>
    public bool IsCSharp { get; }

    public IEnumerable<CodeType> Types => _types.Skip(1);

    public CodeType Type(TypeDefinitionHandle handle)
    {
        ref var type = ref _types[MetadataTokens.GetRowNumber(handle)];
        if (type is not null)
            return type;
        var definition = Metadata.GetTypeDefinition(handle);
        var outer = definition.GetDeclaringType();
        return type = new(this, outer.IsNil ? null : Type(outer), handle,
            Metadata.GetString(definition.Namespace), SimpleName(Metadata.GetString(definition.Name)));
    }

    public CodeType TypeAt(int token) => Type(MetadataTokens.TypeDefinitionHandle(token & 0xffffff));

    public CodeMethod MethodAt(int token) => Method(MetadataTokens.MethodDefinitionHandle(token & 0xffffff));

    public CodeMethod Method(MethodDefinitionHandle handle)
    {
        ref var method = ref _methods[MetadataTokens.GetRowNumber(handle)];
        if (method is not null)
            return method;
        var definition = Metadata.GetMethodDefinition(handle);
        return method = new(Type(definition.GetDeclaringType()), handle, Metadata.GetString(definition.Name));
    }

    public CodeType? Find(string fullName) => _byName.GetValueOrDefault(fullName);

    public TypeName TypeOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => TypeName.User(Type((TypeDefinitionHandle)handle)),
        HandleKind.TypeReference => Reference((TypeReferenceHandle)handle),
        HandleKind.TypeSpecification => Signatures.GetTypeFromSpecification(
            Metadata, null, (TypeSpecificationHandle)handle, 0),
        _ => throw new BadImageFormatException($"'{Path}' has a {handle.Kind} where a type is expected."),
    };

    public TypeName Reference(TypeReferenceHandle handle)
    {
        ref var known = ref _references[MetadataTokens.GetRowNumber(handle)];
        if (known is not null)
            return known;
        var row = Metadata.GetTypeReference(handle);
        var (space, name) = (Metadata.GetString(row.Namespace), Metadata.GetString(row.Name));
        switch (row.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                var outer = Reference((TypeReferenceHandle)row.ResolutionScope);
                return known = outer.Definition is { } type
                    && type.Module.Find($"{type.FullName}+{name}") is { } nested
                    ? TypeName.User(nested)
                    : TypeName.External($"{outer.Text}+{name}", outer.Assembly);
            case HandleKind.AssemblyReference:
                var assembly = Metadata.GetString(
                    Metadata.GetAssemblyReference((AssemblyReferenceHandle)row.ResolutionScope).Name);
                return known = _code.Resolve(assembly, space.Length == 0 ? name : $"{space}.{name}");
            default:
                var fullName = space.Length == 0 ? name : $"{space}.{name}";
                return known = Find(fullName) is { } own ? TypeName.User(own) : TypeName.External(fullName, null);
        }
    }

    /// <summary>The assembly that a type was moved to, or null.</summary>
    public string? Forwarded(string fullName) => _forwarded.Value.GetValueOrDefault(fullName);

    public IEnumerable<string> Overridden(CodeMethod method) => _overridden.Value[method];

    /// <summary>What a token in IL stands for.</summary>
    public Operand Operand(int token)
    {
        if (_operands.TryGetValue(token, out var known))
            return known;
        return _operands[token] = (token >>> 24) == 0x70
            ? new TextOperand(Metadata.GetUserString(MetadataTokens.UserStringHandle(token & 0xffffff)))
            : ReadOperand(MetadataTokens.EntityHandle(token));
    }

    /// <summary>The method that a constructor's or a method's handle stands for.</summary>
    public MethodOperand MethodOf(EntityHandle handle) => (MethodOperand)Operand(MetadataTokens.GetToken(handle));

    /// <summary>The bytes that a field starts with.</summary>
    public ImmutableArray<byte> Data(CodeField field)
    {
        var address = field.Definition.GetRelativeVirtualAddress();
        if (address == 0)
            return [];
        var type = field.FieldType;
        var size = type.Definition is { } user ? user.Definition.GetLayout().Size : type.Text switch
        {
            "bool" or "byte" or "sbyte" => 1,
            "char" or "short" or "ushort" => 2,
            "int" or "uint" or "float" => 4,
            _ => 8,
        };
        return _file.GetSectionData(address).GetContent(0, size);
    }

    /// <summary>The embedded resources, by name.</summary>
    public IEnumerable<(string Name, ImmutableArray<byte> Bytes)> Resources()
    {
        foreach (var handle in Metadata.ManifestResources)
        {
            var row = Metadata.GetManifestResource(handle);
            if (!row.Implementation.IsNil || _file.PEHeaders.CorHeader is not { } header)
                continue;
            var section = _file.GetSectionData(header.ResourcesDirectory.RelativeVirtualAddress);
            var reader = section.GetReader((int)row.Offset, section.Length - (int)row.Offset);
            var length = reader.ReadInt32();
            yield return (Metadata.GetString(row.Name), [.. reader.ReadBytes(length)]);
        }
    }

    /// <summary>The portable symbols in the file or beside it, or null.</summary>
    public MetadataReaderProvider? OpenSymbols()
    {
        try
        {
            return _file.TryOpenAssociatedPortablePdb(Path,
                path => File.Exists(path) ? File.OpenRead(path) : null, out var symbols, out _) ? symbols : null;
        }
        // Symbols only say where; what is found stands without.
        catch (Exception e) when (e is BadImageFormatException or IOException)
        {
            return null;
        }
    }

    public MethodBodyBlock BodyOf(MethodDefinition method) => _file.GetMethodBody(method.RelativeVirtualAddress);

    public void Dispose() => _file.Dispose();

    private Operand ReadOperand(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodDefinition:
                var method = Method((MethodDefinitionHandle)handle);
                return new MethodOperand(method, TypeName.User(method.Type), method.Name, method.Signature, []);
            case HandleKind.FieldDefinition:
                var row = Metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                var type = Type(row.GetDeclaringType());
                var field = type.Fields.First(field => field.Handle == (FieldDefinitionHandle)handle);
                return new FieldOperand(field, TypeName.User(type), field.Name, field.FieldType);
            case HandleKind.MethodSpecification:
                var specification = Metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                return MethodOf(specification.Method) with
                {
                    Arguments = specification.DecodeSignature(Signatures, null),
                };
            case HandleKind.MemberReference:
                return ReadMemberReference(Metadata.GetMemberReference((MemberReferenceHandle)handle));
            case HandleKind.StandaloneSignature:
                return new FunctionOperand(Metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle)
                    .DecodeMethodSignature(Signatures, null));
            default:
                return new TypeOperand(TypeOf(handle));
        }
    }

    private Operand ReadMemberReference(MemberReference row)
    {
        var name = Metadata.GetString(row.Name);
        if (row.Parent.Kind == HandleKind.MethodDefinition)
            return MethodOf(row.Parent);
        var owner = row.Parent.Kind == HandleKind.ModuleReference
            ? TypeName.External("<Module>", null) : TypeOf(row.Parent);
        if (row.GetKind() == MemberReferenceKind.Field)
        {
            var field = owner.Definition?.Hierarchy().SelectMany(type => type.Fields)
                .FirstOrDefault(field => field.Name == name);
            return new FieldOperand(field, owner, name, field?.FieldType ?? row.DecodeFieldSignature(Signatures, null));
        }
        var signature = row.DecodeMethodSignature(Signatures, null);
        return new MethodOperand(owner.Definition is { } type ? UserCode.FindMethod(type, name, signature) : null,
            owner, name, signature, []);
    }

    private string SimpleName(string name)
    {
        var simple = GeneratedNames.WithoutFile(name);
        // Two files may each have such a type; then the file tells them apart.
        return simple == name || Metadata.TypeDefinitions.Count(row =>
            GeneratedNames.WithoutFile(Metadata.GetString(Metadata.GetTypeDefinition(row).Name)) == simple) == 1
            ? simple : name.Replace(">F", " ", StringComparison.Ordinal).TrimStart('<');
    }

    private ILookup<CodeMethod, string> ReadOverridden() => Enumerable
        .Range(1, Metadata.GetTableRowCount(TableIndex.MethodImpl))
        .Select(row => Metadata.GetMethodImplementation(MetadataTokens.MethodImplementationHandle(row)))
        .Where(row => row.MethodBody.Kind == HandleKind.MethodDefinition)
        .ToLookup(row => Method((MethodDefinitionHandle)row.MethodBody), row => MethodOf(row.MethodDeclaration).Name);

    private Dictionary<string, string> ReadForwarded() => Metadata.ExportedTypes
        .Select(Metadata.GetExportedType)
        .Where(row => row.IsForwarder && row.Implementation.Kind == HandleKind.AssemblyReference)
        .ToDictionary(
            row => $"{Metadata.GetString(row.Namespace)}.{Metadata.GetString(row.Name)}".TrimStart('.'),
            row => Metadata.GetString(
                Metadata.GetAssemblyReference((AssemblyReferenceHandle)row.Implementation).Name));

    private static bool IsVisualBasic(string type) => type.StartsWith("VB$", StringComparison.Ordinal)
        || type.Contains("+_Closure$__", StringComparison.Ordinal)
        || type.EndsWith(".My.MyProject", StringComparison.Ordinal);
}
