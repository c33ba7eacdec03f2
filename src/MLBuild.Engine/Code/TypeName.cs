using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>What a <see cref="TypeName"/> is made of.</summary>
internal enum TypeForm
{
    /// <summary>A type of user code; its definition is known.</summary>
    User,

    /// <summary>A type of the framework, of a package or of MLBuild: known by name only.</summary>
    External,
    TypeParameter,
    MethodParameter,
    Array,
    ByReference,
    Pointer,
    Pinned,
    Modified,
    Function,
}

/// <summary>A type as a signature names it.</summary>
/// <param name="Text">The name of an external type, the number of a parameter, the rank of an array, the modifier, the
/// convention of a function.</param>
/// <param name="Assembly">Where an external type is; null for the primitive ones.</param>
/// <param name="Arguments">Type arguments, or the types that the form is made of.</param>
internal sealed record TypeName(
    TypeForm Form, CodeType? Definition, string Text, string? Assembly, ImmutableArray<TypeName> Arguments)
{
    /// <summary>Itself and the types that it is written with, at any depth.</summary>
    public IEnumerable<TypeName> All()
    {
        yield return this;
        foreach (var argument in Arguments)
        {
            foreach (var inner in argument.All())
                yield return inner;
        }
    }

    /// <summary>The type without array, reference and pointer around it.</summary>
    public TypeName Element => Form is TypeForm.Array or TypeForm.ByReference or TypeForm.Pointer or TypeForm.Pinned
        or TypeForm.Modified ? Arguments[0].Element : this;

    public static TypeName External(string text, string? assembly) =>
        new(TypeForm.External, null, text, assembly, []);

    public static TypeName User(CodeType type) => new(TypeForm.User, type, "", null, []);

    /// <param name="name">How a user type is written.</param>
    public string Write(Func<CodeType, string> name) => Form switch
    {
        TypeForm.User => name(Definition!) + WriteArguments(name),
        TypeForm.External => Text + WriteArguments(name),
        TypeForm.TypeParameter => $"!{Text}",
        TypeForm.MethodParameter => $"!!{Text}",
        TypeForm.Array => $"{Arguments[0].Write(name)}[{Text}]",
        TypeForm.ByReference => $"{Arguments[0].Write(name)}&",
        TypeForm.Pointer => $"{Arguments[0].Write(name)}*",
        TypeForm.Pinned => $"{Arguments[0].Write(name)} pinned",
        TypeForm.Modified => $"{Arguments[0].Write(name)} {Text}({Arguments[1].Write(name)})",
        TypeForm.Function => $"{Text}*{WriteArguments(name)}",
        _ => throw new InvalidOperationException($"BUG: unknown form {Form}."),
    };

    public override string ToString() => Write(type => type.FullName);

    private string WriteArguments(Func<CodeType, string> name) => Arguments.IsEmpty
        ? ""
        : $"<{string.Join(",", Arguments.Select(argument => argument.Write(name)))}>";
}

/// <summary>Turns the signatures of one module into <see cref="TypeName"/>s.</summary>
internal sealed class SignatureReader(CodeModule module) : ISignatureTypeProvider<TypeName, object?>
{
    public TypeName GetArrayType(TypeName elementType, ArrayShape shape) =>
        Form(TypeForm.Array, $"{shape.Rank}:{string.Join(',', shape.Sizes)}:{string.Join(',', shape.LowerBounds)}",
            elementType);

    public TypeName GetSZArrayType(TypeName elementType) => Form(TypeForm.Array, "", elementType);

    public TypeName GetByReferenceType(TypeName elementType) => Form(TypeForm.ByReference, "", elementType);

    public TypeName GetPointerType(TypeName elementType) => Form(TypeForm.Pointer, "", elementType);

    public TypeName GetPinnedType(TypeName elementType) => Form(TypeForm.Pinned, "", elementType);

    public TypeName GetModifiedType(TypeName modifier, TypeName unmodifiedType, bool isRequired) =>
        Form(TypeForm.Modified, isRequired ? "modreq" : "modopt", unmodifiedType, modifier);

    public TypeName GetFunctionPointerType(MethodSignature<TypeName> signature) =>
        Form(TypeForm.Function, signature.Header.ToString(), [signature.ReturnType, .. signature.ParameterTypes]);

    public TypeName GetGenericInstantiation(TypeName genericType, ImmutableArray<TypeName> typeArguments) =>
        genericType with { Arguments = typeArguments };

    public TypeName GetGenericMethodParameter(object? genericContext, int index) =>
        Form(TypeForm.MethodParameter, $"{index}");

    public TypeName GetGenericTypeParameter(object? genericContext, int index) =>
        Form(TypeForm.TypeParameter, $"{index}");

    public TypeName GetPrimitiveType(PrimitiveTypeCode typeCode) => TypeName.External(typeCode switch
    {
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.Byte => "byte",
        PrimitiveTypeCode.Char => "char",
        PrimitiveTypeCode.Double => "double",
        PrimitiveTypeCode.Int16 => "short",
        PrimitiveTypeCode.Int32 => "int",
        PrimitiveTypeCode.Int64 => "long",
        PrimitiveTypeCode.IntPtr => "nint",
        PrimitiveTypeCode.Object => "object",
        PrimitiveTypeCode.SByte => "sbyte",
        PrimitiveTypeCode.Single => "float",
        PrimitiveTypeCode.String => "string",
        PrimitiveTypeCode.UInt16 => "ushort",
        PrimitiveTypeCode.UInt32 => "uint",
        PrimitiveTypeCode.UInt64 => "ulong",
        PrimitiveTypeCode.UIntPtr => "nuint",
        PrimitiveTypeCode.Void => "void",
        _ => typeCode.ToString(),
    }, null);

    public TypeName GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        TypeName.User(module.Type(handle));

    public TypeName GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        module.Reference(handle);

    public TypeName GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    private static TypeName Form(TypeForm form, string text, params ImmutableArray<TypeName> of) =>
        new(form, null, text, null, of);
}
