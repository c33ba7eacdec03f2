using System.Globalization;
using System.Text.Json;
using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>One artifact, and why a stage runs: on terminals, in files, for programs.</summary>
public sealed class ShowingOne : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.txt", "a")
        .WithStage("ingest", reads: "jan.txt", writes: "rows.txt plots/", body: run =>
        {
            File.WriteAllText(run.Output("rows.txt"), "a");
            Directory.CreateDirectory(run.Output("plots/") + "/inner");
            File.WriteAllText(run.Output("plots/") + "/a.svg", "<svg/>");
            File.WriteAllText(run.Output("plots/") + "/inner/b.svg", "<svg></svg>");
        })
        .WithStage("train", reads: "ingest/rows.txt", writes: "model.zip")
        .WithStage("evaluate", reads: "train", writes: "report.json");

    public ShowingOne() => _space.Run();

    public void Dispose() => _space.Dispose();

    [Fact]
    public void WhatWroteItAndWhoReadsItComesFirst() => Assert.Equal(
        [
            "ingest/jan/rows.txt, 1 B",
            "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
            "fresh; written 2019-02-01 12:00 UTC in 0.00 s by recipe " +
                Item("ingest/jan/rows").Record.Fingerprint.Short,
            "its run is not among those that are kept here",
            "read by train",
            "kept by pin \"the paper\"",
            "",
            "seen: a",
        ], Pinned("ingest/jan/rows.txt", Page.Endless));

    [Fact]
    public void TheRunThatMadeItIsTold()
    {
        var began = new DateTimeOffset(2019, 2, 1, 11, 59, 58, TimeSpan.Zero);
        _space.Stage("train").Version = "2";
        Run(new(began, "train --rate 3", "ci-7", "3fd95c7a8e1b4d20"));
        // One that found it up to date did not make it.
        Run(new(began.AddDays(1), "train", "ci-8", null));
        Assert.Equal(
            [
                "run of 2019-02-01 11:59 UTC on ci-7, commit 3fd95c7a: ./build.sh train --rate 3",
                "./build.sh History --of-stage train lists its runs, Logs --of-stage train shows what it said",
            ], Shown("train/model.zip", Page.Endless).Skip(3).Take(2));
        // Of the one before nobody kept the run, nor what it said.
        Assert.Equal("its run is not among those that are kept here",
            Shown("train/model.zip~1", Page.Endless)[3]);
    }

    [Fact]
    public void AFolderIsATreeWithSizes() => Assert.Equal(
        [
            "2 files, 17 B",
            "file     size  hash",
            "a.svg     6 B  d4dc5666",
            "inner/   11 B",
            "  b.svg  11 B  b12e0d83",
        ], Shown("ingest/jan/plots/", Page.Endless).SkipWhile(line => line.Length > 0).Skip(1));

    [Fact]
    public void ManyFilesAreCountedAlikeInEveryCulture()
    {
        var tree = new FolderTree([.. Enumerable.Range(0, 1_500).Select(i =>
            new FolderTree.Entry($"{i:0000}.txt", ContentHash.Of("a"), 1))]);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = German.Culture;
            Assert.Equal("… 1,300 more lines; --file NAME.json has all of it",
                FolderView.Look(tree).Lines(Page.Endless).Last());
            Assert.Equal("1,500 artifacts (1.5 KB), 1 record and 1,500 copies",
                new StoreVerification.Report(1_500, 1_500, 1, 1_500, []).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void NothingElseIsLookedInto()
    {
        var lines = Shown("train/model.zip", Page.Endless, views: []);
        Assert.StartsWith("Nothing here can show the inside of 'model.zip'. Its bytes: ", lines[^1]);
    }

    [Theory]
    [InlineData("ingest/jan/plots/")]
    [InlineData("train/model.zip")]
    public void AColumnIsAskedOfTablesOnly(string artifact) => Assert.EndsWith(
        "' has no columns, and --column names one. Columns are of tables: .parquet, .csv and .tsv.",
        Assert.Throws<PipelineException>(() => Shown(artifact, Page.Endless, column: "fare", views: [])).Message);

    [Fact]
    public void WhatWasMadeOfItIsFound()
    {
        string? behind = null;
        Look("train/model.zip");
        Assert.Equal(_space.Output("evaluate/report.json"), File.ReadAllText(behind!));
        // An older model is not the one that was judged last.
        _space.Stage("train").Version = "2";
        _space.Run("train");
        Look("train/model.zip");
        Assert.Null(behind);
        Look("train/model.zip~1");
        Assert.NotNull(behind);

        void Look(string artifact) => _ = Shown(
            artifact, Page.Endless, views: [new Seen(seen => behind = seen.Behind("report.json"))]);
    }

    [Fact]
    public void ProgramsGetAllOfIt()
    {
        var file = _space["answer.json"];
        Assert.Equal([$"ingest/jan/plots/: all that is seen of it is in '{file}'"],
            Answer("ingest/jan/plots/", Page.Endless).In(file));
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal("artifact run readBy content", Names(json.RootElement));
        Assert.Equal("""[{"path":"a.svg","sizeBytes":6},{"path":"inner/b.svg","sizeBytes":11}]""",
            JsonSerializer.Serialize(json.RootElement.GetProperty("content").GetProperty("files").EnumerateArray()
                .Select(entry => new
                {
                    path = entry.GetProperty("path").GetString(),
                    sizeBytes = entry.GetProperty("sizeBytes").GetInt64(),
                })));
    }

    [Fact]
    public void WhyIsWrappedOnATerminalAndWholeElsewhere()
    {
        _space.Stage("train").Options = new { LearningRate = 0.25, NumberOfLeaves = 31 };
        var sentence = "train: would run because parameter 'LearningRate' is new: 0.25; parameter " +
            "'NumberOfLeaves' is new: 31";
        Assert.Equal(sentence, Why(Page.Endless).Lines().First());
        Assert.Equal(
            [
                "train: would run because parameter 'LearningRate' is new: 0.25; parameter",
                "  'NumberOfLeaves' is new: 31",
            ], Why(new(80, HasColours: true)).Lines().Take(2));
        Assert.Equal(sentence, Why(new(120, HasColours: true)).Lines().First());
    }

    [Fact]
    public void WhyIsDataToo()
    {
        _space.Stage("train").Version = "2";
        _space.Run();
        _space.Stage("train").Version = "3";
        var file = _space["answer.json"];
        Assert.Equal([$"train: why it would run is in '{file}'"], Why(Page.Endless).In(file));
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var now = json.RootElement.GetProperty("now")[0];
        Assert.Equal("name stage runs text", Names(now));
        Assert.Equal("would run because code of train.Run changed: 2 -> 3", now.GetProperty("text").GetString());
        var past = json.RootElement.GetProperty("past")[0];
        Assert.Equal("unit finishedUtc seconds recipe before changes", Names(past));
        var change = past.GetProperty("changes")[0];
        Assert.Equal("kind name before after text", Names(change));
        Assert.Equal("Code", change.GetProperty("kind").GetString());
        Assert.Equal("code of train.Run changed: 1 -> 2", change.GetProperty("text").GetString());
    }

    private void Run(RunStart start)
    {
        _space.Clock.Advance(TimeSpan.FromDays(1));
        var workspace = _space.Workspace();
        using var run = new RunJournal(workspace).Begin(start)!;
        using var runner = new Runner(_space.Pipeline(), workspace, _space.Code,
            new RunObservers(new TestObserver(), run), RunSetting.Everything);
        runner.Ensure(new("train")).GetAwaiter().GetResult();
        runner.Drain().GetAwaiter().GetResult();
        run.End(RunState.Succeeded, null, runner.Ended());
    }

    private static string Names(JsonElement element) =>
        string.Join(' ', element.EnumerateObject().Select(field => field.Name));

    private Answer Why(Page page)
    {
        var forecast = new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code);
        var stage = _space.Pipeline().Find("train");
        return StageReasons.Answer(stage, forecast.Of(stage.Name), forecast.History(stage.Name), page);
    }

    private ArtifactInventory.Item Item(string name) => new ArtifactInventory(_space.Workspace()).Find(name);

    private string[] Pinned(string artifact, Page page)
    {
        _space.Workspace().Pins.Add(new(Item(artifact).Record.Fingerprint, artifact, "the paper"));
        return Shown(artifact, page);
    }

    private string[] Shown(string artifact, Page page, string? column = null, IArtifactView[]? views = null) =>
        [.. Answer(artifact, page, column, views).Lines()];

    private Answer Answer(string artifact, Page page, string? column = null, IArtifactView[]? views = null)
    {
        var (pipeline, workspace) = (_space.Pipeline(), _space.Workspace());
        var item = Item(artifact);
        return ShownArtifact.Answer(pipeline, workspace, item,
            new(pipeline, workspace, _space.Code, [new StageName(item.Stage)]), new(workspace, () => []),
            views ?? [new Seen(_ => { })], column, page);
    }

    private sealed class Seen(Action<ViewedArtifact> look) : IArtifactView
    {
        public bool Shows(string output) => true;

        public ArtifactContent Look(ViewedArtifact artifact, string? column)
        {
            look(artifact);
            return new(new { }, _ => [$"seen: {File.ReadAllText(artifact.Path)}"]);
        }
    }
}
