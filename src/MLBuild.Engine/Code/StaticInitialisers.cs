using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

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
        if (!type.IsBeforeFieldInit || type.StaticConstructor is not { } constructor)
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
        if (Statements.Of(constructor) is not { } statements)
            return false;
        var from = 0;
        foreach (var statement in statements)
        {
            var last = statement.Instructions.Last();
            // An initialiser may take several statements, with locals between them.
            if (last.Code != ILOpCode.Stsfld || last.Field?.User?.Type != constructor.Type)
                continue;
            Add(statement with { From = from });
            from = statement.To;
        }
        return from == constructor.Body!.Instructions.Count - 1;
    }

    private void Add(CodeRange range)
    {
        var touched = range.Instructions.Select(instruction => instruction.Field?.User)
            .OfType<CodeField>().Where(field => field.IsStatic && !field.IsGenerated).ToHashSet();
        var calls = range.Instructions.Any(instruction =>
            instruction is { Method.User: { IsGenerated: false }, Code: not (ILOpCode.Ldftn or ILOpCode.Ldtoken) });
        _segments.Add(new(range, touched, calls));
    }
}
