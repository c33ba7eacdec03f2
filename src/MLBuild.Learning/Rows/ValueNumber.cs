using System.Runtime.CompilerServices;

namespace MLBuild.Learning.Rows;

/// <summary>The values of columns on the number line.</summary>
internal static class ValueNumber
{
    /// <summary>The number that a value is; true counts 1, false 0. False where there is none.</summary>
    // Each branch is chosen when the code is compiled for the type, so there is none at run time, and no value is
    // boxed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryGet<TValue>(TValue value, out double number)
    {
        if (typeof(TValue) == typeof(double))
            return Known(Unsafe.As<TValue, double>(ref value), out number);
        if (typeof(TValue) == typeof(int))
            return Known(Unsafe.As<TValue, int>(ref value), out number);
        if (typeof(TValue) == typeof(long))
            return Known(Unsafe.As<TValue, long>(ref value), out number);
        if (typeof(TValue) == typeof(bool))
            return Known(Unsafe.As<TValue, bool>(ref value) ? 1 : 0, out number);
        if (typeof(TValue) == typeof(decimal))
            return Known((double)Unsafe.As<TValue, decimal>(ref value), out number);
        if (typeof(TValue) == typeof(double?))
            return Known(Unsafe.As<TValue, double?>(ref value), out number);
        if (typeof(TValue) == typeof(int?))
            return Known(Unsafe.As<TValue, int?>(ref value), out number);
        if (typeof(TValue) == typeof(long?))
            return Known(Unsafe.As<TValue, long?>(ref value), out number);
        if (typeof(TValue) == typeof(bool?))
            return Known(Unsafe.As<TValue, bool?>(ref value) is { } flag ? flag ? 1 : 0 : null, out number);
        if (typeof(TValue) == typeof(decimal?))
            return Known((double?)Unsafe.As<TValue, decimal?>(ref value), out number);
        number = 0;
        return false;
    }

    /// <summary>As <see cref="TryGet"/>, and a date as milliseconds since 1970.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryPlace<TValue>(TValue value, out double place)
    {
        if (typeof(TValue) == typeof(DateTime))
            return Known(Milliseconds(Unsafe.As<TValue, DateTime>(ref value)), out place);
        if (typeof(TValue) == typeof(DateTime?))
            return Known(
                Unsafe.As<TValue, DateTime?>(ref value) is { } time ? Milliseconds(time) : null, out place);
        return TryGet(value, out place);
    }

    /// <summary>The date at a place, to the millisecond.</summary>
    public static DateTime Date(double milliseconds) => new(DateTime.UnixEpoch.Ticks + Math.Clamp(
        (long)Math.Round(milliseconds) * TimeSpan.TicksPerMillisecond,
        -DateTime.UnixEpoch.Ticks,
        DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks));

    private static double Milliseconds(DateTime time) =>
        (time.Ticks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerMillisecond;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Known(double? value, out double number)
    {
        number = value.GetValueOrDefault();
        return value.HasValue;
    }
}
