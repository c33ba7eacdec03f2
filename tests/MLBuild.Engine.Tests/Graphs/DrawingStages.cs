using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLBuild.Engine.Graphs;
using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Graphs;

/// <summary>The graph of stages: how each stands, as text, as Mermaid and as a picture.</summary>
public sealed class DrawingStages : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("a.txt", "a").With("b.txt", "b")
        .WithStage("ingest", reads: "a.txt b.txt").WithStage("split", reads: "ingest")
        .WithStage("train", reads: "split", options: new Rate(0.1)).WithStage("evaluate", reads: "train split");

    private sealed record Rate(double Value);

    [Fact]
    public void BeforeTheFirstRunNothingIsBuilt()
    {
        var graph = Graph();
        Assert.All(graph.Stages, node => Assert.Equal(StageState.NeverBuilt, node.State));
        Assert.Equal([0, 1, 2, 3], graph.Stages.Select(node => node.Level));
        Assert.Equal(["train", "split"], graph.Stages[3].Reads);
    }

    [Fact]
    public void EachStageStandsForItself()
    {
        _space.Run("train");
        _space.Stage("train").Options = new Rate(0.2);
        _space.WithStage("deploy", reads: "train");
        _space.Stage("deploy").Kind = Engine.Stages.StageKind.Effect;
        Assert.Equal(
            [
                "ingest Fresh 2 partitions", "split Fresh ", "train Stale parameter 'Value' changed: 0.1 -> 0.2",
                "evaluate NeverBuilt ", "deploy Effect ",
            ],
            Told());

        _space.Run("evaluate");
        _space.Stage("train").Options = new Rate(0.3);
        Assert.Equal("evaluate Undecided depends on what train gives, which would run first", Told()[3]);
        _space.Write("b.txt", "c");
        Assert.Equal("ingest Stale 1 of 2 partitions, input 'b.txt' changed: 3e23e816 -> 2e7d2c03", Told()[0]);
    }

    [Fact]
    public async Task FailedStageIsOneThatFailedWhenItLastRan()
    {
        _space.Stage("train").Body = _ => throw new PipelineException("too few rows\nin all");
        await Journaled();
        Assert.Equal("train Failed too few rows", Told()[2]);
        Assert.Equal("evaluate NeverBuilt ", Told()[3]);

        _space.Stage("train").Body = null;
        await Journaled();
        Assert.Equal("train Fresh ", Told()[2]);
        _space.Stage("train").Options = new Rate(0.2);
        Assert.Equal("train Stale parameter 'Value' changed: 0.1 -> 0.2", Told()[2]);
    }

    [Fact]
    public void StageThatCannotBeForeseenLeavesTheOthers()
    {
        _space.Run();
        _space.WithStage("fetch");
        _space.Stage("fetch").Observations.Add(new("shop", _ => throw new IOException("no answer")));
        Assert.Equal(
            ["ingest Fresh", "split Fresh", "train Fresh", "evaluate Fresh",
                "fetch Undecided what it observes as 'shop' could not be read: no answer"],
            Told().Select(line => line.Replace("Fresh 2 partitions", "Fresh").TrimEnd()));
    }

    [Fact]
    public void OneStageIsShownWithWhatItNeeds()
    {
        var graph = StageGraph.Of(_space.Pipeline(), _space.Workspace(), _space.Code, new("train"));
        Assert.Equal(["ingest", "split", "train"], graph.Stages.Select(node => node.Stage));
    }

    [Fact]
    public void AtEightyColumns() => Assert.Equal(
        [
            "stage                   state        reads",
            "● Ingest                fresh                              3 partitions",
            "  ● Split               fresh        Ingest",
            "    ○ Features          stale        Split                 parameter 'Bins' cha…",
            "      × Train           failed       Features, Split       a \"quote\" & <tag>",
            "        ? Evaluate      undecided    Train, Features, Sp…  depends on what Trai…",
            "          · Card        never built  Train, Evaluate",
            "            → Register  effect       Train, Evaluate, Ca…",
            "",
            "● 2 fresh, ○ 1 stale, ? 1 undecided, × 1 failed, · 1 never built, → 1 effect",
        ],
        Lines(new(80, HasColours: false)));

    [Fact]
    public void AtAHundredAndTwentyColumns() => Assert.Equal(
        [
            "stage                   state        reads",
            "● Ingest                fresh                                                3 partitions",
            "  ● Split               fresh        Ingest",
            "    ○ Features          stale        Split                                   parameter 'Bins' chang" +
            "ed: 255 -> 1023",
            "      × Train           failed       Features, Split                         a \"quote\" & <tag>",
            "        ? Evaluate      undecided    Train, Features, Split                  depends on what Train " +
            "gives, which would r…",
            "          · Card        never built  Train, Evaluate",
            "            → Register  effect       Train, Evaluate, Card, Features, Split",
            "",
            "● 2 fresh, ○ 1 stale, ? 1 undecided, × 1 failed, · 1 never built, → 1 effect",
        ],
        Lines(new(120, HasColours: false)));

    [Fact]
    public void RedirectedNothingIsCut() => Assert.Equal(
        [
            "stage                   state        reads",
            "● Ingest                fresh                                                3 partitions",
            "  ● Split               fresh        Ingest",
            "    ○ Features          stale        Split                                   parameter 'Bins' chang" +
            "ed: 255 -> 1023",
            "      × Train           failed       Features, Split                         a \"quote\" & <tag>",
            "        ? Evaluate      undecided    Train, Features, Split                  depends on what Train " +
            "gives, which would run first",
            "          · Card        never built  Train, Evaluate",
            "            → Register  effect       Train, Evaluate, Card, Features, Split",
            "",
            "● 2 fresh, ○ 1 stale, ? 1 undecided, × 1 failed, · 1 never built, → 1 effect",
        ],
        Lines(Page.Endless));

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void ColoursChangeNoText(int width)
    {
        var coloured = Lines(new(width, HasColours: true));
        Assert.Contains(coloured, line => line.Contains("\e[32mfresh\e[0m", StringComparison.Ordinal));
        var plain = Lines(new(width, HasColours: false));
        Assert.Equal(plain, coloured.Select(line => Regex.Replace(line, @"\e\[\d+m", "")));
        Assert.All(plain, line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public void BuildWithoutStagesSaysSo() => Assert.Equal(
        ["This build has no stage. A target becomes one with .Stage(…)."],
        StageGraphText.Lines(new([]), Page.Endless));

    [Fact]
    public void MermaidTakesAnyText() => Assert.Equal(
        """
        flowchart LR
          s0["Ingest<br/>fresh<br/>3 partitions"]:::fresh
          s1["Train<br/>stale<br/>parameter 'A#34;#59;' changed: #60;b#62; -#62; #91;c#93;"]:::stale
          s0 --> s1
          classDef fresh fill:#d8f0d8,stroke:#2e7d32,color:#000
          classDef stale fill:#ffe8b3,stroke:#b35900,color:#000
          classDef undecided fill:#fff6dc,stroke:#b35900,color:#000,stroke-dasharray:4
          classDef failed fill:#ffd6d6,stroke:#b00020,color:#000
          classDef neverBuilt fill:#eeeeee,stroke:#777777,color:#000,stroke-dasharray:4
          classDef effect fill:#dde9f8,stroke:#2a5b99,color:#000

        """.ReplaceLineEndings("\n"),
        StageGraphMermaid.Text(new(
        [
            new("Ingest", StageState.Fresh, "3 partitions", 0, []),
            new("Train", StageState.Stale, "parameter 'A\";' changed: <b> -> [c]", 1, ["Ingest"]),
        ])));

    [Fact]
    public void PictureIsXmlThatNamesEachStateByWordAndColour()
    {
        var svg = StageGraphPicture.Svg(Sample, "How <all> stand");
        Assert.Equal(svg, StageGraphPicture.Svg(Sample, "How <all> stand"));
        var root = XDocument.Parse(svg).Root!;
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal("How <all> stand", root.Element(ns + "title")!.Value);
        Assert.Contains("Train is failed: a \"quote\" & <tag>; it reads Features, Split.", root.Element(ns + "desc")!
            .Value);
        Assert.Equal(
            ["graph-title", "graph-desc"], ((string)root.Attribute("aria-labelledby")!).Split(' '));
        Assert.Contains("@media (prefers-color-scheme: dark)", root.Element(ns + "style")!.Value);
        // Each box, with its word; then the legend.
        var boxes = root.Elements(ns + "g").Select(box => (
            (string)box.Element(ns + "rect")!.Attribute("class")!, box.Elements(ns + "text").Last().Value)).ToArray();
        Assert.Equal(
            [
                ("fresh", "fresh: 3 partitions"), ("fresh", "fresh"), ("stale", "stale: parameter 'Bins'…"),
                ("failed", "failed: a \"quote\" & <ta…"), ("undecided", "undecided: depends on w…"),
                ("never", "never built"), ("effect", "effect"),
            ],
            boxes);
        Assert.Equal(
            ["fresh", "stale", "undecided", "failed", "never built", "effect"],
            root.Elements(ns + "text").Select(text => text.Value));
        Assert.Equal(Sample.Stages.Sum(node => node.Reads.Count), root.Elements(ns + "path").Count());
        // Boxes do not lie upon each other, and all lie within the picture.
        var places = root.Elements(ns + "g").Select(box => box.Element(ns + "rect")!)
            .Select(box => (X: (int)box.Attribute("x")!, Y: (int)box.Attribute("y")!)).ToArray();
        Assert.Equal(places.Length, places.Distinct().Count());
        Assert.All(places, place => Assert.InRange(place.X + 170, 0, (int)root.Attribute("width")!));
        Assert.All(places, place => Assert.InRange(place.Y + 44, 0, (int)root.Attribute("height")!));
    }

    public void Dispose() => _space.Dispose();

    private static StageGraph Sample => new(
    [
        new("Ingest", StageState.Fresh, "3 partitions", 0, []),
        new("Split", StageState.Fresh, "", 1, ["Ingest"]),
        new("Features", StageState.Stale, "parameter 'Bins' changed: 255 -> 1023", 2, ["Split"]),
        new("Train", StageState.Failed, "a \"quote\" & <tag>", 3, ["Features", "Split"]),
        new("Evaluate", StageState.Undecided, "depends on what Train gives, which would run first", 4,
            ["Train", "Features", "Split"]),
        new("Card", StageState.NeverBuilt, "", 5, ["Train", "Evaluate"]),
        new("Register", StageState.Effect, "", 6, ["Train", "Evaluate", "Card", "Features", "Split"]),
    ]);

    private static string[] Lines(Page page) => [.. StageGraphText.Lines(Sample, page)];

    private StageGraph Graph() => StageGraph.Of(_space.Pipeline(), _space.Workspace(), _space.Code);

    private string[] Told() => [.. Graph().Stages.Select(node => $"{node.Stage} {node.State} {node.Detail}")];

    private async Task Journaled()
    {
        var workspace = _space.Workspace();
        _space.Clock.Advance(TimeSpan.FromHours(1));
        using var run = new RunJournal(workspace).Begin(new(_space.Clock.GetUtcNow(), "evaluate", "here", null))!;
        using var runner = new Runner(_space.Pipeline(), workspace, _space.Code,
            new RunObservers(_space.Observer, run), RunSetting.Everything);
        await runner.Ensure(new("evaluate"));
        run.End(RunState.Succeeded, null, runner.Ended());
    }
}
