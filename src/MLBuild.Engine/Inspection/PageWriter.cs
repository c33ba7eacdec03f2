using System.Text;

namespace MLBuild.Engine.Inspection;

/// <summary>A terminal that is written to line by line: a line that is longer than the terminal is wide goes on below,
/// where its text begins, instead of being broken within a word. What fits, and what moves the cursor, is as it
/// was.</summary>
/// <param name="page">Asked for each text, as a terminal can be made wider.</param>
public sealed class PageWriter(TextWriter terminal, Func<Page> page) : TextWriter
{
    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => terminal.Write(value);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.Length <= Page.Narrowest || MovesCursor(buffer))
            terminal.Write(buffer);
        else
            // In one piece, so that lines of several threads do not mix.
            terminal.Write(Wrapped(buffer, page()));
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void WriteLine(ReadOnlySpan<char> buffer) => Write($"{buffer}{NewLine}");

    public override void Flush() => terminal.Flush();

    // What is not the end of a line stays as it is: nobody knows how that goes on.
    private static string Wrapped(ReadOnlySpan<char> text, Page page)
    {
        var wrapped = new StringBuilder(text.Length + 64);
        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n'))
        {
            var newLine = text[..end].EndsWith('\r') ? "\r\n" : "\n";
            var line = text[..end].TrimEnd('\r').ToString();
            wrapped.AppendJoin(newLine, page.Wrap(line, Indent(Page.Plain(line)))).Append(newLine);
            text = text[(end + 1)..];
        }
        return wrapped.Append(text).ToString();
    }

    // A line of the log goes on where its message begins: behind 12:00:00 [INF], or [INF].
    private static int Indent(string line)
    {
        const int Usual = 2;
        var end = line.IndexOf("] ", StringComparison.Ordinal);
        if (end is not (4 or 13) || line[end - 4] != '[')
            return Usual;
        var message = line.AsSpan(end + 1).IndexOfAnyExcept(' ');
        return message < 0 ? Usual : end + 1 + message;
    }

    private static bool MovesCursor(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny('\e', '\r'); at >= 0; at = text.IndexOfAny('\e', '\r'))
        {
            text = text[at..];
            var known = text.StartsWith("\r\n") ? 2 : Page.ColourLength(text);
            if (known == 0)
                return true;
            text = text[known..];
        }
        return false;
    }
}
