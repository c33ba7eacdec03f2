using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>A part of a method's instructions.</summary>
internal readonly record struct CodeRange(CodeMethod Method, int From, int To)
{
    public bool IsWhole => From == 0 && To == Method.Body!.Instructions.Count;

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

/// <summary>Cuts a method into statements: parts that run one after the other, each with its own branches inside and
/// nothing on the stack between them.</summary>
internal static class Statements
{
    /// <summary>In their order, without the return at the end; null for a method with loops, handlers or early
    /// returns.</summary>
    public static IReadOnlyList<CodeRange>? Of(CodeMethod method)
    {
        if (method.Body is not { Regions.IsEmpty: true } body)
            return null;
        var statements = new List<CodeRange>();
        var instructions = body.Instructions;
        var expected = new Dictionary<int, int>();
        var (depth, from, furthest) = (0, 0, 0);
        for (var i = 0; i < instructions.Count; i++)
        {
            var instruction = instructions[i];
            if (instruction.Code == ILOpCode.Ret)
                return i == instructions.Count - 1 && from == i ? statements : null;
            if (instruction.Code is ILOpCode.Switch or ILOpCode.Throw or ILOpCode.Jmp)
                return null;
            if (expected.TryGetValue(instruction.Offset, out var depthHere))
                depth = depthHere;
            var (pops, pushes) = StackEffect.Of(instruction);
            depth += pushes - pops;
            var next = i + 1 < instructions.Count ? instructions[i + 1].Offset : int.MaxValue;
            if (instruction.Target(next) is { } target)
            {
                if (target < next)
                    return null;
                expected[target] = depth;
                furthest = Math.Max(furthest, target);
                // What follows a jump is reached from elsewhere, with the depth that is noted there.
                if (instruction.Code is ILOpCode.Br or ILOpCode.Br_s && !expected.ContainsKey(next))
                    return null;
            }
            if (depth == 0 && furthest <= next)
            {
                statements.Add(new(method, from, i + 1));
                from = i + 1;
            }
        }
        return null;
    }
}
