using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>Whose changes of a static field count as code of who reads it.</summary>
internal enum Fillers
{
    /// <summary>All that the program has.</summary>
    Program,

    /// <summary>Nobody's but the field's own initialiser: what one function is does not depend on what its program does
    /// besides.</summary>
    None,
}

/// <summary>Who changes which static field, in all user code: what a stage finds in a registry was put there by code
/// that the stage does not call. Read once, when a stage first touches a field that can change.</summary>
internal sealed class StaticFields(UserCode code)
{
    private readonly ImmutableTypes _immutable = new();

    // Where: a method, and the number of the instruction in it.
    private readonly Dictionary<CodeField, HashSet<(CodeMethod, int)>> _changers = [];
    private readonly Dictionary<CodeMethod, HashSet<(CodeMethod, int)>> _callers = [];
    private readonly Dictionary<CodeField, IReadOnlyList<CodeRange>> _ranges = [];
    private readonly Dictionary<CodeMethod, HashSet<CodeField>> _returned = [];
    private readonly Dictionary<CodeMethod, bool> _mutates = [];
    private bool _isRead;

    // How the methods of the framework that change an object are named.
    internal static readonly string[] Changing =
    [
        "Add", "set_", "Insert", "Push", "Enqueue", "TryAdd", "TryUpdate", "TryRemove", "GetOrAdd", "Remove", "Clear",
        "Append", "Register", "Sort", "Reverse", "Fill", "Resize", "SetValue", "UnionWith", "ExceptWith",
        "IntersectWith", "Prepend",
    ];

    /// <summary>True for a field that anybody may assign while the program runs.</summary>
    public static bool IsMutable(CodeField field) => !field.IsReadOnly && !field.IsConstant;

    /// <summary>The code that changes a field or what it holds, and that gives it what it puts there: statements where
    /// they stand alone, else whole methods.</summary>
    public IReadOnlyList<CodeRange> Changers(CodeField field)
    {
        if (field.IsConstant || field.IsReadOnly && _immutable.Contains(field.FieldType))
            return [];
        if (_ranges.TryGetValue(field, out var known))
            return known;
        Read();
        var found = new HashSet<CodeRange>();
        var followed = new HashSet<CodeMethod>();
        var open = new Stack<(CodeMethod Method, int At)>(_changers.GetValueOrDefault(field) ?? []);
        while (open.TryPop(out var site))
        {
            found.Add(StatementAt(site.Method, site.At));
            // What has no parameters gets nothing from its callers.
            if (site.Method.Signature.ParameterTypes.IsEmpty && (site.Method.IsStatic || site.Method.Name == ".ctor")
                || !followed.Add(site.Method))
                continue;
            foreach (var caller in _callers.GetValueOrDefault(site.Method) ?? [])
                open.Push(caller);
        }
        return _ranges[field] = [.. found.OrderBy(range => MemberNames.Of(range.Method), StringComparer.Ordinal)
            .ThenBy(range => range.From)];
    }

    // A statement that uses locals means what those before it did.
    private static CodeRange StatementAt(CodeMethod method, int at)
    {
        var whole = new CodeRange(method, 0, method.Body!.Instructions.Count);
        var statement = Statements.Of(method)?.FirstOrDefault(range => range.From <= at && at < range.To);
        return statement is { Method: not null } one
            && one.Instructions.All(instruction => instruction.Local is null) ? one : whole;
    }

    private void Read()
    {
        if (_isRead)
            return;
        _isRead = true;
        var methods = code.AllModules.SelectMany(module => module.Types).SelectMany(type => type.Methods)
            .Where(method => method.Body is not null).ToArray();
        foreach (var method in methods)
        {
            for (var i = 0; i < method.Body!.Instructions.Count; i++)
            {
                if (method.Body.Instructions[i].Method?.User is { } called)
                    Set(_callers, called).Add((method, i));
            }
        }
        // A property or method may hand out what a field holds; then who calls it counts as who reads the field.
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var method in methods)
                grew |= Follow(method);
        }
    }

    private bool Follow(CodeMethod method)
    {
        var grew = false;
        var all = method.Body!.Instructions;
        var held = new Dictionary<int, HashSet<CodeField>>();
        for (var i = 0; i < all.Count; i++)
        {
            var instruction = all[i];
            if (instruction is { Code: ILOpCode.Stsfld or ILOpCode.Ldsflda, Field.User: { IsGenerated: false } field }
                && !(method.Name == ".cctor" && method.Type == field.Type))
                grew |= Set(_changers, field).Add((method, i));
            var sources = instruction switch
            {
                { Code: ILOpCode.Ldsfld, Field.User: { IsGenerated: false } read } => [read],
                { Method.User: { } called } when instruction.Code is ILOpCode.Call or ILOpCode.Callvirt =>
                    _returned.GetValueOrDefault(called) ?? [],
                { Code: not (ILOpCode.Ldloca or ILOpCode.Ldloca_s), Local: { } local }
                    when StackEffect.Of(instruction) == (0, 1) => held.GetValueOrDefault(local) ?? [],
                _ => (IEnumerable<CodeField>)[],
            };
            foreach (var source in sources.ToArray())
                grew |= Use(method, i, source, held);
        }
        return grew;
    }

    // Follows a value from where it is put on the stack to what takes it.
    private bool Use(
        CodeMethod method, int at, CodeField source, Dictionary<int, HashSet<CodeField>> held, int above = 0)
    {
        var all = method.Body!.Instructions;
        for (; StackEffect.Taker(all, at, above) is var (taker, over); (at, above) = (taker, 0))
        {
            var instruction = all[taker];
            var isLowest = over == StackEffect.Of(instruction).Pops - 1;
            switch (instruction)
            {
                case { Code: ILOpCode.Ret }:
                    return Set(_returned, method).Add(source);
                case { Code: ILOpCode.Dup }:
                    // Both: what takes the copy, and what takes the value after that.
                    return Use(method, taker, source, held) | Use(method, taker, source, held, above: 1);
                case { Code: ILOpCode.Castclass or ILOpCode.Isinst or ILOpCode.Ldfld or ILOpCode.Ldind_ref }:
                case { Code: ILOpCode.Ldflda or ILOpCode.Ldelema } when isLowest:
                // What is in a collection may be one.
                case { Method: { User: null, Name: "get_Item" } item } when item.Signature.Header.IsInstance
                    && isLowest:
                    continue;
                case { Local: { } local }:
                    Set(held, local).Add(source);
                    return false;
                case { Code: var code } when isLowest && IsStore(code):
                    return Changes(method, taker, source);
                case { Method: { } called } when called.Signature.Header.IsInstance && isLowest
                    && instruction.Code != ILOpCode.Newobj && IsChanging(called):
                    return Changes(method, taker, source);
                // Array.Fill, an extension method, or one that is given what it fills.
                case { Method: { User: null, Signature.Header.IsInstance: false } given } when IsChanging(given):
                    return Changes(method, taker, source);
                case { Method.User: { } filling } when Mutates(filling):
                    return Changes(method, taker, source);
                default:
                    return false;
            }
        }
        return false;
    }

    // Into an object, an element, or a place whose address is on the stack.
    private static bool IsStore(ILOpCode code) => code is ILOpCode.Stfld or ILOpCode.Stobj or ILOpCode.Stelem
        or ILOpCode.Stind_i or >= ILOpCode.Stelem_i and <= ILOpCode.Stelem_ref
        or >= ILOpCode.Stind_ref and <= ILOpCode.Stind_r8;

    // The initialiser of a field is reached with it anyway.
    private bool Changes(CodeMethod method, int at, CodeField field) =>
        !(method.Name == ".cctor" && method.Type == field.Type) && Set(_changers, field).Add((method, at));

    private bool IsChanging(MethodOperand called) => called.User is { } method
        ? Mutates(method)
        : IsNamedAsChanging(called);

    // What sets a field, an element or a collection, itself or by what it calls. Of methods that call each other none
    // is known to change nothing before all of them are.
    private bool Mutates(CodeMethod method)
    {
        if (_mutates.TryGetValue(method, out var known))
            return known;
        var seen = new HashSet<CodeMethod> { method };
        var open = new Stack<CodeMethod>(seen);
        while (open.TryPop(out var one))
        {
            if (_mutates.TryGetValue(one, out var isChanging) ? isChanging : MutatesItself(one))
                return _mutates[method] = true;
            foreach (var called in one.Body!.Instructions.Where(IsCallOnObject)
                .Select(instruction => instruction.Method!.User).OfType<CodeMethod>())
            {
                if (seen.Add(called))
                    open.Push(called);
            }
        }
        foreach (var one in seen)
            _mutates[one] = false;
        return false;
    }

    // What has no code may do anything.
    private static bool MutatesItself(CodeMethod method) => method.Body is not { } body
        || body.Instructions.Any(instruction => instruction.Code is ILOpCode.Stfld or ILOpCode.Stelem
                or >= ILOpCode.Stelem_i and <= ILOpCode.Stelem_ref
            || IsCallOnObject(instruction) && instruction.Method is { User: null } called && IsNamedAsChanging(called));

    private static bool IsCallOnObject(Instruction instruction) =>
        instruction is { Code: ILOpCode.Call or ILOpCode.Callvirt, Method.Signature.Header.IsInstance: true };

    private static bool IsNamedAsChanging(MethodOperand called) =>
        Changing.Any(word => called.Name.StartsWith(word, StringComparison.Ordinal));

    private static HashSet<TValue> Set<TKey, TValue>(Dictionary<TKey, HashSet<TValue>> of, TKey key)
        where TKey : notnull
    {
        if (!of.TryGetValue(key, out var set))
            of[key] = set = [];
        return set;
    }
}
