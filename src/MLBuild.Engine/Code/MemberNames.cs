namespace MLBuild.Engine.Code;

/// <summary>Which names the C# compiler makes up. Those of lambdas, closures and state machines hold counters, which
/// any edit shifts.</summary>
internal static class GeneratedNames
{
    public static bool IsGenerated(string name) => name.StartsWith('<')
        && !name.EndsWith(">k__BackingField", StringComparison.Ordinal)
        && !IsCapturedParameter(name)
        && name is not ("<Module>" or "<Clone>$" or "<Main>$");

    /// <summary>A file-local type without its file: <c>&lt;Stages&gt;F…__Table</c> is <c>Table</c>.</summary>
    public static string WithoutFile(string name)
    {
        var mark = name.StartsWith('<') ? name.IndexOf(">F", StringComparison.Ordinal) : -1;
        const int hashLength = 64;
        return mark > 0 && name.Length > mark + 2 + hashLength + 2
            && name.AsSpan(mark + 2, hashLength).IndexOfAnyExcept("0123456789ABCDEF") < 0
            && name.AsSpan(mark + 2 + hashLength).StartsWith("__")
            ? name[(mark + 2 + hashLength + 2)..]
            : name;
    }

    /// <summary>True for closures and the like, of which only what is referred to counts. Of the others, state machines
    /// and anonymous types, all members do.</summary>
    public static bool CountsByPart(string type) => type.StartsWith("<>c", StringComparison.Ordinal)
        || type.StartsWith("<>O", StringComparison.Ordinal) || type.StartsWith("<>o__", StringComparison.Ordinal)
        || type.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal);

    public static bool IsClosure(string type) => type.StartsWith("<>c", StringComparison.Ordinal);

    public static bool IsAnonymousType(string type) => type.StartsWith("<>f__Anonymous", StringComparison.Ordinal);

    /// <summary>The name that its author gave: <c>Train</c> for <c>&lt;Train&gt;b__3_0</c>, <c>Epochs</c> for the field
    /// behind a property; null if there is none.</summary>
    public static string? Source(string name)
    {
        var begin = name.LastIndexOf('<') + 1;
        var end = name.IndexOf('>', begin);
        return name.StartsWith('<') && end > begin ? name[begin..end] : null;
    }

    // The field in which a primary constructor's parameter is kept: <clock>P.
    private static bool IsCapturedParameter(string name) =>
        name.EndsWith(">P", StringComparison.Ordinal) && name.IndexOf('>') == name.Length - 2;
}

/// <summary>How members are called: in recipes uniquely, for people shortly.</summary>
internal static class MemberNames
{
    private const string SpaceEnd = "::";

    /// <summary>The name in a recipe: <c>TaxiFares::TaxiModel.HourBand(int)</c>. It says which overload, and where the
    /// namespace ends.</summary>
    public static string Of(CodeMember member) => member switch
    {
        CodeType type => SpaceOf(type) + TypeText(type),
        CodeField field => $"{Of(field.Type)}.{FieldText(field.Name)}",
        CodeMethod method => $"{Of(method.Type)}.{MethodText(method)}({string.Join(", ",
            method.Signature.ParameterTypes.Select(Parameter))}){Result(method)}",
        _ => throw new InvalidOperationException($"BUG: unknown member {member.GetType().Name}."),
    };

    /// <summary>The name for people: without namespace, parameters, and what the compiler made of it.</summary>
    public static string Short(CodeMember member) => member switch
    {
        { IsGenerated: true } when NamedOwner(member) is { IsGenerated: false } owner => Short(owner),
        _ => Short(Of(member)),
    };

    /// <summary><c>TaxiModel.HourBand</c> for <c>TaxiFares::TaxiModel.HourBand(int)</c>.</summary>
    public static string Short(string recipeName)
    {
        var space = recipeName.IndexOf(SpaceEnd, StringComparison.Ordinal);
        var name = space < 0 ? recipeName : recipeName[(space + SpaceEnd.Length)..];
        var parameters = name.IndexOf('(');
        if (parameters < 0)
            return name;
        var isLambda = name.EndsWith(LambdaMark, StringComparison.Ordinal);
        name = name[..parameters];
        if (name.EndsWith(GetterMark, StringComparison.Ordinal))
            name = name[..^GetterMark.Length];
        return isLambda ? name + LambdaMark : name;
    }

    /// <summary>A lambda or local function that is named by where it stands.</summary>
    public static string OfLambda(CodeMethod lambda) => Of(NamedOwner(lambda)) + LambdaMark;

    private const string LambdaMark = " (lambda)";
    private const string GetterMark = ".get";

    /// <summary>The member that its author wrote, in which a generated one stands; the type if that is not known.
    /// </summary>
    public static CodeMember NamedOwner(CodeMember member)
    {
        string? source = null;
        var at = member;
        // The outermost generated name with a source says the member.
        for (; at is { IsGenerated: true, Declaring: { } outer }; at = outer)
            source = GeneratedNames.Source(at.Name) ?? source;
        return source is not null && at is CodeType type && type.Named(source).FirstOrDefault() is { } method
            ? method : at;
    }

    private static string SpaceOf(CodeType type) => type.Namespace.Length == 0 ? "" : type.Namespace + SpaceEnd;

    private static string TypeText(CodeType type)
    {
        var name = GeneratedNames.WithoutFile(type.Name);
        var tick = name.IndexOf('`');
        var own = tick < 0 ? name
            : $"{name[..tick]}<{new string(',', int.Parse(name.AsSpan(tick + 1),
                System.Globalization.CultureInfo.InvariantCulture) - 1)}>";
        return type.Declaring is { } outer ? $"{TypeText(outer)}.{own}" : own;
    }

    private static string FieldText(string name) => name.StartsWith('<') ? GeneratedNames.Source(name) ?? name : name;

    private static string MethodText(CodeMethod method)
    {
        var arity = method.Signature.GenericParameterCount;
        var text = method.Name switch
        {
            ".ctor" => "constructor",
            ".cctor" => "static constructor",
            var name when name.StartsWith("get_", StringComparison.Ordinal) && IsAccessor(method) => $"{name[4..]}.get",
            var name when name.StartsWith("set_", StringComparison.Ordinal) && IsAccessor(method) => $"{name[4..]}.set",
            var name => name,
        };
        return arity == 0 ? text : $"{text}<{new string(',', arity - 1)}>";
    }

    private static bool IsAccessor(CodeMethod method) =>
        (method.Definition.Attributes & System.Reflection.MethodAttributes.SpecialName) != 0;

    private static string Parameter(TypeName type) => type.Write(user => user.FullName);

    // Conversions alone differ by what they return.
    private static string Result(CodeMethod method) => method.Name is "op_Implicit" or "op_Explicit"
        or "op_CheckedExplicit" ? $" to {Parameter(method.Signature.ReturnType)}" : "";
}
