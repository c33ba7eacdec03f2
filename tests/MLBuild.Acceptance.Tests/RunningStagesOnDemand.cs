namespace MLBuild.Acceptance.Tests;

/// <summary>A target that decides while it runs which stages are needed.</summary>
public sealed class RunningStagesOnDemand
{
    [Fact]
    public void StagesThatNobodyPlannedRunInOrderAndOnceWithTheirLines()
    {
        using var build = new SmallBuild("""
            using MLBuild.Engine.Stages;
            using MLBuild.Nuke;
            using Nuke.Common;

            [MLPipeline]
            class Build : NukeBuild, IInspectArtifacts
            {
                public static int Main() => Execute<Build>(build => build.Loop);

                // Shells then complete no value, and the build runs.
                [Parameter(ValueProviderMember = nameof(Names))] readonly string Wanted = "Double";
                static IEnumerable<string> Names => throw new InvalidOperationException("The names are not known.");

                Target Look => _ => _
                    .Stage(stage => stage
                        .ReadsFiles("number.txt")
                        .Writes("seen.txt")
                        .Runs(Work.Look));

                Target Double => _ => _
                    .Stage(stage => stage
                        .Reads(Look, "seen.txt")
                        .Writes("double.txt")
                        .Runs(Work.Double));

                Target After => _ => _
                    .Stage(stage => stage
                        .Reads(Double, "double.txt")
                        .Writes("after.txt")
                        .Runs(Work.After));

                Target Loop => _ => _
                    .DependsOn(Look)
                    .Executes(() =>
                    {
                        var session = PipelineSession.Of(this);
                        var done = session.Run(Wanted);
                        Serilog.Log.Information($"again {session.Run(Wanted).Units.Count == done.Units.Count}");
                    });
            }

            static class Work
            {
                public static void Look(StageRun run)
                {
                    File.WriteAllText(run.Output("seen.txt"), "21");
                    run.Log("looked");
                }

                public static void Double(StageRun run)
                {
                    run.Log("doubling");
                    if (File.ReadAllText(run.Input("seen.txt")) != "21")
                        throw new InvalidDataException("not 21");
                    File.WriteAllText(run.Output("double.txt"), "42");
                }

                public static void After(StageRun run) => throw new InvalidDataException("never");
            }
            """);
        build.Write("number.txt", "21");

        var first = build.Run("Loop").Succeeded();
        Assert.Equal(
            [
                "building for the first time", "looked", "Double: building for the first time", "Double: doubling",
                "again True",
            ],
            first.Log);
        Assert.Equal("42", build.Read("artifacts/Double/double.txt"));
        Assert.Equal(["again True"], build.Run("Loop").Succeeded().Log);

        // The stage that failed is named, not one that waited for it.
        var failed = build.Run("Loop", "--wanted", "After");
        Assert.Equal(255, failed.ExitCode);
        Assert.Equal("Stage 'After' failed: InvalidDataException: never", failed.Failure[0].Replace("System.IO.", ""));
        Assert.Equal(
            "There is no stage 'Dauble'. Stages: Look, Double, After. Did you mean 'Double'?",
            build.Run("Loop", "--wanted", "Dauble").Failure[0]);
    }
}
