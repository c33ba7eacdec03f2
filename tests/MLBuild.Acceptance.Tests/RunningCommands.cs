using System.Diagnostics;
using System.Globalization;
using static MLBuild.Engine.Tests.Commands.SystemProcess;

namespace MLBuild.Acceptance.Tests;

/// <summary>Stages whose work is a program, in a real build: what they print, and that none of their processes outlives
/// the build, however it ends.</summary>
public sealed class RunningCommands(RunningCommands.Compiled compiled) : IClassFixture<RunningCommands.Compiled>
{
    [UnixFact]
    public void RunOnceAndSayWhyTheyRunAgain()
    {
        var build = compiled.Build;
        build.Write("scripts/train.sh", "echo training with $1; echo model $1 > model.txt");
        Assert.Equal(["building for the first time", "$ sh scripts/train.sh 0.1", "training with 0.1"],
            build.Run("Train").Succeeded().Log);
        Assert.Equal("model 0.1\n", build.Read("artifacts/Train/model.txt"));
        Assert.Contains("nothing to do: 1 stage up to date", build.Run("Train").Text);
        Assert.Equal("rebuilding because parameter 'Rate' changed: 0.1 -> 0.2",
            build.Run("Train", "--rate", "0.2").Succeeded().Log.First());
        build.Write("scripts/train.sh", "echo training hard; exit 3");
        var failed = build.Run("Train");
        Assert.Equal(255, failed.ExitCode);
        Assert.Equal(
        [
            "'sh scripts/train.sh 0.1' ended with exit code 3. Its last lines:",
            "  training hard",
            "Its log and what it had written: ROOT/.nuke/mlbuild/failed/Train",
        ], failed.Failure);
    }

    [PythonFact]
    public void PythonTrainsAModel()
    {
        using var build = new SmallBuild("""
            using MLBuild.Engine.Stages;
            using MLBuild.Nuke;
            using Nuke.Common;

            [MLPipeline]
            class Build : NukeBuild
            {
                public static int Main() => Execute<Build>(build => build.Train);

                [Parameter] readonly double LearningRate = 0.1;

                Target Split => _ => _
                    .Stage(stage => stage
                        .ForEach(() => SourceFiles.Find([RootDirectory / "data"], ".csv", "data/"))
                        .Writes("train.csv")
                        .RunsCommand("cp", "{source}", "{out:train.csv}"));

                Target Train => _ => _
                    .Stage(stage => stage
                        .Reads(Split, "train.csv")
                        .Writes("model.json")
                        .RunsCommand(() => new TrainOptions(LearningRate), "python3", "{file:scripts/train.py}",
                            "{option:LearningRate}", "{in:train.csv}", "{out:model.json}")
                        .ObservesProgram("--version"));
            }

            sealed record TrainOptions(double LearningRate);
            """);
        build.Write("data/a.csv", "1,2\n2,4\n3,6\n");
        build.Write("scripts/train.py", """
            import json, sys
            rate, rows, model = float(sys.argv[1]), sys.argv[2], sys.argv[3]
            points = [tuple(map(float, line.split(","))) for line in open(rows)]
            slope = 0.0
            for epoch in range(100):
                slope -= rate * sum((slope * x - y) * x for x, y in points) / len(points)
                if epoch % 25 == 0:
                    print(f"epoch {epoch}: {slope:.3f}")
            json.dump({"slope": round(slope, 6)}, open(model, "w"))

            """);
        Assert.Contains("epoch 25: 2.000", build.Run().Succeeded().Log);
        Assert.Equal("{\"slope\": 2.0}", build.Read("artifacts/Train/model.json"));
        Assert.Contains("nothing to do: 2 stages up to date", build.Run().Text);
        Assert.Contains("rebuilding because parameter 'LearningRate' changed: 0.1 -> 0.2",
            build.Run("--learning-rate", "0.2").Succeeded().Log);
        build.Write("data/a.csv", "1,2\n2,4\n3,x\n");
        var failed = build.Run("--learning-rate", "0.2");
        Assert.Equal("'python3 scripts/train.py 0.2 train.csv model.json' ended with exit code 1. Its last lines:",
            failed.Failure[0]);
        Assert.Contains("  ValueError: could not convert string to float: 'x\\n'", failed.Failure);
    }

    [LinuxTheory]
    [InlineData(130, SigInt)]
    [InlineData(130, SigInt, SigInt)]
    [InlineData(128 + SigTerm, SigTerm)]
    [InlineData(128 + SigHup, SigHup)]
    [InlineData(128 + SigKill, SigKill)]
    public void NoProcessOutlivesTheBuild(int exitCode, params int[] signals)
    {
        using var build = compiled.Build.Start("Wait");
        int[] programs = [];
        try
        {
            string? line;
            while ((line = build.StandardOutput.ReadLine())?.Contains("] ready ", StringComparison.Ordinal) == false)
            {
            }
            programs = line!.Split("] ready ")[1].Split(' ')
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(3, programs.Length);
            Assert.All(programs, id => Assert.True(IsAlive(id)));
            foreach (var signal in signals)
                Send(build.Id, signal);
            build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            Assert.Equal(exitCode, build.ExitCode);
            // Of a build that was killed, or that the system ended at once, its watcher ends them in the next moment.
            if (signals is [SigKill] or [SigInt, SigInt])
                SpinWait.SpinUntil(() => !programs.Any(IsAlive), TimeSpan.FromMinutes(1));
            Assert.DoesNotContain(programs, IsAlive);
            Assert.False(File.Exists(Path.Combine(compiled.Build.Root, "artifacts/Wait/never.txt")));
        }
        finally
        {
            if (!build.HasExited)
                build.Kill(entireProcessTree: true);
            foreach (var left in programs.Where(IsAlive))
                Send(left, SigKill);
        }
    }

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

                [Parameter] readonly double Rate = 0.1;

                Target Train => _ => _
                    .Stage(stage => stage
                        .Writes("model.txt")
                        .RunsCommand(() => new { Rate }, "sh", "{file:scripts/train.sh}", "{option:Rate}"));

                Target Wait => _ => _
                    .Stage(stage => stage
                        .Writes("never.txt")
                        .RunsCommand("sh", "-c", "echo half > never.txt; sleep 1000 & a=$!; setsid sleep 1000 & echo ready $$ $a $!; " +
                            "trap '' TERM; sleep 1000; wait"));
            }
            """));

        internal SmallBuild Build => _build.Value;

        public void Dispose()
        {
            if (_build.IsValueCreated)
                _build.Value.Dispose();
        }
    }

    private sealed class PythonFactAttribute : FactAttribute
    {
        public PythonFactAttribute() => Skip = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "python3")))
            ? null
            : "needs python3 in PATH: install Python 3";
    }
}
