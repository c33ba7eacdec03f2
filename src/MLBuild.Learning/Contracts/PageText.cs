using System.Net;
using System.Text;

namespace MLBuild.Learning.Contracts;

/// <summary>HTML on its way. Whatever comes from data goes through <see cref="Text"/>, which escapes it.</summary>
internal sealed class PageText
{
    private const int LongestText = 200;

    private readonly StringBuilder _html = new();

    /// <summary>Markup that the page itself wrote. Numbers in it are whole, or a text of
    /// <see cref="Figures"/>.</summary>
    public PageText Raw(string html)
    {
        _html.Append(html);
        return this;
    }

    /// <summary>A text of the data, or about it.</summary>
    public PageText Text(string text)
    {
        _html.Append(Escaped(text));
        return this;
    }

    /// <summary>A text that is safe in an element and in a quoted attribute; long ones are cut.</summary>
    public static string Escaped(string text)
    {
        // Half a surrogate pair has no place in UTF-8: as a rune it is U+FFFD. Control characters have none in HTML.
        var runes = text.EnumerateRunes().Take(LongestText + 1).ToArray();
        var clean = runes.Take(LongestText).Select(rune => Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        return WebUtility.HtmlEncode(string.Concat(clean) + (runes.Length > LongestText ? "…" : ""));
    }

    public override string ToString() => _html.ToString();
}
