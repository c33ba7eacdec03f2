using System.Reflection.Metadata;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Code;

/// <summary>Finds what a stage's code reads besides its inputs and options.</summary>
internal sealed class UndeclaredInputs(UserCode code, Reach reach, BuildClasses builds)
{
    // Enough to see the arguments of a call that are written at it.
    private const int Window = 8;

    /// <param name="declared">What the stage's options read: a field of an object.</param>
    public IReadOnlyList<CodeFinding> Of(
        StageKind kind, CapturedValues read, IReadOnlySet<(object Holder, CodeField Field)> declared)
    {
        using var places = new SourcePlaces();
        var findings = new List<CodeFinding>();
        foreach (var (name, holder, field, isSecret) in read.Places)
        {
            // A secret is never in the recipe, declared or not.
            if (!isSecret && declared.Contains((holder, field)))
                continue;
            var (method, offset) = FirstUse(field);
            Add(CodeFindingKind.BuildMember,
                isSecret ? $"the secret {name}, whose value is left out of the recipe," : name, method, offset);
        }
        foreach (var field in reach.Statics.Where(field => !field.IsGenerated && StaticFields.IsMutable(field))
            .OrderBy(MemberNames.Of, StringComparer.Ordinal))
        {
            var (method, offset) = FirstUse(field);
            Add(builds.Contains(field.Type) ? CodeFindingKind.BuildMember : CodeFindingKind.MutableStatic,
                MemberNames.Short(field), method, offset);
        }
        foreach (var range in Ranges())
        {
            var all = range.Method.Body!.Instructions;
            for (var i = range.From; i < range.To; i++)
            {
                if (all[i].Method is { User: null } called && !IsDeclaration(all[i].Code)
                    && Known(called, range.Method.Body!, i) is var (found, what) && !IsNatural(kind, found))
                    Add(found, what, range.Method, all[i].Offset);
            }
        }
        foreach (var method in reach.Methods.Keys
            .Where(method => method.NativeLibrary is { } library && code.Libraries.OfNative(library) is null))
            Add(CodeFindingKind.Native, MemberNames.Short(method), reach.Methods[method] ?? method, 0);
        return [.. findings.OrderBy(finding => finding.Kind).ThenBy(finding => finding.What, StringComparer.Ordinal)
            .ThenBy(finding => finding.Place, StringComparer.Ordinal).DistinctBy(finding => finding.ToString())];

        void Add(CodeFindingKind found, string what, CodeMethod? method, int offset) => findings.Add(new(
            found, what, method is null ? [] : Chain(method), method is null ? null : places.Of(method, offset)));
    }

    private static (CodeFindingKind, string)? Known(MethodOperand called, MethodBody body, int at)
    {
        var all = body.Instructions;
        var use = ReflectionCalls.Of(called);
        if (use == ReflectionUse.Unknown
            || use == ReflectionUse.TypeByName && (at == 0 || body.IsJoin(at) || all[at - 1].Text is null))
        {
            var type = called.Owner.Element.Text;
            return (CodeFindingKind.Opaque, $"{type[(type.LastIndexOf('.') + 1)..]}.{called.Name}");
        }
        var before = new Instruction[Math.Min(at, Window)];
        for (var i = 0; i < before.Length; i++)
            before[i] = all[at - before.Length + i];
        return KnownInputs.Of(called, before);
    }

    private static bool IsDeclaration(ILOpCode use) => use == ILOpCode.Ldtoken;

    // An effect acts on something outside; that is what it is for.
    private static bool IsNatural(StageKind kind, CodeFindingKind found) => kind == StageKind.Effect
        && found is CodeFindingKind.Clock or CodeFindingKind.Network or CodeFindingKind.Process;

    private IEnumerable<CodeRange> Ranges() => reach.Methods.Keys
        .Where(method => method.Body is not null && !code.IsCut(method))
        .Select(method => new CodeRange(method, 0, method.Body!.Instructions.Count)).Concat(reach.Initialisers);

    private (CodeMethod? Method, int Offset) FirstUse(CodeField field)
    {
        foreach (var range in Ranges())
        {
            foreach (var instruction in range.Instructions)
            {
                // The getter of a property says nothing; who calls it does.
                if (instruction.Field?.User == field && instruction.Code != ILOpCode.Stsfld)
                    return range.Method is { Name: { } name } && name.StartsWith("get_", StringComparison.Ordinal)
                        && reach.Methods.GetValueOrDefault(range.Method) is { } caller
                        ? (caller, OffsetOfCall(caller, range.Method))
                        : (range.Method, instruction.Offset);
            }
        }
        return (null, 0);
    }

    private static int OffsetOfCall(CodeMethod caller, CodeMethod called) => caller.Body?.Instructions
        .FirstOrDefault(instruction => instruction.Method?.User == called).Offset ?? 0;

    private string[] Chain(CodeMethod method)
    {
        var chain = new List<string>();
        for (CodeMethod? at = method; at is not null; at = reach.Methods.GetValueOrDefault(at))
        {
            var name = MemberNames.Short(at);
            if (chain.Count == 0 || chain[^1] != name)
                chain.Add(name);
        }
        chain.Reverse();
        return [.. chain];
    }
}
