using System.Globalization;

namespace MLBuild.Learning.Contracts;

/// <summary>Numbers as reports print them for people: the same in every culture, thousands apart with commas.</summary>
public static class Figures
{
    /// <summary>"12,345".</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 row", "12,345 rows".</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Six decimals where they tell something; very large and very small numbers with an exponent.</summary>
    public static string Number(double number) => Math.Abs(number) switch
    {
        0 => "0",
        >= 1e15 or < 1e-3 => number.ToString("G6", CultureInfo.InvariantCulture),
        _ => number.ToString("#,0.######", CultureInfo.InvariantCulture),
    };

    /// <summary>A share as "4.115 %". A share above zero never prints as "0 %".</summary>
    public static string Percent(double share) => (share * 100) switch
    {
        > 0 and < 0.0001 => "<0.0001 %",
        var percent => percent.ToString("#,0.####", CultureInfo.InvariantCulture) + " %",
    };
}
