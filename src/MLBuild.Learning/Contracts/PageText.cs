using System.Net;
using System.Text;

namespace MLBuild.Learning.Contracts;

/// <summary>HTML on its way. Whatever comes from data goes through <see cref="Text"/>, which escapes it.</summary>
public sealed class PageText
{
    private const int LongestText = 200;
    private const int LongestSentence = 2_000;

    private readonly StringBuilder _html = new();

    /// <summary>Markup that the page itself wrote. Numbers in it are whole, or a text of
    /// <see cref="Figures"/>.</summary>
    public PageText Raw(string html)
    {
        _html.Append(html);
        return this;
    }

    /// <summary>A text of the data, or about it; one of more than 200 characters is cut.</summary>
    public PageText Text(string text)
    {
        _html.Append(Escaped(text, LongestText));
        return this;
    }

    /// <summary>A text that may be long, such as a sentence with many numbers.</summary>
    public PageText Sentence(string text)
    {
        _html.Append(Escaped(text, LongestSentence));
        return this;
    }

    // Safe in an element and in a quoted attribute.
    private static string Escaped(string text, int longest)
    {
        // Half a surrogate pair has no place in UTF-8: as a rune it is U+FFFD. Control characters have none in HTML.
        var runes = text.EnumerateRunes().Take(longest + 1).ToArray();
        var clean = runes.Take(longest).Select(rune => Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        return WebUtility.HtmlEncode(string.Concat(clean) + (runes.Length > longest ? "…" : ""));
    }

    public override string ToString() => _html.ToString();
}
