using System.Text.Json;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>What is cached, by stage: whether it stands, who reads it, who keeps it.</summary>
public sealed class ListingArtifacts : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.txt", "a").With("feb.txt", "b")
        .WithStage("ingest", reads: "jan.txt feb.txt", writes: "rows.txt")
        .WithStage("train", reads: "ingest", writes: "model.zip notes.txt")
        .WithStage("evaluate", reads: "train/model.zip", writes: "report.json");

    public ListingArtifacts() => _space.Run();

    public void Dispose() => _space.Dispose();

    [Fact]
    public void AllIsFreshAfterARun() => Assert.Equal(
        [
            "stage     state  built      size  older  read by   kept by",
            "ingest    fresh  just now   38 B         train",
            "train     fresh  just now  136 B         evaluate",
            "evaluate  fresh  just now   86 B",
            "",
            "artifact              size  age       hash          state",
            "ingest/rows.txt       38 B  just now  2 partitions  fresh",
            "train/model.zip       68 B  just now  9451fa6b      fresh",
            "train/notes.txt       68 B  just now  9451fa6b      fresh",
            "evaluate/report.json  86 B  just now  86df81be      fresh",
        ], Lines(Page.Endless));

    [Fact]
    public void WhatAChangeMakesStaleIsSaidAndWhatWaitsForIt()
    {
        _space.Stage("train").Version = "2";
        Assert.Equal(
            ["ingest    fresh    ", "train     stale    ", "evaluate  undecided"],
            Lines(Page.Endless).Skip(1).Take(3).Select(line => line[..19]));
        Assert.Equal("./build.sh Why --of-stage train says why it is stale.", Lines(Page.Endless)[^1]);
        _space.Write("feb.txt", "c");
        Assert.StartsWith("ingest    1 of 2 stale", Lines(Page.Endless)[1]);
    }

    [Fact]
    public void OlderResultsArePinnedRegisteredOrJustOld()
    {
        _space.Stage("train").Version = "2";
        _space.Run();
        var workspace = _space.Workspace();
        var older = new ArtifactInventory(workspace).Find("train/model.zip~1");
        workspace.Pins.Add(new(older.Record.Fingerprint, older.Name, "the paper"));
        ArtifactKeeper version = new("version 1 (production)", new HashSet<ContentHash>
        {
            new ArtifactInventory(workspace).Find("train/model.zip").Artifact.Hash,
        });
        Assert.Equal(
            [
                "stage     state  built       size  older    read by   kept by",
                "ingest    fresh  1 day ago   38 B           train",
                "train     fresh  just now   136 B  1, 68 B  evaluate  version 1 (production)",
                "evaluate  fresh  just now    86 B  1, 86 B",
            ], Lines(Page.Endless, [version]).Take(4));
        Assert.Equal(
            [
                "train: built just now in 0.00 s; 1 older result, 68 B",
                "  read by evaluate",
                "  kept by version 1 (production)",
                "  kept by pin \"the paper\"",
                "",
                "artifact         size  age        hash      state",
                "train/model.zip  68 B  just now   77b4b1ce  fresh",
                "train/notes.txt  68 B  just now   77b4b1ce  fresh",
                "train/model.zip  68 B  1 day ago  9451fa6b  old",
                "train/notes.txt  68 B  1 day ago  9451fa6b  old",
            ], InFull("train", Page.Endless, [version]));
    }

    [Fact]
    public void AResultThatARunWouldBringBackIsTheFreshOne()
    {
        _space.Stage("train").Version = "2";
        _space.Run();
        _space.Stage("train").Version = "1";
        Assert.Equal(["stale", "stale", "fresh", "fresh"],
            InFull("train", Page.Endless).SkipWhile(line => line.Length > 0).Skip(2).Take(4)
                .Select(line => line.Split(' ')[^1]));
    }

    [Fact]
    public void StagesThatAreNoMoreAreOld()
    {
        _space.Remove("evaluate");
        Assert.StartsWith("evaluate  old", Lines(Page.Endless)[3]);
    }

    [Fact]
    public void AStageThatActsOutsideIsAnEffect()
    {
        _space.Stage("evaluate").Kind = Engine.Stages.StageKind.Effect;
        Assert.StartsWith("evaluate  effect", Lines(Page.Endless)[3]);
    }

    [Fact]
    public void WhatCannotBeForeseenHidesNothing()
    {
        _space.Stage("ingest").Sources = () => throw new InvalidOperationException("The database does not answer.");
        _space.Stage("ingest").Reads = [];
        Assert.Equal(
            ["ingest    undecided", "train     undecided", "evaluate  undecided"],
            Lines(Page.Endless).Skip(1).Take(3).Select(line => line[..19]));
        Assert.Contains("ingest cannot be foreseen: The database does not answer.", Lines(Page.Endless));
    }

    [Fact]
    public void ARegistryThatDoesNotAnswerHidesNothing()
    {
        var keepers = new ArtifactKeepers(_space.Workspace(), () => throw new InvalidOperationException("No answer."));
        Assert.Equal("What keeps results beside pins is not known: No answer.",
            ArtifactListingText.Lines(Listing(keepers), Page.Endless, Now).Last());
    }

    [Fact]
    public void OnATerminalOf80ColumnsItFits()
    {
        var lines = Lines(new(80, HasColours: false), [new("version 1 (production, staging)", Everything())]);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Equal("train     fresh  just now  136 B         evaluate  version 1 (production, stagi…", lines[2]);
    }

    [Fact]
    public void ATerminalOf120ColumnsIsUsed() => Assert.Equal(
        "train     fresh  just now  136 B         evaluate  version 1 (production, staging)",
        Lines(new(120, HasColours: false), [new("version 1 (production, staging)", Everything())])[2]);

    [Fact]
    public void ColoursAreOnlyForStates() => Assert.Equal(
        "ingest    \e[32mfresh\e[0m  just now   38 B         train", Lines(new(80, HasColours: true))[1]);

    [Fact]
    public void ProgramsGetAllOfIt()
    {
        var file = _space["answer.json"];
        Assert.Equal([$"all stages: what is cached is in '{file}'"],
            new Answer("all stages: what is cached is", Listing(Kept([])), () => []).In(file));
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var train = json.RootElement.GetProperty("stages")[1];
        Assert.Equal("stage fault readBy olderResults olderBytes artifacts", Names(train));
        Assert.Equal("name unit output state hash kind sizeBytes recipe finishedUtc seconds keptBy",
            Names(train.GetProperty("artifacts")[0]));
        Assert.Equal("Fresh", train.GetProperty("artifacts")[0].GetProperty("state").GetString());

        static string Names(JsonElement element) =>
            string.Join(' ', element.EnumerateObject().Select(field => field.Name));
    }

    [Theory]
    [InlineData("answer.txt", "--file is 'answer.txt', expected a name with .json for all of it.")]
    public void AFileOfAnotherKindIsRefused(string file, string message) => Assert.Equal(message,
        Assert.Throws<PipelineException>(() =>
            new Answer("all stages: what is cached is", Listing(Kept([])), () => []).In(file)).Message);

    private DateTimeOffset Now => _space.Clock.GetUtcNow();

    private HashSet<ContentHash> Everything() =>
        [.. new ArtifactInventory(_space.Workspace()).Current().Select(item => item.Artifact.Hash)];

    private ArtifactKeepers Kept(ArtifactKeeper[] keepers) => new(_space.Workspace(), () => keepers);

    private ArtifactListing Listing(ArtifactKeepers keepers) => ArtifactListing.Of(
        _space.Pipeline(), _space.Workspace(),
        stages => new(_space.Pipeline(), _space.Workspace(), _space.Code, stages), keepers);

    private string[] Lines(Page page, params ArtifactKeeper[] keepers) =>
        [.. ArtifactListingText.Lines(Listing(Kept(keepers)), page, Now)];

    private string[] InFull(string name, Page page, params ArtifactKeeper[] keepers)
    {
        var pipeline = _space.Pipeline();
        var stage = pipeline.Find(name);
        return [.. ArtifactListingText.InFull(ArtifactListing.OfStage(pipeline, _space.Workspace(), stage,
            new(pipeline, _space.Workspace(), _space.Code, [stage.Name]), Kept(keepers)), page, Now)];
    }
}
