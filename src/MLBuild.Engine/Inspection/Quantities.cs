using System.Globalization;

namespace MLBuild.Engine.Inspection;

/// <summary>Reads ages and sizes as people type them.</summary>
public static class Quantities
{
    // A hundred years: no date is further back than dates go.
    private const double MostHours = 24 * 366 * 100;
    private const double MostBytes = 1e17;

    private static readonly (string Unit, double Hours)[] Ages = [("h", 1), ("d", 24), ("w", 7 * 24)];
    private static readonly (string Unit, double Bytes)[] Sizes =
        [("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1)];

    /// <summary><c>12h</c>, <c>30d</c>, <c>8w</c>.</summary>
    /// <exception cref="PipelineException">The text is none of those.</exception>
    public static TimeSpan Age(string text, string parameter) => TimeSpan.FromHours(Read(text, Ages, MostHours)
        ?? throw new PipelineException($"{parameter} is '{text}', expected a number with h, d or w, up to a hundred " +
            "years, such as 30d."));

    /// <summary><c>500MB</c>, <c>10GB</c>: powers of 1,000.</summary>
    /// <exception cref="PipelineException">The text is none of those.</exception>
    public static long Size(string text, string parameter) => (long)(Read(text, Sizes, MostBytes)
        ?? throw new PipelineException($"{parameter} is '{text}', expected a number with KB, MB, GB or TB, such as " +
            $"10GB."));

    private static double? Read(string text, (string Unit, double Factor)[] units, double most)
    {
        foreach (var (unit, factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text[..^unit.Length],
                    NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite,
                    CultureInfo.InvariantCulture, out var number)
                && number * factor <= most)
                return number * factor;
        }
        return null;
    }
}
