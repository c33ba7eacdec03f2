using System.Diagnostics;

namespace MLBuild.NukeCompat.Tests;

/// <summary>Programs that targets start, and the interruption of a build that has started one.</summary>
public sealed class StartingPrograms : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Workspace _space = new();

    [UnixFact]
    public void OutputIsPassedOnLineByLine() =>
        Assert.Equal(
            // Of the two streams, either line may come first.
            ["""b\"r {x}""", "out world", "read out world"], _space.Run("Processes").Messages.Order());

    [UnixFact]
    public void ExitCodeIsAFailureThatShowsErrorOutput()
    {
        var lines = _space.Run("Processes", "Failing").Lines.ToList();

        var start = lines.FindIndex(line => line.StartsWith("Nuke.Common.Tooling.ProcessException"));
        Assert.Equal("Nuke.Common.Tooling.ProcessException: 'bash' ended with exit code 7.", lines[start]);
        Assert.EndsWith("bash -c \"echo told; echo wrong >&2; exit 7\"", lines[start + 1]);
        Assert.Equal(["  @ ROOT", "  wrong"], lines[(start + 2)..(start + 4)]);
    }

    [UnixFact]
    public void MissingProgramIsNamed() =>
        Assert.Equal(
            [
                "Missing Failed // FileNotFoundException: Program 'no-such-program' is in no directory of PATH. "
                + "Install it or give its path."
            ],
            _space.Run("Processes", "Missing").Summary);

    [UnixFact]
    public void ProgramThatTakesTooLongIsKilled() =>
        Assert.Equal(
            ["Slow Failed // ArgumentException: 'sleep' did not end in the time it was given, and was killed"],
            _space.Run("Processes", "Slow").Summary);

    [UnixFact]
    public void OutputThatIsKeptOpenIsNotWaitedForLongerThanTheProgram() =>
        Assert.Equal(
            ["Leaving Failed // ArgumentException: 'bash' did not end in the time it was given, and was killed"],
            _space.Run("Processes", "Leaving").Summary);

    [UnixFact]
    public void SecretsAreNotShownAndSpacesAreQuoted()
    {
        var messages = _space.Run("Processes", "Secret").Messages;

        Assert.EndsWith("""echo [REDACTED] "ROOT/.nuke/temp/two words" "a b" 3""", messages[0]);
        Assert.Equal("[REDACTED] ROOT/.nuke/temp/two words a b 3", messages[1]);
    }

    [UnixFact]
    public void InterruptionEndsChildrenRunsAssuredTargetsAndShowsTheSummary()
    {
        var result = Interrupt("Deploy Tidy", line => line.Contains("child "));
        var child = int.Parse(result.Messages[0].Split("child ")[1]);

        Assert.Equal(130, result.ExitCode);
        Assert.Equal(["Train Aborted", "Tidy Succeeded", "Deploy NotRun"], result.Summary);
        Assert.Equal("aborted 1", result.Lines[^1]);
        Assert.DoesNotContain("never said", result.Raw);
        Assert.True(Ends(child), $"process {child} is still alive");
    }

    [UnixFact]
    public void WhatAnInterruptedChildSaysLastIsNotLost()
    {
        var result = Interrupt("Serve", line => line.Contains("child "));

        Assert.Equal(130, result.ExitCode);
        Assert.Contains("stopped", result.Messages);
        Assert.Equal(["Serve Aborted"], result.Summary);
    }

    [UnixFact]
    public void SecondInterruptionEndsTheBuildAtOnce()
    {
        var result = Interrupt("Deploy Tidy --stuck", line => line.Contains("child ") || line.Contains("tidy"));

        Assert.Equal(130, result.ExitCode);
        Assert.Empty(result.Summary);
    }

    private BuildResult Interrupt(string arguments, Predicate<string> when)
    {
        using var process = _space.Start("Interrupted", arguments);
        // There only so that a failure ends, as where whoever runs the tests has interruptions ignored.
        using var late = new Timer(
            _ => process.Kill(entireProcessTree: true), null, Patience, Timeout.InfiniteTimeSpan);
        var output = "";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            output += line + "\n";
            if (!when(line))
                continue;
            using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            kill.WaitForExit();
        }
        process.WaitForExit();
        return new(output, process.ExitCode, _space.Root);
    }

    // A killed process is there until the system has taken notice.
    private static bool Ends(int id)
    {
        for (var waited = 0; waited < 1000; waited++)
        {
            try
            {
                using var process = Process.GetProcessById(id);
            }
            catch (ArgumentException)
            {
                return true;
            }
            Thread.Sleep(10);
        }
        return false;
    }

    public void Dispose() => _space.Dispose();
}
