using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MLBuild.Engine.Code;

/// <summary>Writes one named member in full, with every token replaced by what it stands for. Other named members are
/// referred to by name; what the compiler generated has none, so it is written in line, called by the order of first
/// meeting. Local names, tokens, addresses, file and line are in none of it.</summary>
internal sealed class CanonicalText
{
    private const MethodAttributes TellingMethod = MethodAttributes.Static | MethodAttributes.Abstract
        | MethodAttributes.Virtual | MethodAttributes.NewSlot | MethodAttributes.Final | MethodAttributes.PinvokeImpl;

    private const TypeAttributes TellingType = TypeAttributes.Abstract | TypeAttributes.Sealed
        | TypeAttributes.Interface | TypeAttributes.LayoutMask | TypeAttributes.StringFormatMask;

    private readonly UserCode _code;
    private readonly StringBuilder _text = new();
    private readonly Dictionary<CodeMember, int> _generated = [];
    private readonly Queue<CodeMember> _open = [];

    private CanonicalText(UserCode code) => _code = code;

    public static MemberHash OfMethod(UserCode code, CodeMethod method) => Of(code, text =>
    {
        if (method.IsGenerated)
            text.Generated(method);
        else
            text.Method(method);
    });

    /// <param name="initialiser">The part of the static constructor that gives the field its value.</param>
    public static MemberHash OfField(UserCode code, CodeField field, IReadOnlyList<CodeRange> initialiser) =>
        Of(code, text =>
        {
            text.Field(field, withAccess: false);
            text.Data(field);
            foreach (var range in initialiser)
            {
                text.Instructions(range.Instructions, range.Instructions.FirstOrDefault().Offset,
                    range.Method.Body!, localsByUse: true);
            }
        });

    public static MemberHash OfType(UserCode code, CodeType type, TypeExtent extent) => Of(code, text =>
    {
        text.Header(type, extent == TypeExtent.Whole);
        if (extent != TypeExtent.Header)
            text.Members(type, extent == TypeExtent.Whole);
    });

    private static MemberHash Of(UserCode code, Action<CanonicalText> write)
    {
        var text = new CanonicalText(code);
        write(text);
        while (text._open.TryDequeue(out var generated))
            text.Inline(generated);
        // UTF-16, because UTF-8 cannot tell one half of a surrogate pair from another.
        var digest = SHA256.HashData(MemoryMarshal.AsBytes(text._text.ToString().AsSpan()));
        return new(Convert.ToHexStringLower(digest.AsSpan(0, MemberHash.Bytes)), [.. text._generated.Keys]);
    }

    private void Method(CodeMethod method)
    {
        var definition = method.Definition;
        Line($"method {definition.Attributes & TellingMethod:x} {definition.ImplAttributes:x} " +
            $"{method.Signature.Header.RawValue:x2} {method.Signature.GenericParameterCount} " +
            $"{Text(method.Signature.ReturnType)}({Texts(method.Signature.ParameterTypes)})");
        Constraints(method.Module, definition.GetGenericParameters());
        Attributes(method.Module, definition.GetCustomAttributes(), withNullability: false);
        if (method.IsConstructor)
            Parameters(method);
        if (method.NativeLibrary is { } library)
        {
            var import = definition.GetImport();
            Line($"import {library} {method.Module.Metadata.GetString(import.Name)} {import.Attributes:x}");
        }
        foreach (var slot in method.Slots.Skip(1).Order(StringComparer.Ordinal))
            Line($"overrides {slot}");
        if (method.Body is not { } body)
            return;
        Line($"locals {(body.ClearsLocals ? "cleared" : "as they are")} {Texts(body.Locals)}");
        for (var i = 0; i < body.Regions.Length; i++)
        {
            var region = body.Regions[i];
            Line($"{region.Kind} {region.TryOffset} {region.TryLength} {region.HandlerOffset} " +
                $"{region.HandlerLength} {region.FilterOffset} {(body.Caught[i] is { } type ? Text(type) : "")}");
        }
        Instructions(body.Instructions, 0, body, localsByUse: false);
    }

    private void Instructions(IEnumerable<Instruction> instructions, int start, MethodBody body, bool localsByUse)
    {
        var locals = new Dictionary<int, int>();
        foreach (var instruction in instructions)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{instruction.Offset - start:x} ");
            if (localsByUse && instruction.Local is { } local)
            {
                // Which number a local has depends on the initialisers before.
                if (locals.TryAdd(local, locals.Count))
                    _text.Append(Text(body.Locals[local])).Append(' ');
                Line($"{StackEffect.Of(instruction)} local {locals[local]} {instruction.IsLocalAddress}");
            }
            else
            {
                _text.Append(CultureInfo.InvariantCulture, $"{(int)instruction.Code:x} ");
                Line(instruction.Operand is { } operand ? Text(operand)
                    : Convert.ToHexStringLower(instruction.Inline.Span));
            }
        }
    }

    private string Text(Operand operand) => operand switch
    {
        TextOperand text => $"{text.Text.Length}'{text.Text}'",
        TypeOperand type => Text(type.Type),
        FieldOperand field => Generated(field.User) is { } own
            ? $"{own} {Arguments(field.Owner)}"
            : $"{Text(field.Owner)}::{field.Name} {Text(field.FieldType)}",
        MethodOperand method => (Generated(method.User) is { } own
            ? $"{own} {Arguments(method.Owner)}"
            : $"{Text(method.Owner)}::{method.Name} {Signature(method.Signature)}") +
            (method.Arguments.IsEmpty ? "" : $" <{Texts(method.Arguments)}>"),
        FunctionOperand function => Signature(function.Signature),
        _ => throw new InvalidOperationException($"BUG: unknown operand {operand.GetType().Name}."),
    };

    private string Signature(MethodSignature<TypeName> signature) =>
        $"{signature.Header.RawValue:x2} {Text(signature.ReturnType)}({Texts(signature.ParameterTypes)})";

    private string Arguments(TypeName owner) => owner.Arguments.IsEmpty ? "" : $"<{Texts(owner.Arguments)}>";

    private string Text(TypeName type) => type.Write(user => Generated(user) ?? user.FullName);

    private string Texts(IEnumerable<TypeName> types) => string.Join(",", types.Select(Text));

    // The number of a generated member, which will be written in line; null for one that has a name.
    private string? Generated(CodeMember? member)
    {
        if (member is not { IsGenerated: true })
            return null;
        if (!_generated.TryGetValue(member, out var number))
        {
            _generated[member] = number = _generated.Count;
            _open.Enqueue(member);
        }
        return $"gen#{number}";
    }

    private void Inline(CodeMember generated)
    {
        // Its type too: what is created may be called by others.
        Line($"gen#{_generated[generated]}: {Generated(generated.Declaring)}");
        switch (generated)
        {
            case CodeMethod method:
                // A state machine's MoveNext, an anonymous type's property: what others call it by.
                if (!method.Name.StartsWith('<') && !GeneratedNames.IsClosure(method.Type.Name))
                    Line(method.Name);
                Method(method);
                break;
            case CodeField field:
                if (GeneratedNames.IsAnonymousType(field.Type.Name))
                    Line(field.Name);
                Line($"{(field.IsStatic ? "static " : "")}field {Text(field.FieldType)}");
                Data(field);
                break;
            case CodeType type:
                Header(type, whole: false);
                if (GeneratedNames.CountsByPart(type.Name))
                    break;
                foreach (var member in type.Fields.Cast<CodeMember>().Concat(type.Methods))
                    Line(Generated(member)!);
                break;
        }
    }

    private void Header(CodeType type, bool whole)
    {
        var access = whole ? type.Definition.Attributes & TypeAttributes.VisibilityMask : 0;
        Line($"type {type.Definition.Attributes & TellingType:x} {access:x} " +
            $"{(type.Base is { } parent ? Text(parent) : "")}");
        foreach (var implemented in type.Interfaces.Select(Text).Order(StringComparer.Ordinal))
            Line($"has {implemented}");
        Constraints(type.Module, type.Definition.GetGenericParameters());
        if (type.Definition.GetLayout() is { IsDefault: false } layout)
            Line($"layout {layout.PackingSize} {layout.Size}");
        if (type.IsGenerated)
            return;
        Attributes(type.Module, type.Definition.GetCustomAttributes(), whole);
        // Their names are what ToString says and Parse reads.
        if (type.IsEnum)
        {
            foreach (var field in type.Fields)
            {
                Field(field, withAccess: false);
                Data(field);
            }
        }
    }

    // In the order written: serializers and readers of columns follow it.
    private void Members(CodeType type, bool whole)
    {
        foreach (var field in type.Fields.Where(field => !field.IsGenerated && (whole || !field.IsStatic)))
        {
            Field(field, whole);
            if (whole)
                Data(field);
        }
        foreach (var handle in type.Definition.GetProperties())
        {
            var property = type.Module.Metadata.GetPropertyDefinition(handle);
            var accessors = property.GetAccessors();
            var signature = property.DecodeSignature(type.Module.Signatures, null);
            Line($"property {type.Module.Metadata.GetString(property.Name)} {Signature(signature)} " +
                $"{Accessor(accessors.Getter)} {Accessor(accessors.Setter)}");
            Attributes(type.Module, property.GetCustomAttributes(), whole);
        }
        if (!whole)
            return;
        foreach (var method in type.Methods.Where(method => !method.IsGenerated))
        {
            Line($"has {(method.Definition.Attributes & MethodAttributes.MemberAccessMask):x} {method.Name} " +
                Signature(method.Signature));
            Attributes(type.Module, method.Definition.GetCustomAttributes(), withNullability: true);
            Parameters(method);
        }
        foreach (var handle in type.Definition.GetEvents())
        {
            var row = type.Module.Metadata.GetEventDefinition(handle);
            Line($"event {type.Module.Metadata.GetString(row.Name)} {Text(type.Module.TypeOf(row.Type))}");
        }

        string Accessor(MethodDefinitionHandle accessor) => accessor.IsNil ? "none"
            : whole ? $"{type.Module.Method(accessor).Definition.Attributes & MethodAttributes.MemberAccessMask:x}"
            : "some";
    }

    private void Field(CodeField field, bool withAccess)
    {
        var access = withAccess ? field.Definition.Attributes & FieldAttributes.FieldAccessMask : 0;
        Line($"{(field.IsStatic ? "static " : "")}field {field.Name} {Text(field.FieldType)} {access:x} " +
            $"{field.Definition.GetOffset()}");
        Attributes(field.Module, field.Definition.GetCustomAttributes(), withAccess);
    }

    private void Data(CodeField field)
    {
        if (!field.Definition.GetDefaultValue().IsNil)
            Line($"constant {Constant(field.Module, field.Definition.GetDefaultValue())}");
        if (field.Module.Data(field) is { IsEmpty: false } bytes)
            Line($"data {Convert.ToHexStringLower(bytes.AsSpan())}");
    }

    // Constructor parameters are matched by name when objects are read from data, and defaults fill in.
    private void Parameters(CodeMethod method)
    {
        foreach (var handle in method.Definition.GetParameters())
        {
            var parameter = method.Module.Metadata.GetParameter(handle);
            if (parameter.SequenceNumber == 0)
                continue;
            Line($"parameter {method.Module.Metadata.GetString(parameter.Name)} {parameter.Attributes:x} " +
                (parameter.GetDefaultValue().IsNil ? ""
                    : Constant(method.Module, parameter.GetDefaultValue())));
            Attributes(method.Module, parameter.GetCustomAttributes(), withNullability: false);
        }
    }

    private static string Constant(CodeModule module, ConstantHandle handle)
    {
        var constant = module.Metadata.GetConstant(handle);
        return $"{constant.TypeCode} {Convert.ToHexStringLower(module.Metadata.GetBlobBytes(constant.Value))}";
    }

    private void Constraints(CodeModule module, GenericParameterHandleCollection parameters)
    {
        foreach (var handle in parameters)
        {
            var parameter = module.Metadata.GetGenericParameter(handle);
            Line($"type parameter {parameter.Attributes:x} {string.Join(",", parameter.GetConstraints()
                .Select(row => Text(module.TypeOf(module.Metadata.GetGenericParameterConstraint(row).Type)))
                .Order(StringComparer.Ordinal))}");
        }
    }

    private void Attributes(CodeModule module, CustomAttributeHandleCollection attributes, bool withNullability)
    {
        foreach (var line in AttributeText.Of(_code, module, attributes, withNullability)
            .Select(attribute => $"[{attribute.Name} {Signature(attribute.Constructor.Signature)} {attribute.Values}]")
            .Order(StringComparer.Ordinal))
            Line(line);
    }

    private void Line(string line) => _text.Append(line).Append('\n');
}

/// <summary>How much of a type counts.</summary>
internal enum TypeExtent
{
    /// <summary>What it is: base, interfaces, attributes, an enumeration's names.</summary>
    Header,

    /// <summary>Also its data: instance fields and properties.</summary>
    Data,

    /// <summary>All its members, for whoever reflects over it.</summary>
    Whole,
}

/// <summary>The hash of one named member, and the generated members that are in it, in the order in which it
/// comes to them.</summary>
/// <param name="Hex">The first half of a SHA-256: enough to tell members apart, and half as long in a recipe.</param>
internal sealed record MemberHash(string Hex, IReadOnlyList<CodeMember> Generated)
{
    public const int Bytes = 16;
}
