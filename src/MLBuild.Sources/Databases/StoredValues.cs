using System.Globalization;
using MLBuild.Learning.Rows;

namespace MLBuild.Sources.Databases;

/// <summary>Values as a table keeps them; says which it cannot.</summary>
internal static class StoredValues
{
    /// <summary>A time as a table keeps it: with milliseconds.</summary>
    public static DateTime Time(DateTime time, FinerTimes finer) => Excess(time) switch
    {
        0 => time,
        var excess when finer == FinerTimes.Truncate => new(time.Ticks - excess),
        _ => throw new UnfitValueException(
            FormattableString.Invariant($"is {time:yyyy-MM-dd HH:mm:ss.FFFFFFF}, and a table keeps milliseconds. Set ")
            + "FinerTimes = FinerTimes.Truncate, or round it in a query."),
    };

    /// <summary>A number for a decimal column with so many digits behind the point.</summary>
    public static decimal Decimal(decimal number, int scale) => DecimalScale.Fits(number, scale)
        ? number
        : throw new UnfitValueException(
            string.Create(CultureInfo.InvariantCulture, $"is {number}, expected at most ")
            + string.Create(CultureInfo.InvariantCulture, $"{DecimalScale.Precision - scale} digits before the point ")
            + string.Create(CultureInfo.InvariantCulture, $"and {scale} behind it. ")
            + "Round it or cast it to another type in a query.");

    private static long Excess(DateTime time) => time.Ticks % TimeSpan.TicksPerMillisecond;
}
