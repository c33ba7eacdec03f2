using MLBuild.Engine.Inspection;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>What is stored, written to where a person wants it.</summary>
public sealed class ExportingArtifacts : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.txt", "a")
        .WithStage("ingest", reads: "jan.txt", writes: "rows.txt plots/", body: run =>
        {
            File.WriteAllText(run.Output("rows.txt"), "rows");
            Directory.CreateDirectory(run.Output("plots/") + "/inner");
            File.WriteAllText(run.Output("plots/") + "/a.svg", "<svg/>");
            File.WriteAllText(run.Output("plots/") + "/inner/b.svg", "<svg></svg>");
        })
        .WithStage("train", reads: "ingest", writes: "model.zip");

    public ExportingArtifacts() => _space.Run();

    public void Dispose() => _space.Dispose();

    [Fact]
    public void AFileIsAFileOfOnesOwn()
    {
        var file = _space["out/mine.txt"];
        Assert.Equal($"ingest/jan/rows.txt ({ContentHash.Of("rows").Short}) is in '{file}': 4 B",
            Export("ingest/jan/rows.txt", file));
        File.AppendAllText(file, " and more");
        Assert.Equal("rows and more", File.ReadAllText(file));
        // What is stored is another file.
        Assert.Equal("rows", File.ReadAllText(_space.Workspace().Artifacts.Verified(ContentHash.Of("rows"))));
    }

    [Fact]
    public void AnArtifactIsAlsoFoundByItsHashAndOneBefore()
    {
        var first = _space.Output("train/model.zip");
        _space.Stage("train").Version = "2";
        _space.Run();
        Export(ContentHash.Of(_space.Output("train/model.zip")).Hex, _space["new.zip"]);
        Assert.Equal(_space.Output("train/model.zip"), File.ReadAllText(_space["new.zip"]));
        Export("train/model.zip~1", _space["old.zip"]);
        Assert.Equal(first, File.ReadAllText(_space["old.zip"]));
    }

    [Fact]
    public void AFolderIsAFolderOfOnesOwn()
    {
        var folder = _space["out/plots"];
        Assert.Matches($@"^ingest/jan/plots/ \([0-9a-f]{{8}}\) is in '{folder}': 2 files, 17 B$",
            Export("ingest/jan/plots/", folder));
        Assert.Equal("<svg></svg>", File.ReadAllText($"{folder}/inner/b.svg"));
        File.WriteAllText($"{folder}/a.svg", "mine");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void AFileThatWasThereIsReplacedAndThatIsSaid()
    {
        _space.Write("mine.txt", "something else");
        Assert.EndsWith("': 4 B; it replaces the file of 14 B that was there",
            Export("ingest/jan/rows.txt", _space["mine.txt"]));
        Assert.Equal("rows", File.ReadAllText(_space["mine.txt"]));
    }

    [Theory]
    [InlineData("ingest/jan/rows.txt", "out", "out", "folder", "file")]
    [InlineData("ingest/jan/plots/", "out", "out", "folder", "folder")]
    [InlineData("ingest/jan/plots/", "out", "out/mine.txt", "file", "folder")]
    public void NothingElseIsReplaced(string artifact, string folder, string file, string there, string what)
    {
        _space.Write($"{folder}/mine.txt", "mine");
        Assert.Equal($"'{_space[file]}' is there already and is a {there}; {artifact}, a {what}, does not take its " +
            "place. Remove it, or choose another --file.",
            Assert.Throws<PipelineException>(() => Export(artifact, _space[file])).Message);
        Assert.Equal("mine", File.ReadAllText(_space["out/mine.txt"]));
    }

    [Fact]
    public void DamagedBytesAreNotWritten()
    {
        _space.Damage("rows");
        _space.Write("out/mine.txt", "mine");
        Assert.Matches("^ingest/jan/rows.txt was not exported: Artifact [0-9a-f]{8} is corrupt: its bytes hash to " +
            "[0-9a-f]{8}. It was quarantined as '[^']+'. ./build.sh ingest makes it anew.$",
            Assert.Throws<PipelineException>(() => Export("ingest/jan/rows.txt", _space["out/mine.txt"])).Message);
        Assert.Equal(["mine.txt"], Directory.GetFiles(_space["out"]).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(_space["out/mine.txt"]));
    }

    [Fact]
    public void AFolderOfWhichAFileIsLostLeavesNothing()
    {
        _space.Lose("<svg></svg>");
        Assert.EndsWith(" is not in the store. ./build.sh ingest makes it anew.",
            Assert.Throws<PipelineException>(() => Export("ingest/jan/plots/", _space["out/plots"])).Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_space["out"]));
    }

    private string Export(string artifact, string file) => ArtifactExport.Run(_space.Workspace(), artifact, file);
}
