using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MLBuild.Benchmarks.Measuring;

/// <summary>A program that is run to its end in a folder.</summary>
internal sealed partial record Command(string Folder, string Program, params string[] Arguments)
{
    private const int LinesShown = 20;
    private const int Children = -1;
    private const int LongsOfUsage = 18;
    private const int MicrosecondsPerSecond = 1_000_000;

    /// <summary>Added to the environment, or taken out of it where null.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <exception cref="InvalidOperationException">It failed; the message ends with what it printed last.</exception>
    public Sample Run() => Run(out _);

    /// <param name="output">What it printed, errors included.</param>
    public Sample Run(out string output)
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        var cpu = CpuOfChildren();
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        var wall = Stopwatch.GetElapsedTime(began);
        return process.ExitCode == 0
            ? new(wall, CpuOfChildren() - cpu)
            : throw new InvalidOperationException(
                $"'{Program} {string.Join(' ', Arguments)}' ended with exit code {process.ExitCode}:\n{End(output)}");
    }

    /// <summary>As <see cref="Run()"/>, of a run that has to say something: another would not be what is
    /// measured.</summary>
    public Sample RunSaying(string text)
    {
        var sample = Run(out var output);
        return output.Contains(text, StringComparison.Ordinal)
            ? sample
            : throw new InvalidOperationException(
                $"This run should have said '{text}', but ended with:\n{End(output)}");
    }

    private static string End(string output) => string.Join('\n', output.TrimEnd().Split('\n').TakeLast(LinesShown));

    // Of all children that have ended, and of their children: one is run at a time, so differences are of one.
    private static TimeSpan CpuOfChildren()
    {
        Span<long> usage = stackalloc long[LongsOfUsage];
        if (OperatingSystem.IsWindows() || getrusage(Children, usage) != 0)
            return TimeSpan.Zero;
        // Seconds and microseconds in user mode, then in system mode.
        return TimeSpan.FromMicroseconds((usage[0] + usage[2]) * MicrosecondsPerSecond + usage[1] + usage[3]);
    }

    [LibraryImport("libc")]
    private static partial int getrusage(int who, Span<long> usage);
}
