using System.Globalization;

namespace MLBuild.Sources.Databases;

/// <summary>Names of slices, which sort as the slices do, but for negative numbers and years of five
/// digits.</summary>
internal static class SliceName
{
    /// <param name="from">Where the slice begins: <c>2019-02-01 00:00:00</c>, <c>100000</c>.</param>
    public static string Of(SliceWidth width, string from) => width switch
    {
        SliceWidth.Calendar { Unit: CalendarUnit.Day } => from.Split(' ')[0],
        SliceWidth.Calendar { Unit: CalendarUnit.Month } =>
            from[..from.LastIndexOf('-', from.Split(' ')[0].Length - 1)],
        SliceWidth.Calendar { Unit: CalendarUnit.Year } => from.Split('-')[0],
        SliceWidth.Numbers => decimal.Parse(from, CultureInfo.InvariantCulture)
            .ToString("0000000000000000000", CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"BUG: unknown width {width}."),
    };
}
