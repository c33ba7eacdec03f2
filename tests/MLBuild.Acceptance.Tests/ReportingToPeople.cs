using System.Text.RegularExpressions;
using MLBuild.Stages.Tests.Site;

namespace MLBuild.Acceptance.Tests;

/// <summary>The report of a project: written to a folder, or shown as things are.</summary>
public sealed class ReportingToPeople
{
    [Fact]
    public void TheReportTellsOfStagesRunsVersionsAndWhatServes()
    {
        using var project = TaxiProject.Trained();
        project.Run("Register").Succeeded();
        project.Run("Deploy", "--model-version", "1").Succeeded();
        project.Run("Train", "--learning-rate", "7");
        Assert.Matches(@"^\d+ files, [\d.]+ KB; begin with 'ROOT/artifacts/Report/index\.html'$",
            Assert.Single(project.Run("Report").Succeeded().Log));

        var index = project.Read("artifacts/Report/index.html");
        Assert.Contains(">● version 1</a>", index);
        Assert.Contains("aria-label=\"Train: fresh, ", index);
        Assert.Contains("Train --learning-rate 7", index);
        Assert.Contains("LearningRate is 7, expected above 0, up to 1.", index);
        Assert.Contains("✗ failed", project.Read("artifacts/Report/stages/Train.html"));
        Assert.Contains("<h3>fare_amount ", project.Read("artifacts/Report/stages/Validate.html"));
        Assert.Contains("RMSE by iteration: ", project.Read("artifacts/Report/versions/1.html"));
        Assert.Contains("deployed to production", project.Read("artifacts/Report/versions/1.html"));
        foreach (var page in Directory.GetFiles(project.PathOf("artifacts/Report"), "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("mlbuild ü", File.ReadAllText(page));

        // Reporting is no run, and changes nothing that it tells of.
        project.Run("Report").Succeeded();
        Assert.Equal(index, project.Read("artifacts/Report/index.html"));
        Assert.StartsWith("nothing to do: 5 stages up to date",
            project.Run("Train").Succeeded().Lines
                .Single(line => line.StartsWith("nothing", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ServedItIsAsThingsAre()
    {
        using var project = TaxiProject.Trained();
        using var build = project.Start("Report", "--report-port", $"{FreePort.Find()}");
        try
        {
            var said = "";
            while (!said.Contains("until Ctrl+C", StringComparison.Ordinal)
                && await build.StandardOutput.ReadLineAsync() is { } line)
                said += line + "\n";
            using var client = new HttpClient
            {
                BaseAddress = new(Regex.Match(said, @"http://127\.0\.0\.1:\d+/").Value),
            };
            Assert.Contains("aria-label=\"Train: fresh, ", await client.GetStringAsync(""));
            Assert.Contains("No version is registered.", await client.GetStringAsync(""));

            project.Run("Register").Succeeded();
            Assert.Contains("<h1>taxi-fare version 1</h1>", await client.GetStringAsync("versions/1.html"));
            Assert.False(Directory.Exists(project.PathOf("artifacts/Report")));
        }
        finally
        {
            build.Kill(entireProcessTree: true);
            await build.WaitForExitAsync();
        }
    }

    [Fact]
    public void AFolderOfSomethingElseIsLeftAlone()
    {
        using var project = new TaxiProject();
        project.Write("artifacts/Report/thesis.txt", "years of work");
        Assert.Equal(
            [
                "'ROOT/artifacts/Report' holds files and no report, so none is written there. Move them away, and " +
                "run the same command again.",
            ],
            project.Run("Report").Failure);
    }
}
