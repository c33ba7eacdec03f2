using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>What an instruction's token stands for.</summary>
internal abstract record Operand;

/// <param name="User">Its definition, if it is user code.</param>
/// <param name="Owner">The type it is called on.</param>
/// <param name="Arguments">Of the method, not of its type.</param>
internal sealed record MethodOperand(
    CodeMethod? User, TypeName Owner, string Name, MethodSignature<TypeName> Signature,
    ImmutableArray<TypeName> Arguments) : Operand
{
    /// <summary><c>System.DateTime::get_UtcNow</c>.</summary>
    public string ExternalName => $"{Owner.Element.Text}::{Name}";
}

internal sealed record FieldOperand(CodeField? User, TypeName Owner, string Name, TypeName FieldType) : Operand;

internal sealed record TypeOperand(TypeName Type) : Operand;

internal sealed record TextOperand(string Text) : Operand;

internal sealed record FunctionOperand(MethodSignature<TypeName> Signature) : Operand;

/// <summary>One instruction of IL.</summary>
/// <param name="Operand">Null if it has no token.</param>
/// <param name="Inline">The bytes of an operand that is no token.</param>
internal readonly record struct Instruction(int Offset, ILOpCode Code, Operand? Operand, ReadOnlyMemory<byte> Inline)
{
    public MethodOperand? Method => Operand as MethodOperand;

    public FieldOperand? Field => Operand as FieldOperand;

    public string? Text => (Operand as TextOperand)?.Text;

    /// <summary>The number of the local variable it works on, if any.</summary>
    public int? Local => Code switch
    {
        >= ILOpCode.Ldloc_0 and <= ILOpCode.Ldloc_3 => Code - ILOpCode.Ldloc_0,
        >= ILOpCode.Stloc_0 and <= ILOpCode.Stloc_3 => Code - ILOpCode.Stloc_0,
        ILOpCode.Ldloc_s or ILOpCode.Ldloca_s or ILOpCode.Stloc_s => Inline.Span[0],
        ILOpCode.Ldloc or ILOpCode.Ldloca or ILOpCode.Stloc => BitConverter.ToUInt16(Inline.Span),
        _ => null,
    };

    /// <summary>Where a branch leads; null for what is none.</summary>
    /// <param name="next">The offset of the instruction behind it.</param>
    public int? Target(int next) => Code switch
    {
        >= ILOpCode.Br_s and <= ILOpCode.Blt_un_s => next + (sbyte)Inline.Span[0],
        >= ILOpCode.Br and <= ILOpCode.Blt_un => next + BitConverter.ToInt32(Inline.Span),
        _ => null,
    };

    public bool IsLocalAddress => Code is ILOpCode.Ldloca or ILOpCode.Ldloca_s;
}

/// <summary>A method's IL, with its tokens resolved.</summary>
internal sealed class MethodBody
{
    private HashSet<int>? _targets;

    private MethodBody(
        Instruction[] instructions, ImmutableArray<TypeName> locals, ImmutableArray<ExceptionRegion> regions,
        ImmutableArray<TypeName?> caught, bool clearsLocals) =>
        (Instructions, Locals, Regions, Caught, ClearsLocals) = (instructions, locals, regions, caught, clearsLocals);

    public IReadOnlyList<Instruction> Instructions { get; }

    public ImmutableArray<TypeName> Locals { get; }

    public ImmutableArray<ExceptionRegion> Regions { get; }

    /// <summary>What each region catches; null for those that catch nothing.</summary>
    public ImmutableArray<TypeName?> Caught { get; }

    public bool ClearsLocals { get; }

    /// <summary>True for an instruction that a branch leads to: more may come before it than what stands
    /// there.</summary>
    public bool IsJoin(int at)
    {
        _targets ??= Instructions.Zip(Instructions.Skip(1), (one, next) => one.Target(next.Offset)).OfType<int>()
            .ToHashSet();
        return _targets.Contains(Instructions[at].Offset);
    }

    public static MethodBody Read(CodeMethod method)
    {
        var module = method.Module;
        var block = module.BodyOf(method.Definition);
        var il = block.GetILBytes() ?? [];
        var instructions = new List<Instruction>(il.Length / 2);
        for (var at = 0; at < il.Length;)
        {
            var start = at;
            int code = il[at++];
            if (code == 0xfe)
                code = (code << 8) | il[at++];
            var kind = OperandLength((ILOpCode)code);
            var length = kind switch
            {
                Token => 4,
                Table => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => kind,
            };
            instructions.Add(new(start, (ILOpCode)code,
                kind == Token ? module.Operand(BitConverter.ToInt32(il, at)) : null,
                kind == Token ? default : il.AsMemory(at, length)));
            at += length;
        }
        return new([.. instructions],
            block.LocalSignature.IsNil ? [] : module.Metadata.GetStandaloneSignature(block.LocalSignature)
                .DecodeLocalSignature(module.Signatures, null),
            block.ExceptionRegions,
            [.. block.ExceptionRegions.Select(region =>
                region.CatchType.IsNil ? null : module.TypeOf(region.CatchType))],
            block.LocalVariablesInitialized);
    }

    private const int Token = -1;
    private const int Table = -2;

    // ECMA-335, partition III: bytes of the operand that follows each instruction.
    private static int OperandLength(ILOpCode code) => code switch
    {
        ILOpCode.Ldarg_s or ILOpCode.Ldarga_s or ILOpCode.Starg_s or ILOpCode.Ldloc_s or ILOpCode.Ldloca_s
            or ILOpCode.Stloc_s or ILOpCode.Ldc_i4_s or ILOpCode.Leave_s or ILOpCode.Unaligned => 1,
        >= ILOpCode.Br_s and <= ILOpCode.Blt_un_s => 1,
        >= ILOpCode.Br and <= ILOpCode.Blt_un => 4,
        ILOpCode.Ldc_i4 or ILOpCode.Ldc_r4 or ILOpCode.Leave => 4,
        ILOpCode.Ldc_i8 or ILOpCode.Ldc_r8 => 8,
        ILOpCode.Ldarg or ILOpCode.Ldarga or ILOpCode.Starg or ILOpCode.Ldloc or ILOpCode.Ldloca
            or ILOpCode.Stloc => 2,
        (ILOpCode)0xfe19 => 1,
        ILOpCode.Switch => Table,
        ILOpCode.Jmp or ILOpCode.Call or ILOpCode.Calli or ILOpCode.Callvirt or ILOpCode.Cpobj or ILOpCode.Ldobj
            or ILOpCode.Ldstr or ILOpCode.Newobj or ILOpCode.Castclass or ILOpCode.Isinst or ILOpCode.Unbox
            or ILOpCode.Ldfld or ILOpCode.Ldflda or ILOpCode.Stfld or ILOpCode.Ldsfld or ILOpCode.Ldsflda
            or ILOpCode.Stsfld or ILOpCode.Stobj or ILOpCode.Box or ILOpCode.Newarr or ILOpCode.Ldelema
            or ILOpCode.Ldelem or ILOpCode.Stelem or ILOpCode.Unbox_any or ILOpCode.Refanyval or ILOpCode.Mkrefany
            or ILOpCode.Ldtoken or ILOpCode.Ldftn or ILOpCode.Ldvirtftn or ILOpCode.Initobj or ILOpCode.Constrained
            or ILOpCode.Sizeof => Token,
        _ => 0,
    };
}
