using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tables;

/// <summary>What a table can keep: a value that it would change is refused.</summary>
internal static class StorableValue
{
    /// <summary>A time without a kind: Parquet.Net calls every time that it reads local, and moves local times by the
    /// machine's offset in the minima and maxima of row groups, though not in the values: readers that trust those
    /// would skip rows.</summary>
    /// <exception cref="TableException">It is finer than milliseconds.</exception>
    public static DateTime Time(DateTime value, string column) =>
        value.Ticks % TimeSpan.TicksPerMillisecond == 0
            ? DateTime.SpecifyKind(value, DateTimeKind.Unspecified)
            : throw new TableException(
                FormattableString.Invariant($"Column '{column}' holds {value:yyyy-MM-dd HH:mm:ss.fffffff}: ")
                + "a table keeps milliseconds. Round it.");

    /// <exception cref="TableException">It has more digits than the column.</exception>
    public static decimal Number(decimal value, string column, int scale) => DecimalScale.Fits(value, scale)
        ? value
        : throw new TableException(
            FormattableString.Invariant($"Column '{column}' holds {value}, expected {DecimalScale.Digits(scale)}. ")
            + "Round it, or give the column another Scale.");

    /// <summary>What is wrong with a null where each value must be present.</summary>
    public static TableException Null(string column) => new(
        $"Column '{column}' holds null, and its type says it never does. Give it a value, or make the column "
        + "nullable.");
}
