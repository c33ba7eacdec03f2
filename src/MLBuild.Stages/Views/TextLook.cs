using System.Globalization;
using System.Text;
using MLBuild.Engine.Inspection;

namespace MLBuild.Stages.Views;

/// <summary>The first lines of a text; of JSON, set out in lines whatever it is on.</summary>
/// <param name="MoreLines">How many are left out.</param>
internal sealed record TextLook(IReadOnlyList<string> FirstLines, long MoreLines)
{
    private const int MostLines = 60;

    // Of a longer line nobody reads the rest.
    private const int LongestLine = 2_000;

    public enum Style
    {
        AsItIs,
        Json,
    }

    /// <summary>Reads the whole file in little memory.</summary>
    public static TextLook Of(string path, Style style)
    {
        using var reader = new StreamReader(path);
        var lines = style == Style.Json ? JsonLines(reader) : PlainLines(reader);
        var first = new List<string>();
        var more = 0L;
        foreach (var line in lines)
        {
            if (first.Count < MostLines)
                first.Add(line);
            else
                more++;
        }
        return new(first, more);
    }

    public IEnumerable<string> Lines(Page page) =>
    [
        .. FirstLines.Select(page.Cut),
        .. MoreLines == 0 ? [] : (string[])
            [string.Create(CultureInfo.InvariantCulture, $"… {MoreLines:N0} more lines")],
    ];

    private static IEnumerable<string> PlainLines(StreamReader reader)
    {
        var line = new StringBuilder();
        var (any, last) = (false, '\n');
        foreach (var c in Characters(reader))
        {
            (any, last) = (true, c);
            if (c == '\n')
                yield return Take(line);
            else if (c != '\r' && line.Length < LongestLine)
                line.Append(c);
        }
        if (any && last != '\n')
            yield return Take(line);
    }

    // What is no JSON is shown too, set out as far as brackets and commas go.
    private static IEnumerable<string> JsonLines(StreamReader reader)
    {
        var line = new StringBuilder();
        var (depth, isText, isEscaped, opened) = (0, false, false, false);
        foreach (var c in Characters(reader))
        {
            if (isText)
            {
                Put(c);
                (isText, isEscaped) = (c != '"' || isEscaped, c == '\\' && !isEscaped);
                continue;
            }
            if (char.IsWhiteSpace(c))
                continue;
            if (opened && c is not ('}' or ']'))
            {
                yield return Begin(depth);
            }
            switch (c)
            {
                case '{' or '[':
                    Put(c);
                    depth++;
                    opened = true;
                    continue;
                case '}' or ']':
                    depth = Math.Max(0, depth - 1);
                    if (!opened)
                        yield return Begin(depth);
                    Put(c);
                    break;
                case ',':
                    Put(c);
                    yield return Begin(depth);
                    break;
                case ':':
                    line.Append(": ");
                    break;
                default:
                    isText = c == '"';
                    Put(c);
                    break;
            }
            opened = false;
        }
        if (line.Length > 0)
            yield return Take(line);

        void Put(char c)
        {
            if (line.Length < LongestLine)
                line.Append(c);
        }

        string Begin(int indent)
        {
            var done = Take(line);
            line.Append(' ', 2 * Math.Min(indent, 32));
            return done;
        }
    }

    private static string Take(StringBuilder line)
    {
        var text = line.ToString();
        line.Clear();
        return text;
    }

    private static IEnumerable<char> Characters(StreamReader reader)
    {
        var block = new char[32 * 1024];
        for (int count; (count = reader.Read(block)) > 0;)
        {
            for (var i = 0; i < count; i++)
                yield return block[i];
        }
    }
}
