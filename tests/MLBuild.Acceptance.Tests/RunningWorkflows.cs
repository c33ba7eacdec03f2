using System.Diagnostics;

namespace MLBuild.Acceptance.Tests;

/// <summary>The commands of the workflows, as they are in <c>.github/workflows</c>, in their order: from a push to a
/// model that is trained anew because of what the monitor saw.</summary>
/// <remarks><c>MLBUILD_SOAK=1</c> runs them in clean clones of this repository, each of which compiles the
/// build.</remarks>
public sealed class RunningWorkflows
{
    [Fact]
    public void FromAPushToAModelThatServesIsWatchedAndTrainedAnew()
    {
        using var jobs = new WorkflowJobs(
            Environment.GetEnvironmentVariable("MLBUILD_SOAK") is null ? AsIfCloned : Cloned);
        var trained = jobs.Run("train", "train");
        Assert.True(trained.Succeeded, trained.Text);
        Assert.Equal(["Train", "Prune"], trained.Ran);
        Assert.Contains("version 1 registered", trained.Text);
        Assert.StartsWith("### 9 of 9 stages ran\n\n```mermaid\nflowchart LR\n", trained.Summary);
        Assert.Contains("### taxi-fare: its gate passed\n", trained.Summary);

        (jobs.Inputs["model-version"], jobs.Inputs["environment"], jobs.Inputs["strategy"]) =
            ("1", "production", "direct");
        var deployed = jobs.Run("deploy", "deploy");
        Assert.True(deployed.Succeeded, deployed.Text);
        Assert.Contains("'production' now serves taxi-fare version 1", deployed.Text);

        var fine = jobs.Run("monitor", "monitor");
        Assert.True(fine.Succeeded, fine.Text);
        Assert.Equal(["Monitor", "Prune"], fine.Ran);
        Assert.Contains("### Version 1: fine\n", fine.Summary);
        Assert.Equal(3, jobs.Saved);

        // A proposal reads what the main branch made, and leaves nothing behind.
        jobs.Change = project => project.AddMonth("2019-03");
        var proposed = jobs.Run("ci", "stages");
        Assert.True(proposed.Succeeded, proposed.Text);
        Assert.Contains("| Ingest | ran 1 of 3 partitions | ", proposed.Summary);
        Assert.Contains("| metric | this model | v1, newest | change | v1, serves | change |\n", proposed.Summary);
        Assert.Equal(3, jobs.Saved);

        Recent(times: 3);
        var bad = jobs.Run("monitor", "monitor");
        Assert.False(bad.Succeeded);
        Assert.Equal(["Monitor", "Prune"], bad.Ran);
        Assert.Contains("The data is bad: not learning from it. 2019-03: ", bad.Text);
        Assert.Contains("### Version 1: bad data\n", bad.Summary);

        Recent(times: 0.7);
        var moved = jobs.Run("monitor", "monitor");
        Assert.True(moved.Succeeded, moved.Text);
        Assert.Equal(["Monitor", "Prune"], moved.Ran);
        Assert.Matches("### Version 1: (drift|degraded)\n", moved.Summary);
        Assert.Contains("| Train | ran | ", moved.Summary);
        Assert.Contains("taxi-fare version 2 registered", moved.Text);
        Assert.Contains(
            "taxi-fare version 2 waits for a person: deploy it with ./build.sh Deploy --model-version 2", moved.Text);
        Assert.Equal(5, jobs.Saved);

        void Recent(double times) => jobs.Change = project => project.Write(
            "data/2019-03.csv", Operating.WithDistances(times, TaxiProject.SampleOf("2019-03")));
    }

    // The sample months, and this build program compiled once for all tests.
    private static TaxiProject AsIfCloned()
    {
        var project = new TaxiProject("2019-01", "2019-02");
        project.Write("build.sh", $"#!/bin/sh\nexec dotnet \"{BuildProgram.Dll}\" \"$@\" --root \"{project.Root}\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(project.PathOf("build.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return project;
    }

    private static TaxiProject Cloned()
    {
        var project = new TaxiProject();
        Directory.Delete(project.Root, recursive: true);
        var (exitCode, _, errors) = BuildProgram.Run(
            new ProcessStartInfo("git", ["clone", "--quiet", BuildProgram.Repository, project.Root]));
        Assert.True(exitCode == 0, errors);
        return project;
    }
}
