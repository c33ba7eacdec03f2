using System.Globalization;
using System.Text;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>How durations, sizes, ages and hashes are written for people, in every culture the same.</summary>
public static class Wording
{
    private const int HashDigits = 64;

    /// <summary><c>0.21 s</c>, <c>12.3 s</c>, <c>4 min 12 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => Text($"{span.TotalSeconds:0.00} s"),
        { TotalSeconds: < 60 } => Text($"{span.TotalSeconds:0.0} s"),
        { TotalMinutes: < 60 } => Text($"{span.Minutes} min {span.Seconds} s"),
        _ => Text($"{(int)span.TotalHours} h {span.Minutes} min"),
    };

    /// <summary><c>812 B</c>, <c>34.5 KB</c>, <c>1.2 GB</c>: powers of 1,000, as disks are sold.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => Text($"{bytes} B"),
        < 1_000_000 => Text($"{bytes / 1e3:0.0} KB"),
        < 1_000_000_000 => Text($"{bytes / 1e6:0.0} MB"),
        _ => Text($"{bytes / 1e9:0.0} GB"),
    };

    /// <summary><c>just now</c>, <c>5 min ago</c>, <c>3 h ago</c>, <c>12 days ago</c>.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } => Text($"{(int)age.TotalMinutes} min ago"),
        { TotalDays: < 1 } => Text($"{(int)age.TotalHours} h ago"),
        { TotalDays: < 2 } => "1 day ago",
        _ => Text($"{(int)age.TotalDays} days ago"),
    };

    /// <summary><c>1 stage</c>, <c>3 stages</c>.</summary>
    public static string Count(long count, string thing) => Text($"{count:N0} {thing}{(count == 1 ? "" : "s")}");

    /// <summary>A text with the first eight digits of each SHA-256 in it: nobody reads the other 56.</summary>
    public static string WithShortHashes(string text)
    {
        if (text.Length < HashDigits)
            return text;
        var shorter = new StringBuilder();
        for (int at = 0, end; at < text.Length; at = end)
        {
            end = at + 1;
            while (end < text.Length && char.IsLetterOrDigit(text[at]) && char.IsLetterOrDigit(text[end]))
                end++;
            shorter.Append(ContentHash.TryParse(text[at..end], out var hash) ? hash.Short : text.AsSpan(at, end - at));
        }
        return shorter.ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
