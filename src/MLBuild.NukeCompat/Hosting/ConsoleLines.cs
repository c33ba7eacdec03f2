using System.Text;

namespace MLBuild.NukeCompat;

/// <summary>What a console line tells, which decides its colour.</summary>
internal enum Paint
{
    Plain,
    Strong,
    Success,
    Warning,
    Error
}

/// <summary>Writes whole lines to the console, coloured only where a person looks at it.</summary>
internal static class ConsoleLines
{
    /// <summary>Whether this output is coloured, the log included.</summary>
    public static bool Colours { get; } =
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>How wide the terminal is; null where nobody looks.</summary>
    public static int? Columns =>
        Console.IsOutputRedirected ? null : Console.WindowWidth is > 0 and var columns ? columns : 80;

    // One call for each line: Console.Out is synchronised by call, so lines of several threads do not interleave.
    public static void Write(string text, Paint paint = Paint.Plain) =>
        Console.Out.Write((Colours ? Coloured(text, paint) : text) + Environment.NewLine);

    /// <summary>Writes lines that belong together in one piece.</summary>
    public static void Write(IEnumerable<ConsoleLine> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
            text.Append(Colours ? Coloured(line.Text, line.Paint) : line.Text).Append(Environment.NewLine);
        Console.Out.Write(text.ToString());
    }

    private static string Coloured(string text, Paint paint) => paint switch
    {
        Paint.Plain => text,
        Paint.Strong => $"\e[1m{text}\e[0m",
        Paint.Success => $"\e[32;1m{text}\e[0m",
        Paint.Warning => $"\e[33;1m{text}\e[0m",
        Paint.Error => $"\e[31;1m{text}\e[0m",
        _ => throw new ArgumentOutOfRangeException(nameof(paint), paint, null)
    };
}

/// <summary>A line and what it tells.</summary>
internal sealed record ConsoleLine(string Text, Paint Paint);
