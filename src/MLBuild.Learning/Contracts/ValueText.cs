using System.Globalization;
using System.Text;

namespace MLBuild.Learning.Contracts;

/// <summary>Values of the data in texts for people: what nothing shows (line ends, tabs, zero-width characters, blanks
/// at an end) can be seen, and a long value is cut.</summary>
public static class ValueText
{
    /// <summary>What stands for a value that is absent.</summary>
    public const string Absent = "(none)";

    /// <summary>Most characters that are shown of a value.</summary>
    public const int Longest = 80;

    /// <summary>The value, in quotes unless it ends where one would think it does: <c>fax</c>, <c>New York</c>,
    /// <c>' '</c>, <c>'fax\t'</c>, <c>'a, b'</c>; <c>(none)</c> for one that is absent.</summary>
    public static string Of(string? value) =>
        value is null ? Absent : IsPlain(value) ? Seen(value, Longest) : Quoted(value);

    /// <summary>The value in quotes: <c>'refund'</c>, <c>'a\nb'</c>.</summary>
    public static string Quoted(string value) => $"'{Seen(value, Longest)}'";

    /// <summary>A text with what nothing shows as <c>\n</c>, <c>\t</c>, <c>\0</c> or the number of the character,
    /// <c>\u200b</c>: at most so many characters of that, and an ellipsis where there are more.</summary>
    public static string Seen(string text, int longest)
    {
        if (text.Length <= longest && !text.EnumerateRunes().Any(IsUnseen))
            return text;
        var seen = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = IsUnseen(rune) ? Number(rune) : $"{rune}";
            if (seen.Length + shown.Length > longest)
                return seen.Append('…').ToString();
            seen.Append(shown);
        }
        return seen.ToString();
    }

    private static bool IsPlain(string value) =>
        value.Length > 0 && value[0] != ' ' && value[^1] != ' ' && value != Absent
        && value.AsSpan().IndexOfAny(',', '\'') < 0 && !value.Contains("  ", StringComparison.Ordinal)
        && !value.EnumerateRunes().Any(IsUnseen);

    // Any blank but the usual one looks like it and is another value.
    private static bool IsUnseen(Rune rune) => rune.Value != ' ' && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;

    private static string Number(Rune rune) => rune.Value switch
    {
        '\0' => @"\0",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        <= char.MaxValue => string.Create(CultureInfo.InvariantCulture, $@"\u{rune.Value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $@"\U{rune.Value:x8}"),
    };
}
