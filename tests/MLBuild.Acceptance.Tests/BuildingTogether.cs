namespace MLBuild.Acceptance.Tests;

/// <summary>Two builds at once on one store: both succeed, and each stage is computed once.</summary>
public sealed class BuildingTogether
{
    [Fact]
    public async Task EachStageIsComputedOnce()
    {
        using var project = new TaxiProject("2019-01", "2019-02");
        var runs = await Task.WhenAll(Task.Run(() => project.Run("Train")), Task.Run(() => project.Run("Train")));
        Assert.All(runs, run => run.Succeeded());
        Assert.Equal(6, project.Records().Count);
        var computed = runs.SelectMany(run => run.Log).ToArray();
        Assert.Single(computed, line => line == "LightGbm on 2,359 rows and 13 features");
        Assert.Single(computed, line => line == "13 features of 2,359 + 602 rows");
        Assert.Single(computed, line => line.StartsWith("2019-01: 1,500 rows", StringComparison.Ordinal));
        using var alone = TaxiProject.Trained();
        Assert.Equal(alone.Artifacts(), project.Artifacts());
    }

    [Fact]
    public void WaitingBuildNamesWhomItWaitsFor()
    {
        using var done = TaxiProject.Trained();
        var record = Path.GetFileName(done.Records().Single(pair => pair.Value.Contains("\nstage Validate\n")).Key);
        using var project = new TaxiProject("2019-01", "2019-02");
        project.Write($".nuke/mlbuild/locks/{record}.holder", "process 4711 on another machine");
        var held = new FileStream(project.PathOf($".nuke/mlbuild/locks/{record}"), FileMode.Create,
            FileAccess.ReadWrite, FileShare.None);

        using var build = project.Start("Train");
        var lines = new List<string>();
        while (build.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.Contains("waiting for ", StringComparison.Ordinal))
                held.Dispose();
        }
        held.Dispose();
        build.WaitForExit();

        var run = new BuildResult(build.ExitCode, string.Join('\n', lines), project.Root).Succeeded();
        Assert.Equal(
            ["waiting for process 4711 on another machine, which works on the same recipe"],
            run.Log.Where(line => line.Contains("waiting for ")));
        Assert.Contains("Validate", run.Ran);
    }
}
