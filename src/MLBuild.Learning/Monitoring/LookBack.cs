using System.Globalization;

namespace MLBuild.Learning.Monitoring;

/// <summary>How far back windows are judged: <c>24h</c>, <c>7d</c>, <c>2w</c>.</summary>
public static class LookBack
{
    private const int MostHours = 24 * 366 * 100;

    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static TimeSpan Parse(string text)
    {
        var hours = text is [.., var unit] ? unit switch { 'h' => 1, 'd' => 24, 'w' => 168, _ => 0 } : 0;
        return hours > 0
            && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 && (long)count * hours <= MostHours
            ? TimeSpan.FromHours((long)count * hours)
            : throw new ArgumentException(
                $"How far to look back is '{text}', expected a number of hours, days or weeks such as 24h, 7d or 2w.");
    }
}
