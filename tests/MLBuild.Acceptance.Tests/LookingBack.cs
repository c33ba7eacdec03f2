using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>What ran, what it said and how the pipeline stands, asked of a build as a person asks: redirected, on a
/// terminal of 80 and of 120 columns, with colours and without, and as data.</summary>
public sealed partial class LookingBack(LookingBack.Compiled compiled)
    : IClassFixture<LookingBack.Compiled>, IDisposable
{
    private readonly DirectoryInfo _store = Directory.CreateTempSubdirectory("mlbuild-store-");

    [Fact]
    public void EachRunIsToldWithItsCommandButNoSecret()
    {
        Run("Join", "--password", "hunter2", "--rate", "3").Succeeded();
        Run("Join", "--rate", "3").Succeeded();
        Run("Failing").OutputOf("Failing");

        var lines = Told(Run("History"), "History");
        Assert.Equal(
            [
                "began (UTC)       outcome    ran  hit    took   saved  command",
                "TIME  failed       1    0  SPAN          Failing --root ROOT",
                "TIME  succeeded    0    3  SPAN  SPAN  Join --rate 3 --root ROOT",
                "TIME  succeeded    3    0  SPAN          Join --password *** --rate 3 --root ROOT",
                "",
                "TIME failed: Failing: InvalidOperationException: the step was too high",
            ],
            lines);
        Assert.DoesNotContain("hunter2", string.Concat(
            Directory.GetFiles(Path.Combine(_store.FullName, "runs")).Select(File.ReadAllText)));
        Assert.Equal(
            [
                "began (UTC)       Part            took   saved  why",
                "TIME  up to date 2          SPAN",
                "TIME  ran 2         SPAN          it was never built",
                "",
                "Part ran in 1 of 2 runs: SPAN",
            ],
            Told(Run("History", "--of-stage", "Part"), "History"));
        Assert.Equal("1 of 3 runs; --last 3 shows all", Told(Run("History", "--last", "1"), "History")[^1]);
    }

    [Theory]
    [InlineData("--password=hunter2", "--password=***")]
    [InlineData("--Password hunter2 --rate 3", "--Password *** --rate 3")]
    [InlineData("--place Host=db;Password=hunter2;Username=team", "--place Host=db;Password=***;Username=team")]
    [InlineData("--place Host=db;pwd=hunter2", "--place Host=db;pwd=***")]
    [InlineData("--place https://me:hunter2@example.com/a@b", "--place https://***@example.com/a@b")]
    [InlineData("--place https://example.com/?password=hunter2&a=b", "--place https://example.com/?password=***&a=b")]
    [InlineData("--place https://example.com --rate -3", "--place https://example.com --rate -3")]
    public void PasswordsAreHiddenWhereverTheyStand(string typed, string told)
    {
        Run(["Say", .. typed.Split(' ')]).Succeeded();
        Assert.EndsWith($"Say {told} --root ROOT", Told(Run("History"), "History")[1]);
        Assert.DoesNotContain("hunter2", string.Concat(
            Directory.GetFiles(Path.Combine(_store.FullName, "runs")).Select(File.ReadAllText)));
    }

    [Fact]
    public void BuildWithoutWorkLeavesNoRun()
    {
        Assert.Equal(["No run is kept yet. Whatever runs a stage makes one."], Told(Run("History"), "History"));
        Run("Join", "--dry-run").Succeeded();
        Run("Graph").Succeeded();
        Assert.Equal(["No run is kept yet. Whatever runs a stage makes one."], Told(Run("History"), "History"));
    }

    [Fact]
    public void LogIsThatOfTheLastWorkAlsoOfOneThatFailed()
    {
        Run("Join").Succeeded();
        Run("Failing");
        Assert.Equal(["Part/b worked TIME UTC in SPAN, recipe HASH", "others: a; --of-stage Part/a shows one", "",
            "part b"], Told(Run("Logs", "--of-stage", "Part/b"), "Logs"));
        var failed = Run("Logs", "--of-stage", "fail").Succeeded().OutputOf("Logs");
        Assert.StartsWith("Failing failed ", failed[0]);
        Assert.EndsWith("/failed/Failing/out", failed[1]);
        Assert.Equal("before it failed", failed[3]);
        Assert.Equal(
            ["Part never worked on a partition 'c'. It did on: a, b. Did you mean 'a'?"],
            Run("Logs", "--of-stage", "Part/c").Failure);
        Assert.Equal(
            ["There is no stage 'Prat'. Stages: Part, Join, Failing, Endless, Steady. Did you mean 'Part'?"],
            Run("Logs", "--of-stage", "Prat").Failure);
        Assert.Equal(
            ["Steady never worked, so it said nothing. ./build.sh Steady runs it."],
            Run("Logs", "--of-stage", "Steady").Failure);
    }

    [Fact]
    public void GraphTellsHowEachStageStands()
    {
        Run("Join").Succeeded();
        Run("Failing");
        Assert.Equal(
            [
                "stage      state        reads",
                "● Part     fresh               2 partitions",
                "  ○ Join   stale        Part   parameter 'Rate' changed: 1 -> 2",
                "× Failing  failed              InvalidOperationException: the step was too high",
                "· Endless  never built",
                "· Steady   never built",
                "",
                "● 1 fresh, ○ 1 stale, × 1 failed, · 2 never built",
            ],
            Told(Run("Graph", "--rate", "2"), "Graph"));
        foreach (var (end, begin) in new[]
            { ("svg", "<svg xmlns="), ("mmd", "flowchart LR\n"), ("txt", "stage "), ("json", "{\n  \"stages\": [") })
        {
            var file = Path.Combine(_store.FullName, $"graph.{end}");
            Assert.Equal($"Join and the stages that it needs: how they stand is in '{file}'",
                Run("Graph", "--of-stage", "Join", "--file", file).Succeeded().OutputOf("Graph")[0]);
            Assert.StartsWith(begin, File.ReadAllText(file));
        }
        Assert.EndsWith("expected a name with .json for all of it, or with .svg for a picture, or with .mmd or .txt.",
            Run("Graph", "--file", "graph.pdf").Failure[0]);
    }

    [LinuxTheory]
    [InlineData(80)]
    [InlineData(120)]
    public void OnATerminalEveryLineFits(int columns)
    {
        Run("Join", "--rate", "3").Succeeded();
        Run("Failing");
        foreach (var command in (string[][])[["History"], ["History", "--of-stage", "Failing"], ["Graph"],
            ["Logs", "--of-stage", "Part"]])
        {
            var (exitCode, written) = InTerminal(command, columns);
            Assert.Equal(0, exitCode);
            Assert.Contains(command[0] == "Logs" ? "worked" : "\e[3", written);
            var lines = TerminalRun.Screen(written, "no such folder").OutputOf(command[0]);
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.True(line.Length <= columns, $"{line.Length}: {line}"));
            Assert.Equal(columns == 80 && command is ["History"], lines.Any(line =>
                line.EndsWith('…') && line.Contains("--rate", StringComparison.Ordinal)));
        }
        // Where no colours are wanted there are none in answers; redirected there never are.
        var (_, plain) = InTerminal(["Graph"], columns, ("NO_COLOR", "1"));
        Assert.DoesNotContain('\e', string.Join('\n', plain.Split('\n').SkipWhile(line => !line.StartsWith("stage"))
            .TakeWhile(line => !line.StartsWith('═'))));
        Assert.DoesNotContain('\e', Run("Graph").Text);
    }

    [LinuxFact]
    public void KilledRunIsToldFromOneThatWasStopped()
    {
        var (exitCode, _) = InTerminal(["Endless"], 80, stopAt: "\e[?7lEndless: ");
        Assert.Equal(130, exitCode);
        Assert.Matches("^TIME  interrupted +0 +0 +SPAN +Endless", Told(Run("History"), "History")[1]);

        using (var build = compiled.Build.Start(
            ["Endless"], ("MLBUILD_STORE", _store.FullName), ("GITHUB_ACTIONS", null)))
        {
            while (!Directory.Exists(Path.Combine(_store.FullName, "work"))
                || !Directory.EnumerateDirectories(Path.Combine(_store.FullName, "work"))
                    .Any(folder => Directory.Exists(Path.Combine(folder, "Endless", "out"))))
            {
                Assert.False(build.HasExited);
                Thread.Sleep(20);
            }
            Assert.Matches("^TIME  running +0 +0 +Endless", Told(Run("History"), "History")[1]);
            build.Kill();
            build.WaitForExit();
        }
        var lines = Told(Run("History"), "History");
        Assert.Matches("^TIME  killed +0 +0 +Endless", lines[1]);
        Assert.Contains(lines, line =>
            line == $"TIME killed: its process died on {Environment.MachineName}; what had ended by then is kept");
    }

    [LinuxFact]
    public void WorkThatSaysNothingShowsTheTimeThatIsLeft()
    {
        var (_, first) = InTerminal(["Steady"], 120);
        Assert.Matches(@"\e\[\?7lSteady: \d+ s\e\[\?7h", first);
        var (_, second) = InTerminal(["Steady", "--rate", "2"], 120);
        Assert.Matches(@"\e\[\?7lSteady: \d s, about \d+ s left\e\[\?7h", second);
        Assert.DoesNotContain(TerminalRun.Screen(second, "no such folder").Lines,
            line => line.StartsWith("Steady: ", StringComparison.Ordinal));
        // Elsewhere nothing of it is said.
        Assert.DoesNotContain(Run("Steady", "--rate", "3").Succeeded().Lines,
            line => line.Contains(" left", StringComparison.Ordinal));
    }

    public void Dispose() => _store.Delete(recursive: true);

    private BuildResult Run(params string[] arguments) =>
        compiled.Build.Run(arguments, ("MLBUILD_STORE", _store.FullName), ("GITHUB_ACTIONS", null));

    private (int ExitCode, string Written) InTerminal(
        string[] arguments, int columns, params (string, string)[] variables) =>
        InTerminal(arguments, columns, null, variables);

    private (int ExitCode, string Written) InTerminal(
        string[] arguments, int columns, string? stopAt, params (string, string)[] variables)
    {
        var run = TerminalRun.Of(compiled.Build, arguments, new()
        {
            Columns = columns,
            StopAt = stopAt,
            Variables = [.. variables, ("MLBUILD_STORE", _store.FullName)],
        });
        return (run.ExitCode, run.Written);
    }

    // Times differ from run to run, and with them how wide their columns are.
    private static string[] Told(BuildResult run, string target) =>
    [
        .. run.Succeeded().OutputOf(target).Select(line =>
            Spans().Replace(Times().Replace(Hashes().Replace(line, "recipe HASH"), "TIME"), "SPAN")),
    ];

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d")]
    private static partial Regex Times();

    [GeneratedRegex(@"\d+\.\d+ s")]
    private static partial Regex Spans();

    [GeneratedRegex(@"recipe [0-9a-f]{8}")]
    private static partial Regex Hashes();

    public sealed class Compiled : IDisposable
    {
        private readonly Lazy<SmallBuild> _build = new(() => new("""
            using MLBuild.Engine.Stages;
            using MLBuild.Nuke;
            using Nuke.Common;

            [MLPipeline]
            class Build : NukeBuild, ILookBack
            {
                public static int Main() => Execute<Build>();

                [Parameter("A secret"), Secret] readonly string? Password;
                [Parameter("A number")] readonly int Rate = 1;
                [Parameter("A place")] readonly string? Place;

                Target Part => _ => _.Stage(stage => stage
                    .ForEach(() => (string[])["a", "b"])
                    .Writes("part.txt").Runs(Steps.Part, (string part) => new Name(part)));

                Target Join => _ => _.Stage(stage => stage
                    .Reads(Part).Writes("all.txt").Runs(Steps.Join, () => new Pace(Rate)));

                Target Failing => _ => _.Stage(stage => stage
                    .WithSecret("PASSWORD", () => Password).Writes("done.txt").Runs(Steps.Fail));

                Target Say => _ => _.DependsOn(Join).Executes(() => Console.WriteLine(Place?.Length));

                Target Endless => _ => _.Stage(stage => stage.Writes("done.txt").Runs(Steps.GoOn));

                Target Steady => _ => _.Stage(stage => stage
                    .Writes("done.txt").Runs(Steps.TakeItsTime, () => new Pace(Rate)));
            }

            sealed record Name(string Text);

            sealed record Pace(int Rate);

            static class Steps
            {
                public static void Part(StageRun run, Name name)
                {
                    run.Log($"part {name.Text}");
                    File.WriteAllText(run.Output("part.txt"), name.Text);
                }

                public static void Join(StageRun run, Pace pace) => File.WriteAllText(run.Output("all.txt"),
                    string.Concat(run.Inputs("part.txt").Select(part => File.ReadAllText(part.Path))) + pace.Rate);

                public static void Fail(StageRun run)
                {
                    run.Log("before it failed");
                    throw new InvalidOperationException("the step was too high");
                }

                public static void GoOn(StageRun run) => Thread.Sleep(Timeout.Infinite);

                // The first time is the longest: at each second of a later one there is some left.
                public static void TakeItsTime(StageRun run, Pace pace)
                {
                    Thread.Sleep(pace.Rate == 1 ? 6_000 : 3_500);
                    File.WriteAllText(run.Output("done.txt"), $"{pace.Rate}");
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
