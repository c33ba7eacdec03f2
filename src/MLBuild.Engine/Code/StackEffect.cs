using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>How many values an instruction takes from the stack and puts on it (ECMA-335, partition III).</summary>
internal static class StackEffect
{
    public static (int Pops, int Pushes) Of(Instruction instruction) => instruction.Code switch
    {
        ILOpCode.Call or ILOpCode.Callvirt => OfCall(instruction.Method!.Signature),
        ILOpCode.Newobj => (instruction.Method!.Signature.ParameterTypes.Length, 1),
        ILOpCode.Calli => OfCall(((FunctionOperand)instruction.Operand!).Signature, extra: 1),
        ILOpCode.Dup => (1, 2),
        >= ILOpCode.Ldarg_0 and <= ILOpCode.Ldloc_3 or ILOpCode.Ldarg_s or ILOpCode.Ldarga_s or ILOpCode.Ldloc_s
            or ILOpCode.Ldloca_s or ILOpCode.Ldnull or >= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_r8
            or ILOpCode.Ldstr or ILOpCode.Ldsfld or ILOpCode.Ldsflda or ILOpCode.Ldtoken or ILOpCode.Ldftn
            or ILOpCode.Sizeof or ILOpCode.Ldarg or ILOpCode.Ldarga or ILOpCode.Ldloc or ILOpCode.Ldloca
            or ILOpCode.Arglist => (0, 1),
        >= ILOpCode.Stloc_0 and <= ILOpCode.Stloc_3 or ILOpCode.Stloc_s or ILOpCode.Starg_s or ILOpCode.Stloc
            or ILOpCode.Starg or ILOpCode.Pop or ILOpCode.Stsfld or ILOpCode.Brtrue or ILOpCode.Brtrue_s
            or ILOpCode.Brfalse or ILOpCode.Brfalse_s or ILOpCode.Switch or ILOpCode.Initobj or ILOpCode.Throw
            or ILOpCode.Endfilter => (1, 0),
        >= ILOpCode.Beq_s and <= ILOpCode.Blt_un_s or >= ILOpCode.Beq and <= ILOpCode.Blt_un
            or >= ILOpCode.Stind_ref and <= ILOpCode.Stind_r8 or ILOpCode.Stind_i or ILOpCode.Stfld
            or ILOpCode.Stobj or ILOpCode.Cpobj => (2, 0),
        >= ILOpCode.Stelem_i and <= ILOpCode.Stelem_ref or ILOpCode.Stelem or ILOpCode.Cpblk
            or ILOpCode.Initblk => (3, 0),
        >= ILOpCode.Add and <= ILOpCode.Shr_un or >= ILOpCode.Add_ovf and <= ILOpCode.Sub_ovf_un
            or ILOpCode.Ceq or ILOpCode.Cgt or ILOpCode.Cgt_un or ILOpCode.Clt or ILOpCode.Clt_un
            or >= ILOpCode.Ldelema and <= ILOpCode.Ldelem_ref or ILOpCode.Ldelem => (2, 1),
        ILOpCode.Nop or ILOpCode.Break or ILOpCode.Br or ILOpCode.Br_s or ILOpCode.Leave or ILOpCode.Leave_s
            or ILOpCode.Ret or ILOpCode.Jmp or ILOpCode.Endfinally or ILOpCode.Rethrow or ILOpCode.Constrained
            or ILOpCode.Volatile or ILOpCode.Tail or ILOpCode.Unaligned or ILOpCode.Readonly
            or (ILOpCode)0xfe19 => (0, 0),
        // Loads through a reference, conversions, casts, boxes, fields of an object.
        _ => (1, 1),
    };

    private static (int, int) OfCall(MethodSignature<TypeName> signature, int extra = 0) =>
        (signature.ParameterTypes.Length + (signature.Header.IsInstance ? 1 : 0) + extra,
            IsVoid(signature.ReturnType) ? 0 : 1);

    // An init accessor returns void with a modifier.
    private static bool IsVoid(TypeName type) => type.Form == TypeForm.Modified
        ? IsVoid(type.Arguments[0])
        : type is { Form: TypeForm.External, Text: "void" };

    /// <summary>The number of the instruction that takes a value from the stack, and how many values it takes above
    /// that one; null if none does.</summary>
    /// <param name="at">The instruction behind which the value is on the stack.</param>
    /// <param name="above">How many are above it there.</param>
    public static (int At, int Above)? Taker(IReadOnlyList<Instruction> all, int at, int above = 0)
    {
        // Where a branch leads, the stack is as it was before the branch, not as the other arm leaves it.
        var expected = new Dictionary<int, int>();
        for (var i = at + 1; i < all.Count; i++)
        {
            if (expected.TryGetValue(all[i].Offset, out var here))
                above = here;
            if (all[i].Code == ILOpCode.Ret)
                return (i, above);
            var (pops, pushes) = Of(all[i]);
            if (pops > above)
                return (i, above);
            above += pushes - pops;
            if (i + 1 < all.Count && all[i].Target(all[i + 1].Offset) is { } target)
                expected[target] = above;
        }
        return null;
    }
}
