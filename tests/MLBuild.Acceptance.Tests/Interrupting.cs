using System.Runtime.InteropServices;

namespace MLBuild.Acceptance.Tests;

/// <summary>Ctrl+C, and SIGTERM as from a CI job that is cancelled, in the middle of a build.</summary>
public sealed class Interrupting
{
    [UnixTheory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public async Task SameCommandGoesOn(int signal, int exitCode)
    {
        using var trained = TaxiProject.Trained();
        using var project = new TaxiProject("2019-01", "2019-02");
        using (var build = project.Start("Train"))
        {
            var said = build.StandardOutput.ReadToEndAsync();
            while (!build.HasExited && !IsAtWork(project))
                await Task.Delay(1);
            Assert.Equal(0, SendSignal(build.Id, signal));
            await build.WaitForExitAsync();
            Assert.Equal(exitCode, build.ExitCode);
            // Between two targets, none is running that could be aborted.
            Assert.Matches(@"(?m)^Train\s+(Aborted|NotRun)", await said);
        }
        var finished = project.Records();
        project.Run("Train").Succeeded();
        Assert.All(finished, record => Assert.Equal(record.Value, project.Records()[record.Key]));
        Assert.Equal(trained.Artifacts(), project.Artifacts());
        Assert.Empty(Directory.GetFileSystemEntries(project.PathOf(".nuke/mlbuild/work")));
    }

    // The first stage is done, another has begun.
    private static bool IsAtWork(TaxiProject project)
    {
        try
        {
            return Directory.GetDirectories(project.PathOf(".nuke/mlbuild/work"), "*", SearchOption.AllDirectories)
                .Any(folder => Path.GetFileName(folder) is "Validate" or "Split" or "Features" or "Train");
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
