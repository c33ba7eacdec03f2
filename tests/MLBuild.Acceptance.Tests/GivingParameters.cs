namespace MLBuild.Acceptance.Tests;

/// <summary>Where the value of a parameter comes from: the command line, the environment, a profile,
/// parameters.json.</summary>
public sealed class GivingParameters : IDisposable
{
    private readonly TaxiProject _project = TaxiProject.Trained();

    [Fact]
    public void NearestSourceDecides()
    {
        _project.Write(".nuke/parameters.json", """{ "LearningRate": 0.2 }""");
        Assert.Equal("0.2", LearningRate());
        _project.Write(".nuke/parameters.ci.json", """{ "LearningRate": 0.3 }""");
        Assert.Equal("0.2", LearningRate());
        Assert.Equal("0.3", LearningRate("--profile", "ci"));
        _project.Environment["NUKE_LEARNING_RATE"] = "0.4";
        Assert.Equal("0.4", LearningRate("--profile", "ci"));
        Assert.Equal("0.5", LearningRate("--profile", "ci", "--learning-rate", "0.5"));
    }

    [Theory]
    [InlineData("ENVIRONMENT", "staging")]
    [InlineData("STAGE", "build")]
    [InlineData("STAGE_NAME", "build")]
    [InlineData("APPLY", "1")]
    [InlineData("FORCE", "push")]
    [InlineData("REASON", "nightly")]
    [InlineData("STRICT", "yes")]
    public void VariablesOfBuildServersAreNoParameters(string name, string value)
    {
        var before = _project.Run("Artifacts", "Evaluate", "--dry-run").Succeeded().Lines;
        _project.Environment[name] = value;
        Assert.Equal(before, _project.Run("Artifacts", "Evaluate", "--dry-run").Succeeded().Lines);
    }

    [Fact]
    public void SkippedStagesKeepTheirLastResult()
    {
        _project.AddMonth("2019-03");
        var run = _project.Run("Train", "--skip", "Ingest", "Validate", "--leaves", "31").Succeeded();
        Assert.Equal(["Train"], run.Ran);
        Assert.Equal("Skipped: via parameter", run.Remarks["Ingest"]);
        Assert.Equal("Skipped: via parameter", run.Remarks["Validate"]);
        Assert.StartsWith("Up to date: ", run.Remarks["Split"]);
    }

    [Fact]
    public void StoreCanBeElsewhere()
    {
        using var other = new TaxiProject("2019-01", "2019-02");
        other.Environment["MLBUILD_STORE"] = _project.PathOf(".nuke/mlbuild");
        var run = other.Run("Train").Succeeded();
        Assert.Empty(run.Ran);
        Assert.Equal(TaxiProject.TrainStages, run.Restored);
        Assert.Equal(_project.Artifacts(), other.Artifacts());
        Assert.False(Directory.Exists(other.PathOf(".nuke/mlbuild")));
    }

    public void Dispose() => _project.Dispose();

    private string LearningRate(params string[] arguments) => _project
        .Run(["Why", "--of-stage", "Train", .. arguments]).Succeeded().OutputOf("Why")[0]
        .Replace("Train: would run because parameter 'LearningRate' changed: 0.1 -> ", "");
}
