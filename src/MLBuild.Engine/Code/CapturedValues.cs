using System.Collections;
using System.Globalization;
using System.Reflection;
using MLBuild.Engine.Recipes;

namespace MLBuild.Engine.Code;

/// <summary>The values that a stage's code finds in its delegate: captured locals, members of the build, and what those
/// refer to. Only what reached code reads counts; delegates found are code that is reached, objects found are objects
/// that exist.</summary>
internal sealed class CapturedValues(
    UserCode code, BuildClasses builds, string stage, Fillers fillers = Fillers.Program)
{
    private readonly RuntimeCode _runtime = new(code);
    private readonly List<RecipeEntry> _entries = [];
    private readonly List<(string What, string WayOut)> _faults = [];
    private readonly List<Place> _places = [];
    private readonly Dictionary<object, string> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(object, CodeMethod)> _lambdas = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Reach _reach = null!;

    /// <summary>What is found, by name.</summary>
    public IReadOnlyList<RecipeEntry> Entries => _entries;

    /// <summary>A field that is read, and the object it is in.</summary>
    /// <param name="Name">As its author wrote it.</param>
    public sealed record Place(string Name, object Holder, CodeField Field, bool IsSecret);

    /// <summary>Each field read of the objects found, first those of the delegate's target.</summary>
    public IReadOnlyList<Place> Places => _places;

    /// <summary>What cannot be known: <c>reads 'Build.Client', a HttpClient, whose value no recipe can hold</c>.
    /// </summary>
    public IEnumerable<string> Faults => _faults.Select(fault => fault.What);

    /// <exception cref="PipelineException">A value cannot be known; all such are named.</exception>
    public void Demand()
    {
        if (_faults.Count > 0)
            throw PipelineException.Of([.. _faults.Select(fault => $"Stage '{stage}' {fault.What}. {fault.WayOut}")]);
    }

    /// <summary>Follows a delegate, its target, and all that comes of it, to the end.</summary>
    public void Follow(Delegate root, Reach reach)
    {
        _reach = reach;
        for (var before = -1; before != reach.Size;)
        {
            before = reach.Size;
            Read(root);
            reach.Run();
        }
    }

    private void Read(Delegate root)
    {
        _entries.Clear();
        _faults.Clear();
        _places.Clear();
        _seen.Clear();
        _lambdas.Clear();
        _names.Clear();
        foreach (var one in root.GetInvocationList())
        {
            if (_runtime.Definition(one.Method) is { } method)
                _reach.Add(method, null);
            foreach (var argument in one.Method.IsGenericMethod ? one.Method.GetGenericArguments() : [])
            {
                if (_runtime.Definition(argument) is { } type)
                    _reach.AddWhole(type, null);
            }
            if (one.Target is { } target)
                Target(target, one.Method, item: null);
        }
        foreach (var field in _reach.Statics.Where(field => field is { IsGenerated: false, IsConstant: false })
            .OrderBy(MemberNames.Of, StringComparer.Ordinal).ToArray())
            Static(field, root.Method.Module.Assembly);
    }

    // A build's static members are values as its others are, and so is what its declarations put elsewhere. Of other
    // fields the code that assigns them counts; the value does too, where it is one thing and may change.
    private void Static(CodeField field, Assembly beside)
    {
        var isBuilds = builds.Contains(field.Type);
        var isDeclared = _reach.Declared.Contains(field);
        if (!isBuilds && !isDeclared && (field.FieldType.Form != TypeForm.External || !StaticFields.IsMutable(field))
            || RuntimeCode.Running(field.Type, beside) is not { ContainsGenericParameters: false } type)
            return;
        var name = $"{MemberNames.Short(field.Type)}.{NameOf(field)}";
        object? value;
        try
        {
            value = RuntimeCode.Value(field, type, null);
        }
        catch (TargetInvocationException e) when (e.InnerException is TypeInitializationException)
        {
            // The stage will say it better.
            return;
        }
        if (IsSecret(field))
            Entry(name, "secret", "");
        else if (isBuilds)
            Value(name, value);
        else if (isDeclared)
            Declared(field, name, value);
        else if (ScalarText.Of(value) is { } scalar && !IsRemembered(field))
            Entry(name, scalar.Type, scalar.Text);
    }

    // What a function is does not depend on whether it ran: what it puts into a field itself is its code's.
    private bool IsRemembered(CodeField field) => fillers == Fillers.None
        && code.Statics.Changers(field).Any(range => _reach.Methods.ContainsKey(range.Method));

    private void Declared(CodeField field, string name, object? value)
    {
        var (entries, faults) = (_entries.Count, _faults.Count);
        Value(name, value);
        if (_faults.Count == faults)
            return;
        _entries.RemoveRange(entries, _entries.Count - entries);
        _faults.RemoveRange(faults, _faults.Count - faults);
        _reach.AddDeclaring(field);
    }

    /// <param name="item">The value that the delegate is; null for the stage's own.</param>
    private void Target(object target, MethodInfo method, string? item)
    {
        if (_runtime.Definition(target.GetType()) is not { } type)
            Value($"{item ?? "code"}.target", target);
        else if (type.IsGenerated && _runtime.Definition(method) is { } lambda)
            Closure(target, type, lambda);
        else if (item is null || builds.Contains(type))
            Object(MemberNames.Short(type), target, type, isNamed: true);
        else
            Object($"{item}.target", target, type, isNamed: false);
    }

    // Locals are told apart by the order in which the lambda comes to them, as in its canonical text: their names are
    // their author's business, and their order in the closure that of all its lambdas.
    private void Closure(object closure, CodeType type, CodeMethod lambda)
    {
        if (!_lambdas.Add((closure, lambda)))
            return;
        var owner = MemberNames.Short(MemberNames.NamedOwner(lambda));
        var closures = new Dictionary<CodeType, object>();
        Collect(closure, type);
        var locals = 0;
        foreach (var field in code.HashOf(lambda).Generated.OfType<CodeField>()
            .Where(field => !field.IsStatic && _reach.Reads.Contains(field)))
        {
            if (!closures.TryGetValue(field.Type, out var holder))
                continue;
            var value = RuntimeCode.Value(field, holder.GetType(), holder);
            var held = value is null ? null : _runtime.Definition(value.GetType());
            if (held is not null && closures.ContainsKey(held))
                continue;
            if (value is not null && held is not null && field.Name == "<>4__this")
                Object(MemberNames.Short(held), value, held, isNamed: true);
            else if (!field.Name.StartsWith("<>9", StringComparison.Ordinal))
            {
                _places.Add(new(field.Name, holder, field, IsSecret: false));
                var name = $"local {(++locals).ToString(CultureInfo.InvariantCulture)} of {owner}";
                while (!_names.Add(name))
                    name += "'";
                Value(name, value);
            }
        }

        // A closure holds those of the scopes around it.
        void Collect(object one, CodeType its)
        {
            if (!closures.TryAdd(its, one))
                return;
            foreach (var field in its.Fields.Where(field => !field.IsStatic))
            {
                if (RuntimeCode.Value(field, one.GetType(), one) is { } inner
                    && _runtime.Definition(inner.GetType()) is { IsGenerated: true } outer
                    && GeneratedNames.IsClosure(outer.Name))
                    Collect(inner, outer);
            }
        }
    }

    // The fields of a build's object are named after its class alone; it is no value itself.
    private void Object(string name, object value, CodeType type, bool isNamed)
    {
        if (!_seen.TryAdd(value, name))
        {
            if (!isNamed)
                Entry(name, "same as", _seen[value]);
            return;
        }
        if (builds.Contains(type))
            _reach.Offer(type);
        else
        {
            _reach.Create(type, null);
            Entry(name, "object", MemberNames.Short(type));
        }
        foreach (var part in type.Hierarchy().Reverse())
        {
            var isWhole = _reach.Types.TryGetValue(part, out var extent) && extent == TypeExtent.Whole;
            foreach (var field in part.Fields.Where(field => !field.IsStatic
                && (isWhole || _reach.Reads.Contains(field))))
            {
                var member = $"{name}.{NameOf(field)}";
                _places.Add(new(member, value, field, IsSecret(field)));
                if (IsSecret(field))
                    Entry(member, "secret", "");
                else
                    Value(member, RuntimeCode.Value(field, value.GetType(), value));
            }
        }
        // What its base holds is in fields that nobody here can name.
        if (value is IEnumerable items && type.ExternalBase is { } parent
            && parent.Text.StartsWith("System.Collections.", StringComparison.Ordinal))
            List($"{name}.items", items);
    }

    private void Value(string name, object? value)
    {
        if (ScalarText.Of(value) is { } scalar)
            Entry(name, scalar.Type, scalar.Text);
        else if (value is Delegate one)
            Code(name, one);
        else if (OpaqueText.Of(value!) is { } text)
        {
            Entry(name, text.Type, text.Text);
            if (value is Type named)
                AddWhole(named);
        }
        else if (_runtime.Definition(value!.GetType()) is { } type)
            Object(name, value, type, isNamed: false);
        else if (value is IEnumerable && IsCollection(value.GetType()))
            Items(name, (IEnumerable)value);
        else if (Parts.Of(value) is { } parts)
        {
            Entry(name, "parts", TypeText(value.GetType()));
            foreach (var (part, inner) in parts)
                Value($"{name}.{part}", inner);
        }
        else
            _faults.Add((
                $"reads '{name}', a {TypeText(value.GetType())}, whose value no recipe can hold",
                "Create it inside the stage from options, or track the stage's code by Version(\"1\")."));
    }

    // Whoever has a type can make its objects and call their methods.
    private void AddWhole(Type type)
    {
        if (type.HasElementType)
            AddWhole(type.GetElementType()!);
        foreach (var argument in type.GetGenericArguments().Where(argument => !argument.IsGenericParameter))
            AddWhole(argument);
        if (_runtime.Definition(type) is { } definition)
            _reach.AddWhole(definition, null);
    }

    private void Code(string name, Delegate value)
    {
        var calls = value.GetInvocationList();
        for (var i = 0; i < calls.Length; i++)
        {
            var item = calls.Length == 1 ? name : $"{name}[{i.ToString(CultureInfo.InvariantCulture)}]";
            var method = calls[i].Method;
            if (_runtime.Definition(method) is { } definition)
            {
                _reach.Add(definition, null);
                Entry(item, "delegate", definition.IsGenerated
                    ? code.HashOf(definition).Hex : MemberNames.Of(definition));
            }
            else if (method.DeclaringType is { } declaring && !declaring.Assembly.IsDynamic)
                Entry(item, "delegate", $"{declaring.FullName}.{method.Name}");
            else
                _faults.Add((
                    $"reads '{name}', a delegate that was emitted at run time, whose code nobody can read",
                    "Use a lambda or a method."));
            if (calls[i].Target is { } target)
                Target(target, method, item);
        }
    }

    private void Items(string name, IEnumerable items)
    {
        if (!_seen.TryAdd(items, name))
        {
            Entry(name, "same as", _seen[items]);
            return;
        }
        List(name, items);
    }

    private void List(string name, IEnumerable items)
    {
        var all = items.Cast<object?>().ToArray();
        // Hash tables of text come in another order in every process.
        if (IsUnordered(items.GetType()))
            all = [.. all.OrderBy(KeyText, StringComparer.Ordinal)];
        Entry(name, "list", all.Length.ToString(CultureInfo.InvariantCulture));
        // Of another comparer nothing is known but its class, which is reached with whoever makes it.
        if (items.GetType().GetProperty("Comparer")?.GetValue(items) is StringComparer comparer
            && OpaqueText.Of(comparer) is { } known)
            Entry($"{name}.comparer", known.Type, known.Text);
        for (var i = 0; i < all.Length; i++)
            Value($"{name}[{i.ToString(CultureInfo.InvariantCulture)}]", all[i]);

        static string KeyText(object? item) => item is null ? ""
            : ScalarText.Of(item)?.Text
                ?? (Parts.Of(item)?.FirstOrDefault().Value is { } key ? ScalarText.Of(key)?.Text : null)
                ?? item.ToString() ?? "";
    }

    private void Entry(string name, string type, string value) =>
        _entries.Add(new(RecipeKind.Captured, name, type, value));

    // Dictionary and HashSet keep the order of adding as long as nothing is removed.
    private static bool IsUnordered(Type type) => type.Namespace == "System.Collections.Frozen"
        || type.Name is "Hashtable" or "ConcurrentDictionary`2" or "ConcurrentBag`1" or "ImmutableDictionary`2"
            or "ImmutableHashSet`1";

    private static bool IsCollection(Type type) => type.IsArray
        || type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true;

    private static string NameOf(CodeField field) =>
        field.Name.StartsWith('<') ? GeneratedNames.Source(field.Name) ?? field.Name : field.Name;

    // An attribute of any library: hosts have their own.
    private static bool IsSecret(CodeField field)
    {
        var metadata = field.Module.Metadata;
        var attributes = field.Definition.GetCustomAttributes().ToList();
        if (GeneratedNames.Source(field.Name) is { } source)
            attributes.AddRange(field.Type.Definition.GetProperties().Select(metadata.GetPropertyDefinition)
                .Where(property => metadata.GetString(property.Name) == source)
                .SelectMany(property => property.GetCustomAttributes()));
        return attributes.Any(handle => field.Module.MethodOf(metadata.GetCustomAttribute(handle).Constructor)
            .Owner.ToString().Split('.', '+')[^1] == "SecretAttribute");
    }

    private static string TypeText(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(TypeText))}>"
        : type.Name;
}
