namespace MLBuild.Acceptance.Tests;

/// <summary>Checking, reproducing, pinning and pruning what is stored.</summary>
public sealed class KeepingTheStore : IDisposable
{
    private readonly TaxiProject _project = TaxiProject.Trained();

    [Fact]
    public void TrainIsReproducedBitForBit() => Assert.Matches(
        "^Train: reproduced bit for bit \\(model.zip [0-9a-f]{8}, training.json [0-9a-f]{8}, [0-9.]+ s\\)$",
        Assert.Single(_project.Run("Reproduce", "--stage", "Train").Succeeded().OutputOf("Reproduce")));

    [Fact]
    public void DamageIsFoundAndNamed()
    {
        Assert.Matches(@"^checked \d+ artifacts \([0-9.]+ MB\), 6 records and 18 copies in [0-9.]+ s: all as they " +
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
        Assert.StartsWith("0 results would go; the store's artifacts would take ",
            Assert.Single(_project.Run("Prune", "--older-than", "30d", "--max-size",
                "1GB").Succeeded().OutputOf("Prune")));
        Assert.Matches("^Train/model.zip is pinned: the result of Train, recipe [0-9a-f]{8}, stays$", Assert.Single(
            _project.Run("Pin", "--artifact", "Train/model.zip", "--because", "a paper").Succeeded().OutputOf("Pin")));
        Assert.Equal(["Train/model.zip is no longer pinned"],
            _project.Run("Unpin", "--artifact", "Train/model.zip").Succeeded().OutputOf("Unpin"));
    }

    public void Dispose() => _project.Dispose();
}
