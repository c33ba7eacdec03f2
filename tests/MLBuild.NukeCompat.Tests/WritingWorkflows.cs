namespace MLBuild.NukeCompat.Tests;

/// <summary>The workflow files of continuous integration.</summary>
public sealed class WritingWorkflows : IDisposable
{
    private readonly Workspace _space = new Workspace().With("build.cmd", "");

    [Fact]
    public void OneJobForEachImage()
    {
        var result = _space.Run("Workflow", "--generate-configuration GitHubActions_ci --host GitHubActions");

        Assert.Equal(["Written: ROOT/.github/workflows/ci.yml"], result.Answer);
        const string keyFiles = "'**/global.json', '**/*.csproj', '**/Directory.Packages.props'";
        var job = (string image) => $$$"""
              {{{image}}}:
                name: {{{image}}}
                runs-on: {{{image}}}
                timeout-minutes: 30
                steps:
                  - uses: actions/checkout@v6
                    with:
                      fetch-depth: 0
                  - name: 'Cache: .nuke/temp, ~/.nuget/packages'
                    uses: actions/cache@v4
                    with:
                      path: |
                        .nuke/temp
                        ~/.nuget/packages
                      key: ${{ runner.os }}-${{ hashFiles({{{keyFiles}}}) }}
                  - name: 'Run: Train'
                    run: ./build.cmd Train
                    env:
                      ModelVersion: ${{ github.event.inputs.ModelVersion }}
                      NuGetApiKey: ${{ secrets.NUGET_API_KEY }}
                      StoreToken: ${{ secrets.STORE_TOKEN }}
                      GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}
                  - name: 'Publish: artifacts'
                    uses: actions/upload-artifact@v5
                    with:
                      name: artifacts
                      path: artifacts

            """;
        Assert.Equal(
            """
            # Written by --generate-configuration GitHubActions_ci; change [GitHubActions] on the class instead.

            name: ci

            on:
              push:
                branches:
                  - main
                  - 'release/*'
              pull_request:
                branches:
                  - main
              workflow_dispatch:
                inputs:
                  ModelVersion:
                    description: Model Version
                    required: true
              schedule:
                - cron: '0 3 * * *'

            permissions:
              contents: write

            concurrency:
              group: ci
              cancel-in-progress: true

            jobs:

            """ + job("ubuntu-latest") + job("windows-latest"),
            File.ReadAllText(Path.Combine(_space.Root, ".github/workflows/ci.yml")));
    }

    [Fact]
    public void NothingThatWasNotAskedFor()
    {
        _space.Run("Workflow", "--generate-configuration GitHubActions_plain");

        Assert.Equal(
            """
            # Written by --generate-configuration GitHubActions_plain; change [GitHubActions] on the class instead.

            name: plain

            on: [push]

            jobs:
              ubuntu-24_04:
                name: ubuntu-24_04
                runs-on: ubuntu-24.04
                steps:
                  - uses: actions/checkout@v6
                  - name: 'Run: Ingest'
                    run: ./build.cmd Ingest

            """,
            File.ReadAllText(Path.Combine(_space.Root, ".github/workflows/plain.yml")));
    }

    [Theory]
    [InlineData("Workflow", "--generate-configuration is 'x', expected one of GitHubActions_ci, GitHubActions_plain.")]
    [InlineData("Conditions", "--generate-configuration needs a [GitHubActions] on ConditionsBuild.")]
    public void UnknownWorkflow(string build, string fault) =>
        Assert.Equal([fault], _space.Run(build, "--generate-configuration x").Answer);

    [Fact]
    public void WorkflowNeedsAScriptToRun()
    {
        File.Delete(Path.Combine(_space.Root, "build.cmd"));

        Assert.Equal(
            ["The workflow would run build.cmd, which is neither in the root directory nor in one below. Add it."],
            _space.Run("Workflow", "--generate-configuration GitHubActions_ci").Answer);
    }

    public void Dispose() => _space.Dispose();
}
