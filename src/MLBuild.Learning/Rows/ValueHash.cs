using System.Runtime.CompilerServices;

namespace MLBuild.Learning.Rows;

/// <summary>Hashes of the values of columns: equal values have equal hashes, in every process.</summary>
internal static class ValueHash
{
    private const ulong NoValue = 0x9E37_79B9_7F4A_7C15;

    /// <summary>64 well mixed bits of a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of<TValue>(TValue value) => Fold(0, value);

    /// <summary>Folds a value into a hash.</summary>
    // The finaliser of MurmurHash3, A. Appleby, public domain.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fold<TValue>(ulong hash, TValue value)
    {
        hash ^= Bits(value);
        // Whole numbers in a double differ in their high bits only, which a product carries nowhere.
        hash = (hash ^ (hash >> 33)) * 0xFF51_AFD7_ED55_8CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CE_B9FE_1A85_EC53;
        return hash ^ (hash >> 33);
    }

    // Each branch is chosen when the code is compiled for the type, so there is none at run time, and no value is
    // boxed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits<TValue>(TValue value)
    {
        if (typeof(TValue) == typeof(int))
            return (ulong)Unsafe.As<TValue, int>(ref value);
        if (typeof(TValue) == typeof(int?))
            return Unsafe.As<TValue, int?>(ref value) is { } number ? (ulong)number : NoValue;
        if (typeof(TValue) == typeof(long))
            return (ulong)Unsafe.As<TValue, long>(ref value);
        if (typeof(TValue) == typeof(long?))
            return Unsafe.As<TValue, long?>(ref value) is { } number ? (ulong)number : NoValue;
        if (typeof(TValue) == typeof(bool))
            return Unsafe.As<TValue, bool>(ref value) ? 1UL : 0UL;
        if (typeof(TValue) == typeof(bool?))
            return Unsafe.As<TValue, bool?>(ref value) is { } flag ? flag ? 1UL : 0UL : NoValue;
        if (typeof(TValue) == typeof(DateTime))
            return (ulong)Unsafe.As<TValue, DateTime>(ref value).Ticks;
        if (typeof(TValue) == typeof(DateTime?))
            return Unsafe.As<TValue, DateTime?>(ref value) is { } time ? (ulong)time.Ticks : NoValue;
        if (typeof(TValue) == typeof(double))
            return BitsOf(Unsafe.As<TValue, double>(ref value));
        if (typeof(TValue) == typeof(double?))
            return Unsafe.As<TValue, double?>(ref value) is { } number ? BitsOf(number) : NoValue;
        return value switch
        {
            null => NoValue,
            string text => BitsOf(text),
            decimal number => BitsOf(number),
            _ => throw new NotSupportedException($"BUG: no hash of {typeof(TValue).Name}."),
        };
    }

    // Zero and minus zero are one value, and so are all that are not a number.
    private static ulong BitsOf(double value) =>
        double.IsNaN(value) ? NoValue + 1 : BitConverter.DoubleToUInt64Bits(value + 0.0);

    private static ulong BitsOf(string text)
    {
        var hash = (ulong)text.Length;
        foreach (var c in text)
            hash = (hash ^ c) * 0xFF51_AFD7_ED55_8CCD;
        return hash ^ (hash >> 32);
    }

    private static ulong BitsOf(decimal value)
    {
        // 1.0 and 1.00 are one value.
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(DecimalScale.Bare(value), parts);
        var low = (uint)parts[0] | ((ulong)(uint)parts[1] << 32);
        var high = (uint)parts[2] | ((ulong)(uint)(value == 0 ? 0 : parts[3]) << 32);
        return low ^ (high * 0xC2B2_AE3D_27D4_EB4F);
    }
}
