using System.Globalization;
using System.Net;
using System.Text;

namespace MLBuild.Learning.Contracts;

/// <summary>HTML on its way. Whatever comes from data goes through <see cref="Text"/>, which escapes it.</summary>
internal sealed class PageText
{
    private const int LongestText = 200;

    private readonly StringBuilder _html = new();

    /// <summary>Markup that the page itself wrote, in which numbers may stand.</summary>
    public PageText Raw(FormattableString html)
    {
        _html.Append(html.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Markup that the page itself wrote.</summary>
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
        var shown = text.Length <= LongestText ? text : $"{text[..LongestText]}…";
        // Control characters have no place in HTML, and half a surrogate pair has none in UTF-8.
        var clean = new string([.. shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c)]);
        return WebUtility.HtmlEncode(clean);
    }

    public override string ToString() => _html.ToString();
}
