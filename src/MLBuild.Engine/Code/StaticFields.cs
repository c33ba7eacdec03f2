using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>Who changes which static field, in all user code: what a stage finds in a registry was put there by code
/// that the stage does not call. Read once, when a stage first touches a field that can change.</summary>
internal sealed class StaticFields(UserCode code)
{
    private readonly HashSet<CodeField> _assigned = [];
    private readonly Dictionary<CodeField, HashSet<CodeMethod>> _changers = [];
    private readonly Dictionary<CodeMethod, HashSet<CodeMethod>> _callers = [];
    private readonly Dictionary<CodeMethod, HashSet<CodeMethod>> _callersNow = [];
    private readonly Dictionary<CodeMethod, HashSet<CodeField>> _returned = [];
    private readonly Dictionary<CodeMethod, bool> _mutates = [];
    private bool _isRead;

    // How the methods of the framework that change an object are named.
    private static readonly string[] Changing =
    [
        "Add", "set_", "Insert", "Push", "Enqueue", "TryAdd", "TryUpdate", "TryRemove", "GetOrAdd", "Remove", "Clear",
        "Append", "Register", "Sort", "Reverse", "Fill", "UnionWith", "ExceptWith", "IntersectWith", "Prepend",
    ];

    /// <summary>True for a field that something other than its initialiser assigns.</summary>
    public bool IsChanged(CodeField field)
    {
        if (field.IsReadOnly || field.IsConstant)
            return false;
        Read();
        return _assigned.Contains(field);
    }

    /// <summary>The methods that change a field or what it holds, and those that give them what they put there.
    /// </summary>
    public IReadOnlyCollection<CodeMethod> Changers(CodeField field) => Changers(field, _callers);

    /// <summary>Those of them that do it whenever they run, not by a delegate that somebody may call.</summary>
    public IReadOnlyCollection<CodeMethod> ChangersByCall(CodeField field) => Changers(field, _callersNow);

    private HashSet<CodeMethod> Changers(CodeField field, Dictionary<CodeMethod, HashSet<CodeMethod>> callers)
    {
        if (field.IsConstant || field.IsReadOnly && IsImmutable(field.FieldType))
            return [];
        Read();
        var found = new HashSet<CodeMethod>();
        var open = new Stack<CodeMethod>(_changers.GetValueOrDefault(field) ?? []);
        while (open.TryPop(out var method))
        {
            if (!found.Add(method))
                continue;
            // What has no parameters gets nothing from its callers.
            if (method.Signature.ParameterTypes.IsEmpty && (method.IsStatic || method.Name == ".ctor"))
                continue;
            foreach (var caller in callers.GetValueOrDefault(method) ?? [])
                open.Push(caller);
        }
        return found;
    }

    private static bool IsImmutable(TypeName type) => type.Form == TypeForm.External && type.Text is "string" or "bool"
        or "byte" or "char" or "double" or "short" or "int" or "long" or "sbyte" or "float" or "ushort" or "uint"
        or "ulong" or "nint" or "nuint" or "System.Decimal" or "System.DateTime" or "System.DateOnly"
        or "System.TimeSpan" or "System.Guid" or "System.Type" or "System.Text.RegularExpressions.Regex"
        || type.Text.StartsWith("System.Func`", StringComparison.Ordinal)
        || type.Text.StartsWith("System.Collections.Immutable.", StringComparison.Ordinal)
        || type.Text.StartsWith("System.Collections.Frozen.", StringComparison.Ordinal)
        || type.Definition is { IsEnum: true } or { IsDelegate: true };

    private void Read()
    {
        if (_isRead)
            return;
        _isRead = true;
        var methods = code.AllModules.SelectMany(module => module.Types).SelectMany(type => type.Methods)
            .Where(method => method.Body is not null).ToArray();
        foreach (var method in methods)
        {
            foreach (var instruction in method.Body!.Instructions)
            {
                if (instruction.Method?.User is not { } called)
                    continue;
                Set(_callers, called).Add(method);
                if (instruction.Code is ILOpCode.Call or ILOpCode.Callvirt or ILOpCode.Newobj)
                    Set(_callersNow, called).Add(method);
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
            {
                _assigned.Add(field);
                grew |= Set(_changers, field).Add(method);
            }
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
                grew |= Use(method, all, i, source, held);
        }
        return grew;
    }

    // Follows a value from where it is put on the stack to what takes it.
    private bool Use(
        CodeMethod method, IReadOnlyList<Instruction> all, int at, CodeField source,
        Dictionary<int, HashSet<CodeField>> held)
    {
        var above = 0;
        for (var i = at + 1; i < all.Count; i++)
        {
            var instruction = all[i];
            var (pops, pushes) = StackEffect.Of(instruction);
            if (instruction.Code == ILOpCode.Ret)
                return Set(_returned, method).Add(source);
            if (pops <= above)
            {
                above += pushes - pops;
                continue;
            }
            switch (instruction)
            {
                case { Code: ILOpCode.Dup }:
                    // Both: what takes the copy, and what takes the value after that.
                    return Use(method, all, i, source, held) | IsChange(method, all, i, source);
                case { Code: ILOpCode.Castclass or ILOpCode.Isinst or ILOpCode.Ldfld or ILOpCode.Ldind_ref }:
                    above = 0;
                    continue;
                // What is in a collection may be one.
                case { Method: { User: null, Name: "get_Item" } item } when item.Signature.Header.IsInstance
                    && above == pops - 1:
                    above = 0;
                    continue;
                case { Local: { } local }:
                    return Set(held, local).Add(source) && false;
                case { Code: ILOpCode.Stfld or >= ILOpCode.Stelem_i and <= ILOpCode.Stelem_ref or ILOpCode.Stelem }
                    when above == pops - 1:
                    return Changes(method, source);
                case { Method: { } called } when called.Signature.Header.IsInstance && above == pops - 1
                    && instruction.Code != ILOpCode.Newobj && IsChanging(called):
                    return Changes(method, source);
                // An extension method, or one that is given what it fills.
                case { Method.User: { } filling } when Mutates(filling):
                    return Changes(method, source);
                default:
                    return false;
            }
        }
        return false;
    }

    // Initialisers and chains of calls work on copies: the value stays for the next.
    private bool IsChange(CodeMethod method, IReadOnlyList<Instruction> all, int dup, CodeField source)
    {
        var above = 1;
        for (var i = dup + 1; i < all.Count && all[i].Code != ILOpCode.Ret; i++)
        {
            var (pops, pushes) = StackEffect.Of(all[i]);
            if (pops > above)
                return all[i].Method is { } called && called.Signature.Header.IsInstance && IsChanging(called)
                    && Changes(method, source);
            above += pushes - pops;
        }
        return false;
    }

    // The initialiser of a field is reached with it anyway.
    private bool Changes(CodeMethod method, CodeField field) =>
        !(method.Name == ".cctor" && method.Type == field.Type) && Set(_changers, field).Add(method);

    private bool IsChanging(MethodOperand called) => called.User is { } method
        ? Mutates(method)
        : Changing.Any(word => called.Name.StartsWith(word, StringComparison.Ordinal));

    // What sets a field, an element or a collection, itself or by what it calls. What has no code may do anything.
    private bool Mutates(CodeMethod method)
    {
        if (_mutates.TryGetValue(method, out var known))
            return known;
        _mutates[method] = false;
        return _mutates[method] = method.Body is not { } body || body.Instructions.Any(instruction =>
            instruction.Code is ILOpCode.Stfld or ILOpCode.Stelem
                or >= ILOpCode.Stelem_i and <= ILOpCode.Stelem_ref
            || instruction.Method is { } called && called.Signature.Header.IsInstance
                && instruction.Code is ILOpCode.Call or ILOpCode.Callvirt && IsChanging(called));
    }

    private static HashSet<TValue> Set<TKey, TValue>(Dictionary<TKey, HashSet<TValue>> of, TKey key) where TKey : notnull
    {
        if (!of.TryGetValue(key, out var set))
            of[key] = set = [];
        return set;
    }
}
