using System.Globalization;
using MLBuild.Engine;

namespace MLBuild.Stages.Reports;

/// <summary>Instants as people type and read them: in UTC, unless an offset is given.</summary>
public static class Moment
{
    private static string[] Formats =>
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd' 'HH:mm:ssK",
    ];

    /// <summary><c>2026-03-03T14:05</c>, <c>2026-03-03T14:05+02:00</c>, <c>2026-03-03</c>.</summary>
    /// <exception cref="PipelineException">The text is none of those.</exception>
    public static DateTimeOffset Parse(string text, string parameter) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : throw new PipelineException($"{parameter} is '{text}', expected a moment in UTC such as " +
                "2026-03-03T14:05, or with an offset: 2026-03-03T14:05+02:00.");

    /// <summary><c>2026-03-03 14:05Z</c>.</summary>
    public static string Text(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
