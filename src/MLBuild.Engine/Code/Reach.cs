using System.Reflection;
using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>Everything that some code can come to: rapid type analysis over IL, to a fix-point. A virtual call reaches
/// the overrides of the types that are created; what a type's data and attributes bring counts too, because
/// serializers read it. Too much rather than too little.</summary>
/// <param name="fillers">Whose changes of static fields count.</param>
internal sealed partial class Reach(UserCode code, BuildClasses builds, Fillers fillers = Fillers.Program)
{
    private readonly Queue<CodeRange> _open = [];
    private readonly Dictionary<CodeMethod, CodeMethod?> _methods = [];
    private readonly HashSet<CodeRange> _ranges = [];
    private readonly Dictionary<CodeType, TypeExtent> _types = [];
    private readonly HashSet<CodeType> _created = [];
    private readonly HashSet<string> _calledSlots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CodeMethod>> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<CodeField> _statics = [];
    private readonly HashSet<CodeField> _declared = [];
    private readonly HashSet<CodeField> _reads = [];
    private readonly HashSet<CodeModule> _modules = [];
    private readonly HashSet<string> _assemblies = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _resources = new(StringComparer.Ordinal);
    private bool _reflects;

    /// <summary>Every method, with the one that first led to it.</summary>
    public IReadOnlyDictionary<CodeMethod, CodeMethod?> Methods => _methods;

    /// <summary>The parts of methods that give the touched static fields what they hold.</summary>
    public IReadOnlySet<CodeRange> Initialisers => _ranges;

    public IReadOnlyDictionary<CodeType, TypeExtent> Types => _types;

    /// <summary>Static fields that are read, written or passed on.</summary>
    public IReadOnlySet<CodeField> Statics => _statics;

    /// <summary>Those of them that declarations change, so that their values count.</summary>
    public IReadOnlySet<CodeField> Declared => _declared;

    /// <summary>Instance fields that are read.</summary>
    public IReadOnlySet<CodeField> Reads => _reads;

    public IReadOnlySet<CodeModule> Modules => _modules;

    /// <summary>The assemblies that are no user code.</summary>
    public IReadOnlySet<string> Assemblies => _assemblies;

    /// <summary>Names of embedded resources, or their ends.</summary>
    public IReadOnlySet<string> Resources => _resources;

    /// <summary>True if a resource is read whose name is not a literal.</summary>
    public bool ReadsAnyResource { get; private set; }

    /// <summary>Grows with everything that is reached.</summary>
    public int Size => _methods.Count + _ranges.Count + _types.Count + _created.Count + _statics.Count + _reads.Count;

    public void Run()
    {
        while (_open.TryDequeue(out var range))
            Follow(range);
    }

    /// <summary>Reaches a method.</summary>
    public void Add(CodeMethod method, CodeMethod? from)
    {
        if (!_methods.TryAdd(method, from))
            return;
        Enter(method.Module, method);
        if (!method.Module.IsCSharp)
            return;
        if ((method.IsStatic || method.Name == ".ctor") && !method.Type.IsBeforeFieldInit)
            AddStaticConstructor(method.Type, method);
        foreach (var attribute in AttributeText.Of(code, method.Module, method.Definition.GetCustomAttributes()))
            Add(attribute, method);
        if (method.Body is not { } body)
            return;
        foreach (var local in body.Locals)
            Use(local.Element, method);
        foreach (var caught in body.Caught)
        {
            if (caught is not null)
                Mention(caught, method);
        }
        _open.Enqueue(new(method, 0, body.Instructions.Count));
    }

    /// <summary>Reaches the code that gives a static field its value.</summary>
    public void Touch(CodeField field, CodeMethod? from)
    {
        if (!_statics.Add(field))
            return;
        Enter(field.Module, from);
        foreach (var part in field.FieldType.All())
            Mention(part, from);
        if (!field.IsGenerated)
            AddChangers(field, from);
        if (field.Type.StaticConstructor is not { } constructor || builds.Contains(field.Type)
            || !field.Module.IsCSharp)
            return;
        if (code.Initialisers(field.Type) is not { } initialisers)
        {
            AddStaticConstructor(field.Type, from);
            return;
        }
        foreach (var range in initialisers.Of(field))
        {
            _methods.TryAdd(constructor, from);
            if (!_ranges.Add(range))
                continue;
            foreach (var local in range.Instructions.Select(instruction => instruction.Local).OfType<int>())
                Use(constructor.Body!.Locals[local].Element, constructor);
            _open.Enqueue(range);
        }
    }

    /// <summary>Reaches the declarations that change a static field, as a whole: its value cannot be known.</summary>
    public void AddDeclaring(CodeField field)
    {
        foreach (var changer in code.Statics.Changers(field).Where(IsDeclaring))
            Add(changer.Method, null);
    }

    // What the stage finds in it was put there by code that the stage itself may never call. Where a build did, by
    // declaring, the value counts too, and it alone if the whole method would: that brings every stage.
    private void AddChangers(CodeField field, CodeMethod? from)
    {
        if (fillers == Fillers.None)
            return;
        foreach (var changer in code.Statics.Changers(field))
        {
            if (IsDeclaring(changer) && changer.Instructions.Any(instruction => instruction.Field?.User == field
                || instruction.Code != ILOpCode.Ldftn && instruction.Method?.User?.Type == field.Type))
                _declared.Add(field);
            if (!changer.IsWhole)
            {
                if (_ranges.Add(changer))
                    _open.Enqueue(changer);
            }
            else if (!IsDeclaring(changer))
                Add(changer.Method, from);
        }
    }

    private bool IsDeclaring(CodeRange range) => !range.Method.IsGenerated && builds.Contains(range.Method.Type);

    private void Follow(CodeRange range)
    {
        var all = range.Method.Body!.Instructions;
        for (var i = range.From; i < range.To; i++)
        {
            switch (all[i].Operand)
            {
                case MethodOperand called:
                    Call(range.Method, all[i], called, i == 0 || range.Method.Body.IsJoin(i) ? default : all[i - 1]);
                    break;
                case FieldOperand field:
                    Access(range.Method, all[i].Code, field);
                    break;
                // typeof(Build).Assembly is a way to say where, not a look at the type.
                case TypeOperand type when i + 2 < all.Count && all[i].Code == ILOpCode.Ldtoken
                    && all[i + 2].Method is { ExternalName: "System.Type::get_Assembly" or "System.Type::get_Module" }:
                    Mention(type.Type, range.Method);
                    break;
                case TypeOperand type:
                    Use(range.Method, all[i].Code, type.Type);
                    break;
            }
        }
    }

    private void Call(CodeMethod from, Instruction instruction, MethodOperand called, Instruction before)
    {
        Arguments(called.Owner, from);
        foreach (var argument in called.Arguments)
            Argument(argument, isHarmless: called.User is null && HarmlessGenerics.Contains(called.Owner), from);
        if (called.User is not { } method)
        {
            External(called, from);
            CallExternal(from, called, before);
            return;
        }
        if (instruction.Code == ILOpCode.Newobj)
            Create(method.Type, from);
        Add(method, from);
        var constrained = before.Code == ILOpCode.Constrained ? (before.Operand as TypeOperand)?.Type : null;
        // C# calls any instance method as a virtual one, for the check that there is an object.
        if (method.IsVirtual && (constrained is not null
            || instruction.Code is ILOpCode.Callvirt or ILOpCode.Ldvirtftn or ILOpCode.Ldtoken))
        {
            foreach (var slot in method.Slots)
                CallSlot(slot, from);
        }
        if (constrained?.Definition is { } exact)
        {
            foreach (var target in exact.Hierarchy().SelectMany(type => type.Methods)
                .Where(target => target.Slots.Overlaps(method)))
                Add(target, from);
        }
    }

    private void CallExternal(CodeMethod from, MethodOperand called, Instruction before)
    {
        // A virtual method of the framework on a value of user code: ToString, CompareTo.
        if (before is { Code: ILOpCode.Constrained, Operand: TypeOperand { Type.Definition: { } value } })
            Create(value, from);
        switch (ReflectionCalls.Of(called))
        {
            case ReflectionUse.TypeByName when before.Text is { } name:
                if (code.Find(name) is { } named)
                    AddWhole(named, from);
                break;
            case ReflectionUse.Members:
                ReflectOverAll(from);
                break;
            case ReflectionUse.Resource when before.Text is { } resource:
                _resources.Add(resource);
                break;
            case ReflectionUse.Resource:
                ReadsAnyResource = true;
                break;
        }
    }

    private void Access(CodeMethod from, ILOpCode access, FieldOperand operand)
    {
        Arguments(operand.Owner, from);
        if (operand.User is not { } field)
        {
            if (operand.Owner.Element.Assembly is { } assembly)
                _assemblies.Add(assembly);
            return;
        }
        if (field.IsStatic)
            Touch(field, from);
        else if (access is ILOpCode.Ldfld or ILOpCode.Ldflda or ILOpCode.Ldtoken)
            _reads.Add(field);
        if (field.Type.IsValueType)
            Create(field.Type, from);
    }

    private void Use(CodeMethod from, ILOpCode use, TypeName type)
    {
        Mention(type, from);
        if (use == ILOpCode.Ldtoken)
            AddWhole(type, from);
        else if (type.Definition is { IsValueType: true, IsEnum: false } value)
            Create(value, from);
    }

    // A struct needs no constructor: a local variable of it is one.
    private void Use(TypeName type, CodeMethod from)
    {
        Mention(type, from);
        if (type.Definition is { IsValueType: true, IsEnum: false } value)
            Create(value, from);
    }

    private void Mention(TypeName type, CodeMethod? from)
    {
        foreach (var part in type.All())
        {
            if (part.Assembly is { } assembly)
                _assemblies.Add(assembly);
            if (part.Definition is { IsGenerated: false } user && !builds.Contains(user)
                && _types.TryAdd(user, TypeExtent.Header))
            {
                Enter(user.Module, from);
                AddAttributes(user, from, whole: false);
            }
        }
        Arguments(type, from);
    }

    // Who is given a type can create and read its objects.
    private void Arguments(TypeName type, CodeMethod? from)
    {
        var isHarmless = HarmlessGenerics.Contains(type);
        foreach (var argument in type.Arguments)
        {
            if (type.Form is TypeForm.User or TypeForm.External)
                Argument(argument, isHarmless || type.Definition is { IsGenerated: true }, from);
            Arguments(argument, from);
        }
    }

    private void Argument(TypeName argument, bool isHarmless, CodeMethod? from)
    {
        Mention(argument.Element, from);
        if (!isHarmless)
            AddWhole(argument, from);
        else if (argument.Element.Definition is { IsValueType: true, IsEnum: false } value)
            Create(value, from);
    }

    private void AddWhole(TypeName type, CodeMethod? from)
    {
        foreach (var part in type.All().Select(part => part.Definition).OfType<CodeType>())
            AddWhole(part, from);
    }

    private void External(MethodOperand called, CodeMethod from)
    {
        if (called.Owner.Element.Assembly is { } assembly)
            _assemblies.Add(assembly);
        foreach (var type in called.Signature.ParameterTypes.Append(called.Signature.ReturnType)
            .SelectMany(type => type.All()))
        {
            if (type.Assembly is { } other)
                _assemblies.Add(other);
        }
    }

    private void AddStaticConstructor(CodeType type, CodeMethod? from)
    {
        if (!builds.Contains(type) && type.StaticConstructor is { } constructor)
            Add(constructor, from);
    }

    private void Enter(CodeModule module, CodeMethod? from)
    {
        if (!_modules.Add(module))
            return;
        if (module.IsCSharp)
        {
            // Module initialisers run before anything else of the assembly does.
            if (module.Find("<Module>")?.StaticConstructor is { } initialiser)
                Add(initialiser, from);
            return;
        }
        foreach (var method in module.Types.SelectMany(type => type.Methods).Where(method => method.Body is not null))
        {
            _methods.TryAdd(method, from);
            _open.Enqueue(new(method, 0, method.Body!.Instructions.Count));
        }
    }

    // A method that a virtual call could end in, now or once its slot is called.
    private void Offer(CodeMethod method, CodeMethod? from, bool isCalled)
    {
        if (isCalled || method.Slots.Any(_calledSlots.Contains))
        {
            Add(method, from);
            return;
        }
        foreach (var slot in method.Slots)
        {
            if (!_waiting.TryGetValue(slot, out var waiting))
                _waiting[slot] = waiting = [];
            waiting.Add(method);
        }
    }

    private void CallSlot(string slot, CodeMethod from)
    {
        if (!_calledSlots.Add(slot) || !_waiting.Remove(slot, out var waiting))
            return;
        foreach (var method in waiting)
            Add(method, from);
    }
}
