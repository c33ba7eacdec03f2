using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>A part of a method's instructions.</summary>
internal readonly record struct CodeRange(CodeMethod Method, int From, int To)
{
    public IEnumerable<Instruction> Instructions
    {
        get
        {
            var all = Method.Body!.Instructions;
            for (var i = From; i < To; i++)
                yield return all[i];
        }
    }
}

/// <summary>Cuts a static constructor into the initialisers of its fields, so that editing one leaves the others alone.
/// Only where the compiler made the constructor of initialisers alone and nothing branches between them.</summary>
internal sealed class StaticInitialisers
{
    private readonly record struct Segment(CodeRange Range, HashSet<CodeField> Touched, bool IsCalling);

    private readonly List<Segment> _segments = [];
    private readonly Dictionary<CodeField, IReadOnlyList<CodeRange>> _slices = [];

    private StaticInitialisers()
    {
    }

    /// <summary>Null if the type has no static constructor, or one that cannot be cut.</summary>
    public static StaticInitialisers? Of(CodeType type)
    {
        if (!type.IsBeforeFieldInit || type.StaticConstructor is not { Body: { Regions.IsEmpty: true } } constructor)
            return null;
        var initialisers = new StaticInitialisers();
        return initialisers.Cut(constructor) ? initialisers : null;
    }

    /// <summary>What has to run for a field to have its value: its own initialiser, those it shares fields with, and
    /// all that call user code, which may touch anything.</summary>
    public IReadOnlyList<CodeRange> Of(CodeField field)
    {
        if (_slices.TryGetValue(field, out var known))
            return known;
        var fields = new HashSet<CodeField> { field };
        var taken = new bool[_segments.Count];
        for (var grew = true; grew;)
        {
            grew = false;
            for (var i = 0; i < taken.Length; i++)
            {
                if (taken[i] || !(_segments[i].IsCalling || _segments[i].Touched.Overlaps(fields)))
                    continue;
                taken[i] = grew = true;
                fields.UnionWith(_segments[i].Touched);
            }
        }
        return _slices[field] = [.. _segments.Where((_, i) => taken[i]).Select(segment => segment.Range)];
    }

    private bool Cut(CodeMethod constructor)
    {
        var instructions = constructor.Body!.Instructions;
        var expected = new Dictionary<int, int>();
        var (depth, from, furthest) = (0, 0, 0);
        for (var i = 0; i < instructions.Count; i++)
        {
            var instruction = instructions[i];
            if (expected.TryGetValue(instruction.Offset, out var depthHere))
                depth = depthHere;
            var (pops, pushes) = StackEffect.Of(instruction);
            depth += pushes - pops;
            var next = i + 1 < instructions.Count ? instructions[i + 1].Offset : int.MaxValue;
            if (Target(instruction, next) is { } target)
            {
                if (target < next)
                    return false;
                expected[target] = depth;
                furthest = Math.Max(furthest, target);
                // What follows a jump is reached from elsewhere, with the depth that is noted there.
                if (instruction.Code is ILOpCode.Br or ILOpCode.Br_s && !expected.ContainsKey(next))
                    return false;
            }
            else if (instruction.Code is ILOpCode.Switch or ILOpCode.Throw or ILOpCode.Jmp)
                return false;
            else if (instruction.Code == ILOpCode.Ret)
                return i == instructions.Count - 1 && from == i;
            else if (instruction.Code == ILOpCode.Stsfld && instruction.Field?.User?.Type == constructor.Type
                && depth == 0 && furthest <= next)
            {
                Add(new(constructor, from, i + 1));
                from = i + 1;
            }
        }
        return false;
    }

    private void Add(CodeRange range)
    {
        var touched = range.Instructions.Select(instruction => instruction.Field?.User)
            .OfType<CodeField>().Where(field => field.IsStatic && !field.IsGenerated).ToHashSet();
        var calls = range.Instructions.Any(instruction =>
            instruction is { Method.User: { IsGenerated: false }, Code: not (ILOpCode.Ldftn or ILOpCode.Ldtoken) });
        _segments.Add(new(range, touched, calls));
    }

    private static int? Target(Instruction instruction, int next) => instruction.Code switch
    {
        >= ILOpCode.Br_s and <= ILOpCode.Blt_un_s => next + (sbyte)instruction.Inline.Span[0],
        >= ILOpCode.Br and <= ILOpCode.Blt_un => next + BitConverter.ToInt32(instruction.Inline.Span),
        _ => null,
    };
}
