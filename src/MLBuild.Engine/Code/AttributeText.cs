using System.Globalization;
using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>A custom attribute as canonical text: its constructor and values, without the version that a compiler
/// writes behind the name of each type.</summary>
internal sealed class AttributeText
{
    // What tells a compiler, a debugger or a reader something, and running code nothing.
    private static readonly HashSet<string> Silent = new(
    [
        "System.ObsoleteAttribute", "System.ParamArrayAttribute", "System.CLSCompliantAttribute",
        "System.ComponentModel.EditorBrowsableAttribute",
        "System.CodeDom.Compiler.GeneratedCodeAttribute",
        "System.Diagnostics.CodeAnalysis.SuppressMessageAttribute",
        "System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverageAttribute",
        "System.Diagnostics.DebuggableAttribute", "System.Diagnostics.DebuggerBrowsableAttribute",
        "System.Diagnostics.DebuggerDisplayAttribute", "System.Diagnostics.DebuggerHiddenAttribute",
        "System.Diagnostics.DebuggerStepThroughAttribute", "System.Diagnostics.DebuggerNonUserCodeAttribute",
        "System.Diagnostics.DebuggerTypeProxyAttribute", "System.Diagnostics.StackTraceHiddenAttribute",
        "System.Diagnostics.ConditionalAttribute",
        "System.Runtime.CompilerServices.AsyncStateMachineAttribute",
        "System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute",
        "System.Runtime.CompilerServices.CallerArgumentExpressionAttribute",
        "System.Runtime.CompilerServices.CallerFilePathAttribute",
        "System.Runtime.CompilerServices.CallerLineNumberAttribute",
        "System.Runtime.CompilerServices.CallerMemberNameAttribute",
        "System.Runtime.CompilerServices.CompilerGeneratedAttribute",
        "System.Runtime.CompilerServices.ExtensionAttribute",
        "System.Runtime.CompilerServices.IteratorStateMachineAttribute",
        "System.Runtime.CompilerServices.IsReadOnlyAttribute",
        "System.Runtime.CompilerServices.OverloadResolutionPriorityAttribute",
        "System.Runtime.CompilerServices.RefSafetyRulesAttribute",
        "System.Runtime.CompilerServices.ScopedRefAttribute",
        "System.Runtime.CompilerServices.TupleElementNamesAttribute",
        "System.Runtime.CompilerServices.DynamicAttribute",
    ], StringComparer.Ordinal);

    private const string Nullability = "System.Runtime.CompilerServices.Nullable";
    private const string VersionMark = ", Version=";

    private readonly CodeModule _module;
    private readonly UserCode _code;
    private BlobReader _blob;

    private AttributeText(UserCode code, CodeModule module, CustomAttribute attribute)
    {
        (_code, _module, Constructor) = (code, module, module.MethodOf(attribute.Constructor));
        var raw = Convert.ToHexString(module.Metadata.GetBlobBytes(attribute.Value));
        try
        {
            _blob = module.Metadata.GetBlobReader(attribute.Value);
            _blob.ReadUInt16();
            var fixedValues = Constructor.Signature.ParameterTypes.Select(Value).ToArray();
            var named = Enumerable.Range(0, _blob.ReadUInt16()).Select(_ => Named()).ToArray();
            Values = _blob.RemainingBytes == 0 ? string.Join(",", [.. fixedValues, .. named]) : raw;
        }
        // An enumeration of a package that is no int: its values cannot be told apart, its bytes can.
        catch (Exception e) when (e is BadImageFormatException or ArgumentOutOfRangeException or NotSupportedException)
        {
            Values = raw;
        }
    }

    public MethodOperand Constructor { get; }

    public string Name => Constructor.Owner.ToString();

    /// <summary>All values, of the constructor's parameters first.</summary>
    public string Values { get; }

    /// <summary>The types of user code that it names.</summary>
    public List<CodeType> Types { get; } = [];

    /// <param name="withNullability">Serializers may obey nullability, so it counts where a type counts whole.</param>
    public static IEnumerable<AttributeText> Of(
        UserCode code, CodeModule module, CustomAttributeHandleCollection attributes, bool withNullability = false)
    {
        foreach (var handle in attributes)
        {
            var attribute = module.Metadata.GetCustomAttribute(handle);
            var name = module.MethodOf(attribute.Constructor).Owner.ToString();
            var isNullability = name.StartsWith(Nullability, StringComparison.Ordinal);
            if (!Silent.Contains(name) && (withNullability || !isNullability))
                yield return new(code, module, attribute);
        }
    }

    private string Named()
    {
        var kind = _blob.ReadByte();
        var type = ReadType();
        var name = _blob.ReadSerializedString();
        return $"{kind}:{name}={Value(type)}";
    }

    private TypeName ReadType() => _blob.ReadSerializationTypeCode() switch
    {
        SerializationTypeCode.Type => TypeName.External("System.Type", null),
        SerializationTypeCode.TaggedObject => TypeName.External("object", null),
        SerializationTypeCode.SZArray => new(TypeForm.Array, null, "", null, [ReadType()]),
        SerializationTypeCode.Enum => TypeNamed(_blob.ReadSerializedString() ?? "") is { } type
            ? TypeName.User(type) : TypeName.External("enum", null),
        SerializationTypeCode.String => TypeName.External("string", null),
        var primitive => _module.Signatures.GetPrimitiveType((PrimitiveTypeCode)primitive),
    };

    private string Value(TypeName type)
    {
        if (type.Form == TypeForm.Array)
        {
            var count = _blob.ReadInt32();
            return count < 0 ? "null" : $"[{string.Join(",", Enumerable.Range(0, count)
                .Select(_ => Value(type.Arguments[0])))}]";
        }
        if (type.Definition is { } user)
            return Value(user.Fields.First(field => field.Name == "value__").FieldType);
        return type.Text switch
        {
            "bool" or "byte" or "sbyte" => Number(_blob.ReadByte()),
            "char" or "short" or "ushort" => Number(_blob.ReadUInt16()),
            "long" or "ulong" => Number(_blob.ReadInt64()),
            "float" => Number(BitConverter.SingleToInt32Bits(_blob.ReadSingle())),
            "double" => Number(BitConverter.DoubleToInt64Bits(_blob.ReadDouble())),
            "string" => _blob.ReadSerializedString() is { } text ? $"{text.Length}'{text}'" : "null",
            "System.Type" => TypeText(_blob.ReadSerializedString()),
            "object" => Boxed(),
            // int, uint, and the enumerations of others, nearly all of which are ints.
            _ => Number(_blob.ReadInt32()),
        };

        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
    }

    private string Boxed()
    {
        var type = ReadType();
        return $"({type}){Value(type)}";
    }

    private string TypeText(string? name)
    {
        if (name is null)
            return "null";
        foreach (var part in name.Split('[', ']').Where(part => part.Trim(' ', ',').Length > 0))
        {
            if (TypeNamed(part.Trim(' ', ',')) is { } type)
                Types.Add(type);
        }
        return WithoutVersions(name);
    }

    private CodeType? TypeNamed(string name) => name.Contains(',') ? _code.Find(name) : _module.Find(name);

    private static string WithoutVersions(string name)
    {
        for (int at; (at = name.IndexOf(VersionMark, StringComparison.Ordinal)) >= 0;)
        {
            var end = name.IndexOf(']', at);
            name = name.Remove(at, (end < 0 ? name.Length : end) - at);
        }
        return name;
    }
}
