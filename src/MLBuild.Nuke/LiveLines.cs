using System.Runtime.InteropServices;
using System.Text;
using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>Lines at the lower end of a terminal, below all that is written there: each is replaced in its place.
/// </summary>
/// <remarks>While there are some, all that the process writes to its console passes through here, whoever writes it:
/// the lines are taken away before, and stand below it again after. They are gone when the build ends, and at the
/// first signal that asks it to.</remarks>
internal sealed class LiveLines : IDisposable
{
    // More would push away what is above them, on a screen of 24 lines.
    private const int MostLines = 5;

    private readonly Lock _lock = new();
    private readonly List<Line> _lines = [];
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _errors = Console.Error;
    private readonly PosixSignalRegistration[] _signals;
    private int _drawn;
    private bool _isWithinLine;
    private bool _isClosed;

    // Not a tuple: generic code over value types would have to be compiled at each start.
    private sealed record Line(string Name, string Text);

    private LiveLines()
    {
        Console.SetOut(new Above(this, _output));
        if (!Console.IsErrorRedirected)
            Console.SetError(new Above(this, _errors));
        // Before anybody else answers it, also where the next one ends the process at once.
        _signals =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
                .Select(signal => PosixSignalRegistration.Create(signal, _ => Close())),
        ];
    }

    /// <summary>Null where nothing can be replaced, or nobody looks: output to a file or a pipe, a build server, a
    /// terminal that is none, <c>NO_COLOR</c>.</summary>
    public static LiveLines? OfThisConsole()
    {
        var terminal = Environment.GetEnvironmentVariable("TERM");
        var isDumb = terminal is "dumb" || (string.IsNullOrEmpty(terminal) && !OperatingSystem.IsWindows());
        return Console.IsOutputRedirected || isDumb || NukeBuild.IsServerBuild || IsSet("CI") || IsSet("NO_COLOR")
            ? null
            : new();
    }

    /// <summary>Shows a line in the place of the one of this name.</summary>
    public void Show(string name, string text)
    {
        lock (_lock)
        {
            // Control characters would move what is drawn after them.
            var line = new Line(name, new($"{name}: {text}".Where(c => !char.IsControl(c)).ToArray()));
            var at = _lines.FindIndex(other => other.Name == name);
            if (at < 0)
                _lines.Add(line);
            else
                _lines[at] = line;
            Put(Erasure() + Drawing());
        }
    }

    public void Remove(string name)
    {
        lock (_lock)
        {
            if (_lines.RemoveAll(line => line.Name == name) > 0)
                Put(Erasure() + Drawing());
        }
    }

    public void Dispose()
    {
        Close();
        foreach (var signal in _signals)
            signal.Dispose();
    }

    private void Close()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _lines.Clear();
            Put(Erasure());
            _isClosed = true;
            Console.SetOut(_output);
            if (!Console.IsErrorRedirected)
                Console.SetError(_errors);
        }
    }

    private void Write(TextWriter console, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        lock (_lock)
        {
            Put(Erasure());
            console.Write(text);
            console.Flush();
            // What is not the end of a line goes on, and would go on behind ours.
            _isWithinLine = !EndsLine(text);
            Put(Drawing());
        }
    }

    private void Put(string sequence)
    {
        if (sequence.Length == 0 || _isClosed)
            return;
        try
        {
            _output.Write(sequence);
            _output.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone; the build goes on.
        }
    }

    private string Erasure()
    {
        if (_drawn == 0)
            return "";
        var up = _drawn > 1 ? FormattableString.Invariant($"\e[{_drawn - 1}A") : "";
        _drawn = 0;
        return $"\r{up}\e[J";
    }

    private string Drawing()
    {
        if (_isWithinLine || _lines.Count == 0 || _isClosed)
            return "";
        var (width, height) = Size();
        _drawn = Math.Min(_lines.Count, Math.Min(MostLines, height - 1));
        var shown = _lines.Take(_drawn).Select(line => line.Text).ToArray();
        if (_lines.Count > _drawn)
            shown[^1] = FormattableString.Invariant($"… and {_lines.Count - _drawn + 1} more at work");
        // Without wrapping: a character that is wider than was thought is lost at the edge, and starts no other line.
        var cut = shown.Select(line => line.Length < width ? line : line[..(width - 1)]);
        return $"\e[?7l{string.Join('\n', cut)}\e[?7h";
    }

    // A line that is coloured to its end has a code behind that.
    private static bool EndsLine(ReadOnlySpan<char> text)
    {
        while (text[^1] == 'm' && text.LastIndexOf("\e[") is >= 0 and var code
            && text[(code + 2)..^1].IndexOfAnyExcept("0123456789;") < 0)
        {
            text = text[..code];
            if (text.IsEmpty)
                return false;
        }
        return text[^1] == '\n';
    }

    private static (int Width, int Height) Size()
    {
        try
        {
            // Zero where the terminal does not say.
            return (Console.WindowWidth is > 1 and var width ? width : 80,
                Console.WindowHeight is > 1 and var height ? height : 24);
        }
        catch (IOException)
        {
            return (80, 24);
        }
    }

    private static bool IsSet(string variable) =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    /// <summary>A console as others see it.</summary>
    private sealed class Above(LiveLines lines, TextWriter console) : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        public override void Write(char value) => lines.Write(console, [value]);

        public override void Write(char[] buffer, int index, int count) =>
            lines.Write(console, buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => lines.Write(console, buffer);

        public override void Write(string? value) => lines.Write(console, value);

        // In one piece, so that nothing is drawn between a line and its end.
        public override void WriteLine(string? value) => lines.Write(console, value + NewLine);

        public override void WriteLine(ReadOnlySpan<char> buffer) => lines.Write(console, $"{buffer}{NewLine}");

        public override void Flush() => console.Flush();
    }
}
