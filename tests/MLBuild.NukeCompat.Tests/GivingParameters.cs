namespace MLBuild.NukeCompat.Tests;

/// <summary>Values from the command line, the environment and parameters.json, and what can be wrong with
/// them.</summary>
public sealed class GivingParameters : IDisposable
{
    private readonly Workspace _space = new();

    [Fact]
    public void InitialisersStayWhenNothingIsGiven() =>
        AssertTold(_space.Run("Parameters"),
            "rate=0.1", "momentum=", "epochs=10", "rows=0", "algorithm=FastTree", "candidates=", "force=False",
            "budget=", "model=", "columns=", "seed=1", "key=", "injected=Injected", "shared=", "source=", "limit=",
            "partition=1/1", "part=1+2+3+4+5+6+7");

    [Fact]
    public void EveryKindOnTheCommandLine() =>
        AssertTold(
            _space.Run("Parameters",
                "--learning-rate 0.5 --momentum -1e-3 --epochs=3 --rows 9000000000 --algorithm lightgbm "
                + "--candidates Sdca fasttree --force --budget 1:00:00 --model sub/m.zip --columns a,b --columns c,d "
                + "--seed 7 --api-key k --shared s --data-source=s3://x=y --data-limit 5 --partition 2/3"),
            "rate=0.5", "momentum=-0.001", "epochs=3", "rows=9000000000", "algorithm=LightGbm",
            "candidates=Sdca+FastTree", "force=True", "budget=01:00:00", "model=ROOT/sub/m.zip",
            "columns=c+d", "seed=7", "key=k", "shared=s", "source=s3://x=y", "limit=5", "partition=2/3", "part=2+5");

    [Fact]
    public void EnvironmentByNameInSeveralSpellings()
    {
        _space.WithVariable("NUKE_LEARNING_RATE", "0.5").WithVariable("Epochs", "3").WithVariable("LIMIT", "9")
            .WithVariable("DATA_SOURCE", "env").WithVariable("FORCE", "true").WithVariable("NUKE_MOMENTUM", "")
            // Of this host only with its prefix: other programs set such names for themselves.
            .WithVariable("HOST", "box").WithVariable("TARGET", "x86").WithVariable("PROFILE", "me")
            .WithVariable("NUKE_VERBOSITY", "Normal");

        AssertTold(_space.Run("Parameters", "--epochs 4"),
            "rate=0.5", "epochs=4", "limit=", "source=env", "force=True", "momentum=");
    }

    [Fact]
    public void SeveralVariablesForOneParameterAreNotGuessedAmong()
    {
        var result = _space.WithVariable("NUKE_EPOCHS", "3").WithVariable("EPOCHS", "4").Run("Parameters");

        AssertTold(result, "epochs=10");
        Assert.Contains(result.Lines, line =>
            line.Contains("NUKE_EPOCHS, EPOCHS all name the parameter Epochs; none is used"));
    }

    [Fact]
    public void AnUnknownNameInAFileIsAFault()
    {
        var result = _space.With(".nuke/parameters.json", """{ "$schema": "x", "epochs": 99 }""").Run("Parameters");

        Assert.Equal(255, result.ExitCode);
        Assert.Contains(
            "'epochs' in .nuke/parameters.json is no parameter of this build. Did you mean 'Epochs'?", result.Lines);
    }

    [Fact]
    public void FilesAndProfiles()
    {
        _space.With(".nuke/parameters.json", """
            { "$schema": "./build.schema.json", "LearningRate": 0.2, "Epochs": 20, "Seed": 2, "Force": true,
              "Model": "m.zip", "Candidates": ["Sdca", "LightGbm"], "DataSource": "file",
              "Momentum": null }
            """).With(".nuke/parameters.ci.json", """{ "Epochs": 30, "Seed": 3 }""")
            .With(".nuke/parameters.night.json", """{ "Seed": 4 }""").With("sub/x", "");

        AssertTold(_space.Run("Parameters", directory: "sub"),
            "rate=0.2", "epochs=20", "seed=2", "force=True", "model=ROOT/m.zip", "candidates=Sdca+LightGbm",
            "source=file", "momentum=");
        AssertTold(_space.Run("Parameters", "--profile ci night"), "rate=0.2", "epochs=30", "seed=4");
        AssertTold(_space.Run("Parameters", "--profile ci --seed 5"), "epochs=30", "seed=5");
    }

    [Fact]
    public void AllFaultsAreReportedTogetherBeforeAnythingRuns()
    {
        _space.WithVariable("NUKE_DATA_LIMIT", "many")
            .With(".nuke/parameters.json", """{ "Budget": "soon", "Rows": [1, 2] }""");

        var result = _space.Run("Parameters",
            "Tell Tel --learning-rate abc --epohcs 3 --threads 300 --candidates Sdca Sdka --pin hush --api-key "
            + "--force yes --seed 5 Tell --columns=1 Tell --foo --partition 4/3 --verbosity loud --host Mars");

        Assert.Equal(
            [
                "--verbosity is 'loud', expected one of Verbose, Normal, Minimal, Quiet.",
                "--partition is '4/3', expected part/total such as 1/3.",
                "--host is 'Mars', expected one of OwnTerminal, GitHubActions, Terminal.",
                "Unknown switch '--epohcs'. Did you mean '--epochs'?",
                "Unknown switch '--foo'. --help lists the switches of this build.",
                "--api-key has no value, expected one text.",
                "'Budget' in .nuke/parameters.json is 'soon', expected a duration such as 00:01:30.",
                "--candidates is 'Sdka', expected one of FastTree, LightGbm, Sdca.",
                "'Tell' after --columns=… belongs to no switch. Targets stand before the first switch.",
                "--force is 'yes', expected true or false. Targets stand before the first switch.",
                "--learning-rate is 'abc', expected a number.",
                "--pin is '***', expected a whole number.",
                "--seed is '5 Tell', expected a whole number. Targets stand before the first switch.",
                "'Rows' in .nuke/parameters.json is '1 2', expected a whole number.",
                "--threads is '300', expected a whole number in 0..255.",
                "Environment variable NUKE_DATA_LIMIT is 'many', expected a whole number.",
                "Target with name 'Tel' does not exist. Did you mean 'Tell'? Available targets are:",
                "  - Root", "  - Tell"
            ],
            result.Answer);
        Assert.Equal(255, result.ExitCode);
        Assert.Empty(result.Messages);
    }

    [Theory]
    [InlineData("--profile x", "", ".nuke/parameters.x.json does not exist: --profile x needs it.")]
    [InlineData("", "[]", ".nuke/parameters.json holds a JSON Array, expected an object of parameters.")]
    public void FilesThatCannotBeRead(string arguments, string text, string fault)
    {
        _space.With(".nuke/parameters.json", text);

        Assert.Equal([fault], _space.Run("Parameters", arguments).Answer);
    }

    [Fact]
    public void SecretsAreNotReadFromFiles()
    {
        var result = _space.With(".nuke/parameters.json", """{ "ApiKey": "v1:abc" }""").Run("Parameters");

        AssertTold(result, "key=");
        Assert.Contains(
            "[WRN] : ApiKey is a secret and is not read from .nuke/parameters.json. Set NUKE_API_KEY instead",
            result.Lines);
    }

    [Fact]
    public void RootIsTheNearestDirectoryWithDotNuke()
    {
        _space.With("a/b/x", "").With("a/.nuke/x", "");

        Assert.Equal(["ROOT/a"], _space.Run("Parameters", "Root", "a/b").Messages);
        Assert.Equal(["ROOT/a/b"], _space.Run("Parameters", "Root --root", "a/b").Messages);
        Assert.Equal(["ROOT"], _space.Run("Parameters", "Root --root ../..", "a/b").Messages);
    }

    [Fact]
    public void WithoutDotNukeNothingRunsAndNothingIsCreated()
    {
        Directory.Delete(Path.Combine(_space.Root, ".nuke"));

        var result = _space.Run("Parameters", "--foo");

        Assert.Equal(
            [
                "Neither 'ROOT' nor a directory above it has a '.nuke'. Create that directory at the root of the "
                    + "repository, or name the root with --root <path>.",
                "Unknown switch '--foo'. --help lists the switches of this build."
            ],
            result.Answer);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_space.Root));
    }

    [Fact]
    public void MissingRequirementsAreReportedTogether()
    {
        var result = _space.Run("Requirements");

        Assert.Equal(
            [
                "Target 'Deploy' requires parameter 'ModelVersion', which has no value. "
                    + "Pass --model-version <value> or set NUKE_MODEL_VERSION.",
                "Target 'Deploy' requires parameter 'Replicas', which has no value. "
                    + "Pass --replicas <value> or set NUKE_REPLICAS.",
                "Target 'Deploy' requires 'value(Builds.RequirementsBuild).Confirmed'",
                "Required parameter 'Stage' has no value. Pass --stage <value> or set NUKE_STAGE."
            ],
            result.Answer);
        Assert.Equal(["Build NotRun", "Deploy NotRun"], result.Summary);
        Assert.Equal(255, result.ExitCode);
    }

    [Fact]
    public void RequirementsOfTargetsThatDoNotRunDoNotCount() =>
        Assert.Equal(["build"], _space.Run("Requirements", "Build --stage test").Messages);

    [Fact]
    public void MetRequirementsLetTheBuildRun() =>
        Assert.Equal(
            ["build", "deploy"],
            _space.Run("Requirements", "--model-version 3 --replicas 0 --confirmed --stage test").Messages);

    public void Dispose() => _space.Dispose();

    private static void AssertTold(BuildResult result, params string[] expected)
    {
        var names = expected.Select(line => line.Split('=')[0]).ToHashSet();

        Assert.Equal(
            expected.Order(), result.Messages.Where(message => names.Contains(message.Split('=')[0])).Order());
    }
}
