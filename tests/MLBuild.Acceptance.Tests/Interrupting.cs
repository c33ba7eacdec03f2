using static MLBuild.Engine.Tests.Commands.SystemProcess;

namespace MLBuild.Acceptance.Tests;

/// <summary>Ctrl+C, and SIGTERM as from a CI job that is cancelled, in the middle of a build.</summary>
public sealed class Interrupting
{
    [UnixTheory]
    [InlineData(SigInt, 130)]
    [InlineData(SigTerm, 143)]
    public async Task SameCommandGoesOn(int signal, int exitCode)
    {
        using var trained = TaxiProject.Trained();
        using var project = new TaxiProject("2019-01", "2019-02");
        using (var build = project.Start(TaxiProject.LongTraining))
        {
            var said = build.StandardOutput.ReadToEndAsync();
            while (!build.HasExited && !project.IsAtWork(build, stage => stage != "Ingest"))
                await Task.Delay(1);
            Send(build.Id, signal);
            await build.WaitForExitAsync();
            Assert.Equal(exitCode, build.ExitCode);
            // Between two targets, none is running that could be aborted.
            Assert.Matches(@"(?m)^Train\s+(Aborted|NotRun)", await said);
        }
        var finished = project.Records();
        Assert.NotEmpty(finished);
        project.Run(TaxiProject.LongTraining).Succeeded();
        Assert.All(finished, record => Assert.Equal(record.Value, project.Records()[record.Key]));
        project.Run("Train").Succeeded();
        Assert.Equal(trained.Artifacts(), project.Artifacts());
        Assert.Empty(Directory.GetFileSystemEntries(project.PathOf(".nuke/mlbuild/work")));
    }
}
