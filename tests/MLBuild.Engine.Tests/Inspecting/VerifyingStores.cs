using MLBuild.Engine.Inspection;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>Everything that is stored is read, and what is not as it should be is named with what becomes of
/// it.</summary>
public sealed class VerifyingStores : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.csv", "1")
        .WithStage("ingest", reads: "jan.csv")
        .WithStage("plot", reads: "ingest", writes: "plots/");

    private const string Rows = "ingest.1(jan.csv=1)";
    private const string Plot = $"plot.1(ingestjan={Rows})";

    public VerifyingStores() => _space.Run();

    [Fact]
    public void AllIsWell()
    {
        var report = Verified();
        Assert.Empty(report.Faults);
        // Two recipes, a text, a folder and its file; two files in artifacts/.
        Assert.Equal((5, 2, 2), (report.Artifacts, report.Records, report.Copies));
        Assert.Matches(@"^5 artifacts \([0-9.]+ K?B\), 2 records and 2 copies$", report.ToString());
    }

    [Fact]
    public void ADamagedArtifactIsQuarantinedAndItsStageNamed()
    {
        _space.Damage(Rows);
        var fault = Assert.Single(Verified().Faults);
        var hash = ContentHash.Of(Rows);
        Assert.Matches($"^ingest/jan/out.txt: Artifact {hash.Short} is corrupt: its bytes hash to [0-9a-f]{{8}}. It " +
            $"was quarantined as 'quarantine/{hash}-[0-9a-f]{{8}}'. ingest/jan will run again when next " +
            $"needed.$", fault);
        Assert.Equal([$"ingest/jan/out.txt: artifact {hash.Short} is not in the store. ingest/jan will run again " +
            "when next needed."], Verified().Faults);
        Assert.Equal(["built ingest/jan: its output 'out.txt' is no longer in the store"],
            _space.Run().Select(e => e.ToString()));
        Assert.Empty(Verified().Faults);
    }

    [Fact]
    public void AFileOfAFolderIsNamed()
    {
        _space.Damage(Plot);
        Assert.StartsWith($"plot/plots/: file: Artifact {ContentHash.Of(Plot).Short} is corrupt: ",
            Assert.Single(Verified().Faults));
    }

    [Fact]
    public void ADamagedRecipeCostsOnlyTheExplanation()
    {
        var recipe = _space.Workspace().Last("plot")!.Fingerprint;
        StoreLayout.FlipByte(StoreLayout.CasPath(_space.StoreFolder, recipe));
        var fault = Assert.Single(Verified().Faults);
        Assert.StartsWith($"The recipe of plot: Artifact {recipe.Short} is corrupt: ", fault);
        Assert.EndsWith("Its result is intact, but Why cannot explain it.", fault);
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void ADamagedRecordIsQuarantined()
    {
        var recipe = _space.Workspace().Last("plot")!.Fingerprint;
        StoreLayout.FlipByte(_space[$"store/ac/{recipe.Hex[..2]}/{recipe}"]);
        Assert.Equal(
        [
            $"Record {recipe.Short} is damaged. It was quarantined as 'quarantine/record-{recipe}'. plot will run " +
                "again when next needed.",
            "plot: the record of its last result is damaged or gone. plot will run again when next needed.",
        ], Verified().Faults);
    }

    [Fact]
    public void ADamagedListOfFilesCostsOnlyTheExplanation()
    {
        _space.Write("images/a.png", "a");
        _space.Stage("plot").Files = [FilePattern.Parse("images/")];
        _space.Run();
        var list = new FileTrees(_space["trees"], TimeProvider.System).Of(_space["images"], FileSelection.Everything);
        StoreLayout.FlipByte(StoreLayout.CasPath(_space.StoreFolder, list.Hash));
        var fault = Assert.Single(Verified().Faults);
        Assert.StartsWith($"The list of files that plot read: Artifact {list.Hash.Short} is corrupt: ", fault);
        Assert.EndsWith("Its result is intact, but Why cannot name the files that changed.", fault);
        Assert.Empty(_space.Run());
    }

    [SmallDiskFact]
    public void DamagedRecordOfAReadOnlyStoreIsNamed()
    {
        using var disk = new SmallDisk(sizeKb: 512);
        _space.StoreFolder = Path.Combine(disk.Path, "store");
        _space.Run();
        var recipe = _space.Workspace().Last("plot")!.Fingerprint;
        StoreLayout.FlipByte(StoreLayout.RecordPath(_space.StoreFolder, recipe));
        disk.MakeReadOnly();
        Assert.Contains($"Record {recipe.Short} is damaged. The store cannot be written, so it stays where it is, " +
            "and is not believed. plot will run again when next needed.", Verified().Faults);
    }

    [Fact]
    public void AnEditedCopyIsNamedAndAMissingOneIsNot()
    {
        File.Delete(_space["artifacts/ingest/jan/out.txt"]);
        StoreLayout.FlipByte(_space["artifacts/plot/plots/file"]);
        Assert.Equal(["artifacts/plot/plots/file is not what the store has. The next run puts it back."],
            Verified().Faults);
    }

    public void Dispose() => _space.Dispose();

    private StoreVerification.Report Verified() => new StoreVerification(_space.Workspace()).Run(default);
}
