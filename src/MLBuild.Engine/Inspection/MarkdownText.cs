using System.Globalization;
using System.Text;

namespace MLBuild.Engine.Inspection;

/// <summary>Texts of any origin inside Markdown, as themselves: nothing in them is markup or a new line.</summary>
public static class MarkdownText
{
    private const int MostCharacters = 300;

    /// <summary>A text for a line or for a cell of a table (GitHub Flavored Markdown); a long one is cut.</summary>
    public static string Inline(string text)
    {
        var to = new StringBuilder();
        foreach (var rune in Cut(text, MostCharacters).EnumerateRunes())
        {
            if (Rune.IsControl(rune))
                to.Append(' ');
            // As entities: a backslash would do for most, but not for a bar in all tables.
            else if (rune.IsAscii && !Rune.IsLetterOrDigit(rune) && !" .,;:-+=()'/%?".Contains((char)rune.Value))
                to.Append(CultureInfo.InvariantCulture, $"&#{rune.Value};");
            else
                to.Append(rune);
        }
        return to.ToString();
    }

    /// <summary>A text inside the quotes of a node's label (Mermaid, "Entity codes to escape characters").</summary>
    internal static string Label(string text, int mostCharacters)
    {
        var to = new StringBuilder();
        foreach (var rune in Cut(text, mostCharacters).EnumerateRunes())
        {
            if (Rune.IsControl(rune))
                to.Append(' ');
            else if (rune.IsAscii && !Rune.IsLetterOrDigit(rune) && !" .,:-+=()'/%?".Contains((char)rune.Value))
                to.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
            else
                to.Append(rune);
        }
        return to.ToString();
    }

    private static string Cut(string text, int mostCharacters)
    {
        if (text.Length <= mostCharacters)
            return text;
        // Not between the halves of a pair.
        var end = char.IsHighSurrogate(text[mostCharacters - 2]) ? mostCharacters - 2 : mostCharacters - 1;
        return text[..end] + '…';
    }
}
