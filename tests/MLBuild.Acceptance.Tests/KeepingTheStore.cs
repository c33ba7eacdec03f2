namespace MLBuild.Acceptance.Tests;

/// <summary>Checking, reproducing, pinning and pruning what is stored.</summary>
public sealed class KeepingTheStore : IDisposable
{
    private readonly TaxiProject _project = TaxiProject.Trained();

    [Fact]
    public void TrainIsReproducedBitForBit() => Assert.Matches(
        "^Train: reproduced bit for bit \\(model.zip [0-9a-f]{8}, training.json [0-9a-f]{8}, [0-9.]+ s\\)$",
        Assert.Single(_project.Run("Reproduce", "--of-stage", "Train").Succeeded().OutputOf("Reproduce")));

    [Fact]
    public void DamageIsFoundAndNamed()
    {
        Assert.Matches(@"^checked \d+ artifacts \([0-9.]+ MB\), 6 records and 26 copies in [0-9.]+ s: all as they " +
            @"should be$",
            Assert.Single(_project.Run("Verify").Succeeded().OutputOf("Verify")));
        var stored = _project.StoredPathOf("Train/model.zip");
        File.SetAttributes(stored, FileAttributes.Normal);
        File.AppendAllText(stored, "x");
        var run = _project.Run("Verify");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal("1 fault in the store and its copies:", run.Failure[0]);
        Assert.Matches("^  - Train/model.zip: Artifact [0-9a-f]{8} is corrupt: .* Train will run again when next " +
            "needed.$",
            run.Failure[1]);
    }

    [Fact]
    public void PruneNamesFirstAndNeverTakesWhatIsCurrent()
    {
        _project.Run("Train", "--learning-rate", "0.2").Succeeded();
        Assert.Equal(["Train"], _project.Run("Train").Succeeded().Restored);
        _project.Age(days: 40);
        var before = _project.Records();
        var named = _project.Run("Prune", "--older-than", "30d").Succeeded().OutputOf("Prune");
        Assert.Matches("^Train [0-9a-f]{8}: model.zip, training.json; used 40 days ago, frees .+, took .+ to make$",
            named[0]);
        Assert.Contains(named, line => line.StartsWith("1 result would go; ", StringComparison.Ordinal));
        Assert.Equal("Nothing was removed. The same command with --apply-prune does.", named[^1]);
        Assert.Equal(before, _project.Records());

        var removed = _project.Run("Prune", "--older-than", "30d", "--apply-prune").Succeeded().OutputOf("Prune");
        Assert.StartsWith("removed 1 result, ", removed[^1]);
        Assert.Equal(before.Count - 1, _project.Records().Count);
        Assert.Empty(_project.Run("Train").Succeeded().Ran);
    }

    [Fact]
    public void RegisteredModelStays()
    {
        _project.Run("Register").Succeeded();
        // Nothing of the first version is current after this.
        _project.Run("Register", "--leaves", "31").Succeeded();
        _project.Age(days: 40);
        Assert.StartsWith("removed ",
            _project.Run("Prune", "--older-than", "30d", "--apply-prune").Succeeded().OutputOf("Prune")[^1]);
        Assert.Equal(["'production' now serves taxi-fare version 1"],
            _project.Run("Deploy", "--model-version", "1").Succeeded().Log);
    }

    [Fact]
    public void PinnedResultStays()
    {
        Assert.Matches("^Train/model.zip is pinned: the result of Train, recipe [0-9a-f]{8}, stays$", Assert.Single(
            _project.Run("Pin", "--artifact", "Train/model.zip", "--because", "a paper").Succeeded().OutputOf("Pin")));
        // Another result has the name by now.
        _project.Run("Train", "--learning-rate", "0.2").Succeeded();
        Assert.Equal(["Train/model.zip is no longer pinned"],
            _project.Run("Unpin", "--artifact", "Train/model.zip").Succeeded().OutputOf("Unpin"));
    }

    public void Dispose() => _project.Dispose();
}
