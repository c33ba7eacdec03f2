using System.Globalization;
using System.Text;

namespace MLBuild.Engine.Commands;

/// <summary>Makes of a program's output what is kept, which is everything, and what is shown: whole lines, of a line
/// that was written over its last state, of a long one its beginning, and nothing that moves the cursor.</summary>
/// <param name="keep">Gets the masked text in pieces.</param>
/// <param name="show">Gets lines without their ends.</param>
internal sealed class OutputText(SecretMask mask, TimeProvider clock, Action<string> keep, Action<string> show)
{
    /// <summary>Characters of one line.</summary>
    internal const int MostShown = 2_000;

    private const int MostHeld = 16 * 1024;

    // A line that a program writes over and over is shown now and then, for whoever watches.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly StringBuilder _held = new();
    private readonly StringBuilder _head = new();
    private string _overwritten = "";
    private long _length;
    private long _progressAt = clock.GetTimestamp();

    /// <summary>Reads a stream to its end as UTF-8. Streams that are read at once are mixed by what comes
    /// first.</summary>
    public async Task Read(Stream stream)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[MostHeld];
        var chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        for (int read; (read = await stream.ReadAsync(bytes)) > 0;)
        {
            var count = decoder.GetChars(bytes, 0, read, chars, 0);
            Write(chars.AsSpan(0, count));
        }
        Write(chars.AsSpan(0, decoder.GetChars([], 0, 0, chars, 0, flush: true)));
    }

    /// <summary>Shows a last line that has no end.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_held.Length == 0 && _head.Length == 0 && _overwritten.Length == 0)
                return;
            Take(_held.Length);
            keep("\n");
            ShowLine();
        }
    }

    internal void Write(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            while (text.IndexOfAny('\n', '\r') is >= 0 and var end)
            {
                Hold(text[..end]);
                Take(_held.Length);
                keep(text[end] == '\n' ? "\n" : "\r");
                if (text[end] == '\n')
                    ShowLine();
                else
                    Overwrite();
                text = text[(end + 1)..];
            }
            Hold(text);
        }
    }

    private void Hold(ReadOnlySpan<char> text)
    {
        _held.Append(text);
        if (_held.Length < MostHeld)
            return;
        var length = mask.SafeLength(_held.ToString());
        // Half of a surrogate pair has no bytes.
        Take(length > 0 && char.IsHighSurrogate(_held[length - 1]) ? length - 1 : length);
    }

    // Masked before it leaves, in a piece that no secret goes over.
    private void Take(int length)
    {
        if (length == 0)
            return;
        var text = mask.Of(_held.ToString(0, length));
        _held.Remove(0, length);
        _head.Append(text.AsSpan(0, Math.Min(text.Length, MostShown + 1 - _head.Length)));
        _length += text.Length;
        keep(text);
    }

    // A return alone begins the line again; before a line's end it says nothing.
    private void Overwrite()
    {
        if (_length > 0)
            _overwritten = Line();
        if (_overwritten.Length == 0 || clock.GetElapsedTime(_progressAt) < ProgressInterval)
            return;
        _progressAt = clock.GetTimestamp();
        show(_overwritten);
    }

    private void ShowLine()
    {
        show(_length > 0 ? Line() : _overwritten);
        _overwritten = "";
    }

    private string Line()
    {
        var head = _head.ToString(0, Math.Min(_head.Length, MostShown));
        var line = Printable(_head.Length > MostShown
            ? string.Create(CultureInfo.InvariantCulture, $"{head}… ({_length:N0} characters)")
            : head);
        _head.Clear();
        _length = 0;
        return line;
    }

    // Without colours, which are for a terminal, and without what else a terminal obeys.
    private static string Printable(string text)
    {
        if (!text.Any(IsControl))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u001b' && i + 1 < text.Length && text[i + 1] == '[')
            {
                for (i += 2; i < text.Length && text[i] is < '@' or > '~';)
                    i++;
                continue;
            }
            result.Append(IsControl(text[i]) ? '\ufffd' : text[i]);
        }
        return result.ToString();

        static bool IsControl(char c) => char.IsControl(c) && c != '\t';
    }
}
