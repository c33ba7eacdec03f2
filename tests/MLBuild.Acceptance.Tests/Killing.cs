using Xunit.Abstractions;

namespace MLBuild.Acceptance.Tests;

/// <summary>kill -9 at any instant, then the same command: the right result, and what was finished is not done
/// again. Many more kills, of an engine alone, are made by KilledBuilds in the engine's tests.</summary>
public sealed class Killing(ITestOutputHelper output)
{
    private const int Kills = 4;

    [Fact]
    public async Task AtRandomInstants()
    {
        using var undisturbed = new TaxiProject("2019-01", "2019-02");
        var started = TimeProvider.System.GetTimestamp();
        undisturbed.Run("Train").Succeeded();
        var coldRun = TimeProvider.System.GetElapsedTime(started);
        var expected = undisturbed.Artifacts();

        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < Kills; i++)
        {
            using var project = new TaxiProject("2019-01", "2019-02");
            var instant = coldRun * random.NextDouble();
            using (var build = project.Start("Train"))
            {
                // Drained, or a full pipe would hold the build up.
                var drained = build.StandardOutput.ReadToEndAsync();
                build.WaitForExit(instant);
                build.Kill();
                build.WaitForExit();
                await drained;
            }
            var finished = project.Records();
            output.WriteLine(
                $"seed {seed}, kill {i + 1} after {instant.TotalSeconds:0.000} s: {finished.Count} finished");

            project.Run("Train").Succeeded();
            Assert.Equal(expected, project.Artifacts());
            // A record has the time of its run, so a unit that ran again would differ.
            Assert.All(finished, record => Assert.Equal(record.Value, project.Records()[record.Key]));
            Assert.Equal(undisturbed.Records().Keys, project.Records().Keys);
            Assert.Empty(Directory.GetFileSystemEntries(project.PathOf(".nuke/mlbuild/work")));
            Assert.Empty(project.Run("Train").Succeeded().Ran);
        }
    }
}
