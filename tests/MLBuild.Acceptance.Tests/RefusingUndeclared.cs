namespace MLBuild.Acceptance.Tests;

/// <summary>What a stage's code reads without declaring it is said, and with <c>--refuse-undeclared</c> is an
/// error.</summary>
public sealed class RefusingUndeclared
{
    [Fact]
    public void StageThatReadsTheClockFailsWithTheSwitchOnly()
    {
        using var build = new SmallBuild("""
            using MLBuild.Engine.Stages;
            using MLBuild.Nuke;
            using Nuke.Common;

            [MLPipeline]
            class Build : NukeBuild, IInspectArtifacts
            {
                public static int Main() => Execute<Build>(build => build.Stamp);

                Target Stamp => _ => _
                    .Stage(stage => stage
                        .Writes("stamp.txt")
                        .Runs(Stamps.Write));
            }

            static class Stamps
            {
                public static void Write(StageRun run) =>
                    File.WriteAllText(run.Output("stamp.txt"), $"{DateTime.UtcNow:O}");
            }
            """);
        var refused = build.Run("--refuse-undeclared");
        Assert.Equal(255, refused.ExitCode);
        Assert.Equal("with --refuse-undeclared it does not run, because its code", refused.Failure[0]);
        Assert.StartsWith("  - reads the clock (DateTime.UtcNow) without declaring it: Stamps.Write, Build.cs:",
            refused.Failure[1]);
        Assert.Contains(build.Run().Succeeded().Log, line =>
            line.StartsWith("its code reads the clock (DateTime.UtcNow)", StringComparison.Ordinal));
    }
}
