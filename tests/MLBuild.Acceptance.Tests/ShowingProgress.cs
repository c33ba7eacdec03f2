namespace MLBuild.Acceptance.Tests;

/// <summary>How far stages are is shown below all else in a terminal, in lines that are replaced in their place; and as
/// lines of the log elsewhere.</summary>
public sealed class ShowingProgress(ShowingProgress.Compiled compiled) : IClassFixture<ShowingProgress.Compiled>
{
    [TwoCoresFact(onLinux: true)]
    public void EachStageHasALineWhileItRunsAndNothingIsLeftOfThem()
    {
        var (exitCode, written) = InTerminal("Both");

        Assert.Equal(0, exitCode);
        // Both at once, who said something first on top.
        Assert.Matches(
            @"\e\[\?7l(First|Second): step \d+ of 40, about [0-9.]+ s left\r?\n" +
            @"(First|Second): step \d+ of 40, about [0-9.]+ s left\e\[\?7h", written);
        var screen = Screen(written);
        AssertNothingIsLeft(screen);
        // What stages and their code say stands where it stands elsewhere, each line whole.
        Assert.Equal(["building for the first time", "half of it"], screen.Log.Take(2));
        Assert.Equal(4, screen.Log.Count());
        Assert.Equal(2, screen.Lines.Count(line => line == "written by the code itself"));
        Assert.Equal(["First", "Second"], screen.Ran.Order());
        Assert.Contains(screen.Lines, line => line.StartsWith("Build succeeded on ", StringComparison.Ordinal));
    }

    [LinuxFact]
    public void NothingIsLeftWhenAStageFails()
    {
        var (exitCode, written) = InTerminal("Failing");

        Assert.Equal(255, exitCode);
        Assert.Contains("\e[?7lFailing: step ", written);
        var screen = Screen(written);
        AssertNothingIsLeft(screen);
        Assert.Equal(["InvalidOperationException: the step", "  was too high"], screen.Failure.Take(2));
    }

    [LinuxFact]
    public void NothingIsLeftWhenTheBuildIsStopped()
    {
        var (exitCode, written) = InTerminal("Endless", stopAt: "\e[?7lEndless: step ");

        Assert.Equal(130, exitCode);
        var screen = Screen(written);
        AssertNothingIsLeft(screen);
        Assert.Contains(screen.Lines, line => line.StartsWith("Build failed on ", StringComparison.Ordinal));
    }

    [LinuxTheory]
    [InlineData("NO_COLOR", "1")]
    [InlineData("TERM", "dumb")]
    [InlineData("CI", "true")]
    public void WhereLinesCannotBeReplacedNoneIs(string variable, string value)
    {
        var (_, written) = InTerminal("Failing", stopAt: null, (variable, value));

        Assert.DoesNotContain("\e[?7l", written);
        Assert.DoesNotContain("\e[J", written);
    }

    // Else a build that has failed seems to hang.
    [TwoCoresFact(onLinux: true)]
    public void WorkThatStillRunsAfterAFailureIsNamed()
    {
        using var build = compiled.Build.Start(["Doomed", "Endless"], ("MLBUILD_STORE", NewStore()), ("CI", "true"));
        var said = Task.Run(() =>
        {
            while (build.StandardOutput.ReadLine() is { } line)
                if (line.StartsWith("still at work", StringComparison.Ordinal))
                    return line;
            return "";
        });
        // There only so that a failure ends.
        var isSaid = said.Wait(TimeSpan.FromMinutes(5));
        build.Kill();
        build.WaitForExit();
        Assert.True(isSaid);
        Assert.Equal("still at work, and kept when done: Endless. Ctrl+C gives it up.", said.Result);
    }

    private static void AssertNothingIsLeft(BuildResult screen) =>
        Assert.DoesNotContain(screen.Lines, line => line.Contains(" left", StringComparison.Ordinal));

    private (int ExitCode, string Written) InTerminal(
        string target, string? stopAt = null, params (string Name, string Value)[] variables)
    {
        var run = TerminalRun.Of(compiled.Build, [target], new()
        {
            StopAt = stopAt,
            Variables = [.. variables, ("MLBUILD_STORE", NewStore())],
        });
        return (run.ExitCode, run.Written);
    }

    private string NewStore() => Path.Combine(compiled.Build.Root, ".nuke", $"store-{Guid.NewGuid():N}");

    private BuildResult Screen(string written) => TerminalRun.Screen(written, compiled.Build.Root);

    public sealed class Compiled : IDisposable
    {
        private readonly Lazy<SmallBuild> _build = new(() => new("""
            using MLBuild.Engine.Stages;
            using MLBuild.Nuke;
            using Nuke.Common;

            [MLPipeline]
            class Build : NukeBuild
            {
                public static int Main() => Execute<Build>();

                Target First => _ => _.Stage(stage => stage.Writes("done.txt").Runs(Steps.Go));

                Target Second => _ => _.Stage(stage => stage.Writes("done.txt").Runs(Steps.Go));

                Target Both => _ => _.DependsOn(First, Second);

                Target Failing => _ => _.Stage(stage => stage.Writes("done.txt").Runs(Steps.Fail));

                Target Endless => _ => _.Stage(stage => stage.Writes("done.txt").Runs(Steps.GoOn));

                // Before Endless, because it is declared behind it.
                Target Doomed => _ => _.Stage(stage => stage.Writes("done.txt").Runs(Steps.FailBesideOthers));
            }

            static class Steps
            {
                private static readonly ManualResetEventSlim Begun = new();
                private static readonly Barrier Two = new(2);

                public static void Go(StageRun run)
                {
                    for (var i = 1; i <= 40; i++)
                    {
                        Thread.Sleep(25);
                        run.Progress(i, 40, $"step {i} of 40");
                        // Each has said something when the other goes on.
                        if (i == 20)
                        {
                            Two.SignalAndWait();
                            run.Log("half of it");
                            Console.WriteLine("written by the code itself");
                        }
                    }
                    File.WriteAllText(run.Output("done.txt"), "");
                }

                public static void Fail(StageRun run)
                {
                    for (var i = 1; i <= 20; i++)
                    {
                        Thread.Sleep(25);
                        run.Progress(i, 100, $"step {i} of 100");
                    }
                    throw new InvalidOperationException("the step was too high");
                }

                public static void FailBesideOthers(StageRun run)
                {
                    Begun.Wait();
                    throw new InvalidOperationException("the step was too high");
                }

                public static void GoOn(StageRun run)
                {
                    Begun.Set();
                    for (var i = 1; ; i++)
                    {
                        Thread.Sleep(25);
                        run.Progress(i, 100_000, $"step {i}");
                    }
                }
            }
            """));

        internal SmallBuild Build => _build.Value;

        public void Dispose()
        {
            if (_build.IsValueCreated)
                _build.Value.Dispose();
        }
    }
}
