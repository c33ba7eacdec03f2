using System.Globalization;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Sources.Databases;

/// <summary>Gives values to a table as the table keeps them, and says which it cannot.</summary>
internal static class StoredValues
{
    /// <summary>What gives a time to a table, which keeps milliseconds.</summary>
    public static Action<TableWriter, int, DateTime> Times(FinerTimes finer) => finer == FinerTimes.Truncate
        ? (table, target, time) => table.Set(target, new DateTime(time.Ticks - Excess(time)))
        : (table, target, time) => table.Set(target, Excess(time) == 0 ? time : throw new UnfitValueException(
            FormattableString.Invariant($"is {time:yyyy-MM-dd HH:mm:ss.FFFFFFF}, and a table keeps milliseconds. Set ")
            + "FinerTimes = FinerTimes.Truncate, or round it in a query."));

    /// <summary>What gives a number to a decimal column with so many digits behind the point.</summary>
    public static Action<TableWriter, int, decimal> Decimals(int scale) => (table, target, number) => table.Set(
        target,
        DecimalScale.Fits(number, scale) ? number : throw new UnfitValueException(
            string.Create(CultureInfo.InvariantCulture, $"is {number}, expected at most ")
            + string.Create(CultureInfo.InvariantCulture, $"{DecimalScale.Precision - scale} digits before the point ")
            + string.Create(CultureInfo.InvariantCulture, $"and {scale} behind it. ")
            + "Round it or cast it to another type in a query."));

    private static long Excess(DateTime time) => time.Ticks % TimeSpan.TicksPerMillisecond;
}
