using System.Text;

namespace MLBuild.Engine.Inspection;

/// <summary>What a piece of an answer says of the state of something; said in words beside it too.</summary>
public enum Tone
{
    Plain,
    Good,
    Doubtful,
    Faint,
}

/// <summary>What an answer is written on: how wide it is, and whether it has colours. What is not a terminal has
/// neither, so that the same answer is the same text.</summary>
/// <param name="Width">Columns of the terminal; null where nothing is cut or wrapped.</param>
public sealed record Page(int? Width, bool HasColours)
{
    /// <summary>Of a file or a pipe.</summary>
    public static Page Endless => new(null, HasColours: false);

    // Below this nothing can be laid out; the terminal then wraps.
    internal const int Narrowest = 40;

    /// <summary>Where lines end; <see cref="int.MaxValue"/> where they never do.</summary>
    public int Columns => Width is { } width ? Math.Max(width, Narrowest) : int.MaxValue;

    public string Paint(string text, Tone tone) => !HasColours || text.Length == 0 ? text : tone switch
    {
        Tone.Plain => text,
        Tone.Good => $"\e[32m{text}\e[0m",
        Tone.Doubtful => $"\e[33m{text}\e[0m",
        Tone.Faint => $"\e[2m{text}\e[0m",
        _ => throw new InvalidOperationException($"BUG: unknown tone {tone}."),
    };

    /// <summary>One line of a text, cut at the edge with <c>…</c>; control characters are spaces.</summary>
    public string Cut(string line) => Cut(line, Columns);

    /// <summary>As <see cref="Cut(string)"/>, at another width.</summary>
    public static string Cut(string line, int width)
    {
        var shown = line.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && !line.Contains('\x7f') ? line
            : string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c));
        return shown.Length <= width ? shown : $"{shown[..(width - 1)]}…";
    }

    /// <summary>A sentence in lines, broken at spaces; those after the first are indented. A word that is longer than a
    /// line, such as a hash, stays whole. Colours in it take no room.</summary>
    public IEnumerable<string> Wrap(string text, int indent = 2) => Wrap(text, Columns, indent);

    /// <summary>As <see cref="Wrap(string, int)"/>, at another width.</summary>
    internal static IEnumerable<string> Wrap(string text, int width, int indent)
    {
        if (Plain(text).Length <= width)
            return [text];
        var lines = new List<string>();
        var line = new StringBuilder();
        var start = text.Length - text.AsSpan().TrimStart(' ').Length;
        line.Append(' ', start);
        var (used, isEmpty) = (start, true);
        foreach (var word in text[start..].Split(' '))
        {
            var needed = Plain(word).Length;
            if (!isEmpty && used + 1 + needed > width)
            {
                lines.Add(line.ToString().TrimEnd(' '));
                line.Clear().Append(' ', start + indent);
                (used, isEmpty) = (start + indent, true);
            }
            if (!isEmpty)
                line.Append(' ');
            line.Append(word);
            (used, isEmpty) = (used + (isEmpty ? 0 : 1) + needed, false);
        }
        lines.Add(line.ToString());
        return lines;
    }

    /// <summary>A text without its colours: as many characters as it takes columns.</summary>
    internal static string Plain(string text)
    {
        if (!text.Contains('\e'))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (ColourLength(text.AsSpan(at)) is > 0 and var length)
                at += length;
            else
                plain.Append(text[at++]);
        }
        return plain.ToString();
    }

    /// <summary>The length of the code of a colour with which a text begins; 0 if it begins with none.</summary>
    internal static int ColourLength(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("\e["))
            return 0;
        var end = text[2..].IndexOfAnyExcept("0123456789;");
        return end >= 0 && text[2 + end] == 'm' ? 3 + end : 0;
    }
}
