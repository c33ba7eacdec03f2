namespace MLBuild.Acceptance.Tests;

/// <summary>A command that cannot be meant is refused before anything runs.</summary>
public sealed class RejectingCommands : IDisposable
{
    private readonly TaxiProject _project = TaxiProject.Trained();

    [Theory]
    [InlineData("Train --learning-rate abc", "--learning-rate is 'abc', expected a number.")]
    [InlineData("Train --learning-rate 0,5", "--learning-rate is '0,5', expected a number.")]
    [InlineData("Train --seed", "--seed has no value, expected a whole number.")]
    [InlineData("Train --trainer Forest",
        "--trainer is 'Forest', expected one of LightGbm, FastTree, FastForest, Linear.")]
    [InlineData("Train --learnin-rate 0.2", "Unknown switch '--learnin-rate'. Did you mean '--learning-rate'?")]
    [InlineData("Deploy --model-version 1 --environment staging",
        "Unknown switch '--environment'. Did you mean '--serving-environment'?")]
    [InlineData("Why --stage Train", "Unknown switch '--stage'. Did you mean '--of-stage'?")]
    [InlineData("Train --profile nope", ".nuke/parameters.nope.json does not exist: --profile nope needs it.")]
    [InlineData("Tran", "Target with name 'Tran' does not exist. Did you mean 'Train'? Available targets are:")]
    [InlineData("Deploy",
        "Target 'Deploy' requires parameter 'ModelVersion', which has no value. Pass --model-version <value> or set " +
        "NUKE_MODEL_VERSION.")]
    [InlineData("Show",
        "Target 'Show' requires parameter 'Artifact', which has no value. Pass --artifact <value> or set " +
        "NUKE_ARTIFACT.")]
    public void BeforeAnythingRuns(string command, string refusal)
    {
        var run = _project.Run(command.Split(' '));
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(refusal, run.Refusal[0]);
        Assert.Empty(run.Ran);
    }

    [Theory]
    [InlineData("Deploy --model-version 99", "Model 'taxi-fare' has no versions yet: run ./build.sh Register first.")]
    [InlineData("Train --learning-rate 7", "Training cannot start: LearningRate is 7, expected above 0, up to 1.")]
    [InlineData("Train --hold-out-share 2", "HoldOutShare is 2, expected above 0 and below 1.")]
    public void ByTheTarget(string command, string failure)
    {
        var (artifacts, records) = (_project.Artifacts(), _project.Records());
        var run = _project.Run(command.Split(' '));
        Assert.Equal(255, run.ExitCode);
        Assert.EndsWith(failure, run.Failure[0]);
        Assert.Equal(artifacts, _project.Artifacts());
        Assert.Equal(records, _project.Records());
    }

    [Fact]
    public void VersionThatDoesNotExist()
    {
        _project.Run("Register").Succeeded();
        var run = _project.Run("Deploy", "--model-version", "99");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(["Model 'taxi-fare' has no version 99. Versions: 1."], run.Failure);
    }

    public void Dispose() => _project.Dispose();
}
