using System.Globalization;
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

    /// <summary>What gives a number to a decimal column with so many digits.</summary>
    public static Action<TableWriter, int, decimal> Decimals((int Precision, int Scale) digits)
    {
        var limit = PowerOfTen(digits.Precision - digits.Scale);
        return (table, target, number) => table.Set(target,
            decimal.Abs(number) < limit && decimal.Round(number, digits.Scale) == number
                ? number
                : throw new UnfitValueException(string.Create(CultureInfo.InvariantCulture,
                    $"is {number}, expected at most {digits.Precision - digits.Scale} digits before the point and ")
                    + string.Create(CultureInfo.InvariantCulture, $"{digits.Scale} behind it. ")
                    + "Round it or cast it to another type in a query."));
    }

    private static long Excess(DateTime time) => time.Ticks % TimeSpan.TicksPerMillisecond;

    private static decimal PowerOfTen(int exponent) =>
        Enumerable.Repeat(10m, exponent).Aggregate(1m, (product, ten) => product * ten);
}
