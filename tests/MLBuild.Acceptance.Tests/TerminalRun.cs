using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>A build that ran in a terminal: how it ended and what it wrote there, with all that moves and
/// colours.</summary>
internal sealed partial record TerminalRun(int ExitCode, string Written)
{
    public sealed record Setting
    {
        /// <summary>How wide the terminal is; null for one that does not tell.</summary>
        public int? Columns { get; init; }

        /// <summary>Ctrl+C is typed when this has been written.</summary>
        public string? StopAt { get; init; }

        /// <summary>Set on top of the test's own environment.</summary>
        public IReadOnlyList<(string Name, string Value)> Variables { get; init; } = [];
    }

    // 'script' runs a program in a terminal of its own, and passes on what is typed and what is written there.
    public static TerminalRun Of(SmallBuild build, string[] arguments, Setting setting)
    {
        var size = setting.Columns is { } columns
            ? string.Create(CultureInfo.InvariantCulture, $"stty cols {columns} rows 40; ") : "";
        var command = $"{size}exec '{BootstrapCheckout.Dotnet}' '{build.Program}' {string.Join(' ', arguments)} " +
            $"--root '{build.Root}'";
        var start = new ProcessStartInfo("script", ["-qefc", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = build.Root,
        };
        foreach (var name in (string[])["CI", "GITHUB_ACTIONS", "NO_COLOR"])
            start.Environment.Remove(name);
        start.Environment["TERM"] = "xterm";
        foreach (var (name, value) in setting.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var written = new StringBuilder();
        var buffer = new char[1024];
        var stopAt = setting.StopAt;
        while (process.StandardOutput.Read(buffer) is > 0 and var count)
        {
            written.Append(buffer.AsSpan(0, count));
            if (stopAt is not null && written.ToString().Contains(stopAt, StringComparison.Ordinal))
            {
                stopAt = null;
                process.StandardInput.Write('\u0003'); // Ctrl+C
                process.StandardInput.Flush();
            }
        }
        process.WaitForExit();
        return new(process.ExitCode, written.ToString());
    }

    /// <summary>What one sees in the end, on a screen that is high enough.</summary>
    public static BuildResult Screen(string written, string root)
    {
        var lines = new List<StringBuilder> { new() };
        var (row, column) = (0, 0);
        foreach (var token in Tokens().EnumerateMatches(written))
        {
            var text = written.AsSpan(token.Index, token.Length);
            if (text is "\r")
                column = 0;
            else if (text is "\n")
                row++;
            else if (text is "\e[J")
            {
                lines.RemoveRange(row + 1, lines.Count - row - 1);
                lines[row].Length = Math.Min(lines[row].Length, column);
            }
            else if (text[0] == '\e' && text[^1] == 'A')
                row -= int.Parse(text[2..^1], CultureInfo.InvariantCulture);
            else if (text[0] != '\e')
            {
                lines[row].Length = Math.Max(lines[row].Length, column + 1);
                lines[row][column++] = text[0];
            }
            while (lines.Count <= row)
                lines.Add(new());
        }
        return new(0, string.Join('\n', lines), root);
    }

    [GeneratedRegex(@"\e\[[?0-9;]*[A-Za-z]|[\s\S]")]
    private static partial Regex Tokens();
}
