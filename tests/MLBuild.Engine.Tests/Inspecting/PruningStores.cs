using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Commands;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>Old results go, what is needed stays, and a build finds its way after it.</summary>
public sealed class PruningStores : IDisposable
{
    private static readonly IReadOnlySet<ContentHash> None = new HashSet<ContentHash>();

    private readonly TestSpace _space = new TestSpace { HasSystemClock = true }.With("jan.csv", "1")
        .WithStage("ingest", reads: "jan.csv").WithStage("train", reads: "ingest", options: new Rate(1));

    private readonly List<ContentHash> _trained = [];

    private sealed record Rate(double Value);

    // Three results of train: 40, 20 and 0 days old; the last is current.
    public PruningStores()
    {
        foreach (var (rate, days) in ((double, int)[])[(1, 40), (2, 20), (3, 0)])
        {
            _space.Stage("train").Options = new Rate(rate);
            _space.Run();
            _trained.Add(_space.Workspace().Last("train")!.Fingerprint);
            Age(days: days == 0 ? 1 : days);
        }
    }

    [Fact]
    public void OldResultsGoAndAreNamed()
    {
        var plan = Plan(olderThan: 30);
        Assert.Equal([_trained[0]], plan.Results.Select(result => result.Record.Fingerprint));
        var lines = PruneText.Of(plan, [], _space.Workspace(), null).ToArray();
        Assert.Matches($@"^train {_trained[0].Short}: out.txt; used \d+ days ago, frees \d+ B, took [0-9.]+ s to make$",
            lines[0]);
        Assert.Equal($"1 result would go; the store's artifacts would take {Wording.Size(plan.RemainingBytes)} " +
            $"instead of {Wording.Size(plan.TotalBytes)}", lines[1]);
        Assert.True(plan.RemainingBytes < plan.TotalBytes);

        Apply(plan);
        Assert.Null(_space.Workspace().Records.Find(_trained[0]));
        Assert.Equal(plan.RemainingBytes, Plan().TotalBytes);
        Assert.Empty(new StoreVerification(_space.Workspace()).Run(default).Faults);
        Assert.Empty(_space.Run());
        _space.Stage("train").Options = new Rate(1);
        Assert.Equal("built", Assert.Single(_space.Run()).What);
    }

    [Fact]
    public void CurrentPinnedAndRegisteredResultsStay()
    {
        Assert.Equal([_trained[0], _trained[1]], Plan(olderThan: 1, maxSize: 0).Results
            .Select(result => result.Record.Fingerprint).OrderBy(_trained.IndexOf));
        _space.Workspace().Pins.Add(new(_trained[0], "train/out.txt", "the paper\nneeds it"));
        var plan = Plan(olderThan: 1, maxSize: 0);
        Assert.Equal([_trained[1]], plan.Results.Select(result => result.Record.Fingerprint));
        var lines = PruneText.Of(plan, [], _space.Workspace(), 0).ToArray();
        Assert.Contains($"stays: train/out.txt, recipe {_trained[0].Short}, pinned (the paper needs it)", lines);
        Assert.Equal("That is more than 0 B: the rest is current, pinned, registered, or may belong to a build that " +
            "runs.",
            lines[^1]);

        Assert.Empty(Plan(olderThan: 1, registered: _trained[1]).Results);
        Assert.True(_space.Workspace().Pins.Remove(_trained[0]));
        Assert.False(_space.Workspace().Pins.Remove(_trained[0]));
    }

    [Fact]
    public void InputsOfARegisteredRecipeStay()
    {
        _space.Write("jan.csv", "2");
        _space.Run();
        Age(days: 50);
        var plan = Plan(olderThan: 1, registered: _trained[0]);
        Assert.Contains(plan.Results, result => result.Record.Stage == "ingest/jan");
        Apply(plan, _trained[0]);
        Assert.True(File.Exists(StoreLayout.CasPath(_space.StoreFolder, ContentHash.Of("ingest.1(jan.csv=1)"))));
        Assert.Null(_space.Workspace().Records.All().FirstOrDefault(record =>
            record.Outputs[0].Artifact.Hash == ContentHash.Of("ingest.1(jan.csv=1)")));
    }

    [Fact]
    public void WhatWasUsedSinceThePlanStays()
    {
        var plan = Plan(olderThan: 30);
        _space.Stage("train").Options = new Rate(1);
        Assert.Equal([Event.Restored("train")], _space.Run());
        Apply(plan);
        Assert.NotNull(_space.Workspace().Records.Find(_trained[0]));
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void TheCheapestForItsSizeGoesFirst()
    {
        var all = Plan().TotalBytes;
        var plan = Plan(maxSize: all - 1);
        var only = Assert.Single(plan.Results);
        Assert.Equal(_trained[..2].MinBy(Worth), only.Record.Fingerprint);

        double Worth(ContentHash fingerprint) => _space.Workspace() is var workspace
            && workspace.Records.Find(fingerprint) is { } record
            ? record.Duration.TotalSeconds / record.Outputs[0].Artifact.SizeBytes
                / (1 + (DateTimeOffset.UtcNow - workspace.Records.UsedAt(fingerprint)).TotalDays)
            : throw new InvalidOperationException();
    }

    [Fact]
    public void ListsOfProjectFilesStayWithTheResultThatNamesThem()
    {
        _space.Write("images/a.png", "a");
        _space.Stage("train").Files = [FilePattern.Parse("images/")];
        _space.Run();
        Age(days: 50);
        Apply(Plan(olderThan: 1, maxSize: 0));
        _space.Write("images/a.png", "b");
        Assert.Equal("input './images/' changed: 1 file changed (a.png)", Assert.Single(_space.Run()).Because);
    }

    [Fact]
    public void FilesOfARegisteredFolderStay()
    {
        _space.Stage("ingest").Writes = ["plots/"];
        _space.Run();
        var folder = _space.Workspace().Last("ingest/jan")!.Outputs[0].Artifact.Hash;
        _space.Stage("ingest").Writes = ["out.txt"];
        _space.Run();
        Age(days: 50);
        Apply(Plan(olderThan: 1, maxSize: 0, registered: folder), folder);
        var files = _space.Workspace().Artifacts.ReadTree(folder).Entries;
        Assert.NotEmpty(files);
        Assert.All(files, entry => Assert.NotNull(_space.Workspace().Artifacts.Verified(entry.Hash)));
    }

    [Fact]
    public void LockOfAKilledBuildHoldsNothingBack()
    {
        _space.Workspace().Artifacts.AddText("left by a killed build");
        _space.Write("store/work/4711-x.lock", "");
        Age(days: 3);
        Assert.Single(Plan().Unheld);
        using var running = StoreLock.TryTake(_space["store/work/4711-x.lock"]);
        File.SetLastWriteTimeUtc(_space["store/work/4711-x.lock"], DateTime.UtcNow.AddDays(-9));
        Assert.Empty(Plan().Unheld);
    }

    [Fact]
    public void FreshFilesThatNoRecordNeedsMayBelongToABuildThatRuns()
    {
        _space.Workspace().Artifacts.AddText("left by a killed build");
        Assert.Empty(Plan().Unheld);
        Age(days: 1);
        var plan = Plan();
        Assert.Equal([ContentHash.Of("left by a killed build")], plan.Unheld);
        Apply(plan);
        Assert.Empty(Plan().Unheld);
    }

    [Fact]
    public void LeftoversAreSwept()
    {
        foreach (var path in (string[])["failed/train/log.txt", "quarantine/8f", "locks/4b", "last/train.tmp-1-" +
            new string('a', 32), $"logs/00/{new string('0', 64)}"])
            _space.Write($"store/{path}", "x");
        Age(days: 40);
        var pruning = new StorePruning(_space.Workspace());
        Assert.Equal(4 + StoreLayout.FilesIn(_space["store/locks"]).Length,
            pruning.Leftovers(TimeSpan.FromDays(30)).Count);
        pruning.Apply(Plan(), None, pruning.Leftovers(TimeSpan.FromDays(30)));
        Assert.Empty(pruning.Leftovers(TimeSpan.FromDays(30)));
        Assert.Empty(StoreLayout.FilesIn(_space["store/failed"]));
        Assert.Empty(StoreLayout.FilesIn(_space["store/quarantine"]));
        Assert.Equal(["train"], StoreLayout.FilesIn(_space["store/last"]).Where(file => file.StartsWith("train")));
    }

    [UnixFact]
    public void WhatALinkInAFailedStageLeadsToStays()
    {
        _space.Write("data/precious.csv", "1");
        Directory.CreateDirectory(_space["store/failed/train"]);
        Directory.CreateSymbolicLink(_space["store/failed/train/data"], _space["data"]);
        File.SetLastWriteTimeUtc(_space["data/precious.csv"], DateTime.UtcNow.AddDays(-40));
        var pruning = new StorePruning(_space.Workspace());
        pruning.Apply(Plan(), None, pruning.Leftovers(TimeSpan.FromDays(30)));
        Assert.True(File.Exists(_space["data/precious.csv"]));
    }

    [Fact]
    public void HeldLockStaysWithItsHolder()
    {
        using var held = StoreLock.TryTake(_space["store/locks/4b"], "train")!;
        Age(days: 40);
        var pruning = new StorePruning(_space.Workspace());
        var leftovers = pruning.Leftovers(null);
        Assert.Contains(_space["store/locks/4b"], leftovers);
        Assert.Equal(leftovers.Count - 2, pruning.Apply(Plan(), None, leftovers).Leftovers);
        Assert.Contains("(train)", File.ReadAllText(_space["store/locks/4b.holder"]));
    }

    [Theory]
    [InlineData("30d", 720)]
    [InlineData("1.5H", 1.5)]
    [InlineData("2w", 336)]
    public void AgesAreRead(string text, double hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Quantities.Age(text, "--older-than"));

    [Fact]
    public void WhatIsNoQuantityIsRefused()
    {
        Assert.Equal((10_000_000_000, 512), (Quantities.Size("10GB", "--max-size"), Quantities.Size("512B", "")));
        Assert.Equal("--max-size is '10', expected a number with KB, MB, GB or TB, such as 10GB.",
            Assert.Throws<PipelineException>(() => Quantities.Size("10", "--max-size")).Message);
        // The longest has no date that long ago.
        foreach (var text in (string[])["-3d", "900001h", "99999999999w"])
            Assert.Equal(
                $"--older-than is '{text}', expected a number with h, d or w, up to a hundred years, such as 30d.",
                Assert.Throws<PipelineException>(() => Quantities.Age(text, "--older-than")).Message);
    }

    public void Dispose() => _space.Dispose();

    private void Age(int days) => StoreAge.Add(_space.StoreFolder, days);

    private PrunePlan Plan(int? olderThan = null, long? maxSize = null, ContentHash? registered = null) => new(
        _space.Workspace(), registered is { } hash ? new HashSet<ContentHash> { hash } : None,
        olderThan is { } days ? TimeSpan.FromDays(days) : null, maxSize);

    private void Apply(PrunePlan plan, ContentHash? registered = null) => new StorePruning(_space.Workspace()).Apply(
        plan, registered is { } hash ? new HashSet<ContentHash> { hash } : None, []);
}
