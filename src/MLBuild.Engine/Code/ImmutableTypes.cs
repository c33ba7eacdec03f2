using System.Reflection;
using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>Types whose objects nobody can change once they are made, with all that they hold: a static field that is
/// read-only and has one is what its initialiser made it.</summary>
internal sealed class ImmutableTypes
{
    private readonly Dictionary<CodeType, bool> _known = [];

    private static readonly string[] OfTheFramework =
    [
        "string", "bool", "byte", "char", "double", "short", "int", "long", "sbyte", "float", "ushort", "uint", "ulong",
        "nint", "nuint", "System.Decimal", "System.DateTime", "System.DateOnly", "System.TimeOnly", "System.TimeSpan",
        "System.DateTimeOffset", "System.Guid", "System.Type", "System.Uri", "System.Text.RegularExpressions.Regex",
    ];

    // What they hold counts too, but for functions, whose code is reached by itself.
    private static readonly string[] Holding =
    [
        "System.Nullable`", "System.Collections.Generic.IReadOnly", "System.Collections.Generic.IEnumerable`",
        "System.Collections.Immutable.", "System.Collections.Frozen.",
    ];

    private static readonly string[] Functions =
        ["System.Func`", "System.Action", "System.Comparison`", "System.Predicate`"];

    public bool Contains(TypeName type) => type.Form switch
    {
        TypeForm.User => type.Definition is { IsEnum: true } or { IsDelegate: true } || IsImmutable(type.Definition!),
        TypeForm.External => OfTheFramework.Contains(type.Text) || Begins(type, Functions)
            || (Begins(type, Holding) && !type.Text.EndsWith("+Builder", StringComparison.Ordinal)
                && type.Arguments.All(Contains)),
        _ => false,
    };

    private static bool Begins(TypeName type, string[] names) =>
        Array.Exists(names, name => type.Text.StartsWith(name, StringComparison.Ordinal));

    // Sealed, or another type with more in it may stand for it.
    private bool IsImmutable(CodeType type)
    {
        if (_known.TryGetValue(type, out var known))
            return known;
        if (type.IsInterface || (!type.IsValueType && (type.Definition.Attributes & TypeAttributes.Sealed) == 0))
            return _known[type] = false;
        // A type that holds itself is as the rest of it is.
        _known[type] = true;
        return _known[type] = type.ExternalBase is { Text: "object" or "System.Object" or "System.ValueType" }
            && type.Hierarchy().All(level => level.Fields.Where(field => !field.IsStatic).All(field =>
                field.IsReadOnly && (Contains(field.FieldType) || IsKept(field))));
    }

    // A private array of immutable things that none of its type's methods changes or gives away.
    private bool IsKept(CodeField field) => field.FieldType is { Form: TypeForm.Array, Arguments: [var element] }
        && Contains(element)
        && (field.Definition.Attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Private
        && field.Type.Methods.Where(method => method.Body is not null).All(method => IsKept(field, method));

    private static bool IsKept(CodeField field, CodeMethod method)
    {
        var all = method.Body!.Instructions;
        var locals = new HashSet<int>();
        for (var grew = true; grew;)
        {
            grew = false;
            for (var i = 0; i < all.Count; i++)
            {
                var isLoaded = all[i] is { Code: ILOpCode.Ldfld, Field.User: { } loaded } && loaded == field
                    || (all[i].Local is { } local && locals.Contains(local) && StackEffect.Of(all[i]) == (0, 1));
                if (all[i] is { Code: ILOpCode.Ldflda, Field.User: { } addressed } && addressed == field)
                    return false;
                if (!isLoaded)
                    continue;
                if (Taker(all, i) is not { } taker)
                    return false;
                if (taker.Local is { } kept)
                    grew |= locals.Add(kept);
            }
        }
        return true;
    }

    // What takes an array from the stack, if it does no more than read it.
    private static Instruction? Taker(IReadOnlyList<Instruction> all, int at)
    {
        if (StackEffect.Taker(all, at) is not var (taker, _))
            return null;
        return all[taker] switch
        {
            { Code: >= ILOpCode.Ldelem_i1 and <= ILOpCode.Ldelem_ref or ILOpCode.Ldelem or ILOpCode.Ldlen }
                or { Local: not null } => all[taker],
            // Of the framework: it reads, but for what is named as Array.Sort is.
            { Method: { User: null } called } when !Array.Exists(StaticFields.Changing, word =>
                called.Name.StartsWith(word, StringComparison.Ordinal)) => all[taker],
            _ => null,
        };
    }
}
