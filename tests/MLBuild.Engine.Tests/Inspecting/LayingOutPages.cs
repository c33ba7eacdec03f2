using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>Pages of a width, and tables on them.</summary>
public sealed class LayingOutPages
{
    private static readonly string Hash = new('8', 64);

    [Fact]
    public void SentencesBreakAtSpacesAndGoOnIndented() => Assert.Equal(
        [
            "Split: would run because parameter 'HoldOutShare' changed: 0.2 -> 0.3; what",
            "  Ingest gives may add to that",
        ],
        new Page(80, HasColours: false).Wrap("Split: would run because parameter 'HoldOutShare' changed: 0.2 -> " +
            "0.3; what Ingest gives may add to that"));

    [Fact]
    public void AnIndentedSentenceStaysIndented() => Assert.Equal(
        ["  read by one, two, three, four, five,", "    six, seven"],
        new Page(40, HasColours: false).Wrap("  read by one, two, three, four, five, six, seven"));

    [Fact]
    public void AHashIsNeverBroken() => Assert.Equal(
        ["its bytes hash to", $"  {Hash}", "  now"],
        new Page(40, HasColours: false).Wrap($"its bytes hash to {Hash} now"));

    [Fact]
    public void WithoutEdgesNothingIsBrokenOrCut()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 200));
        Assert.Equal([text], Page.Endless.Wrap(text));
        Assert.Equal(text, Page.Endless.Cut(text));
    }

    [Fact]
    public void ControlCharactersMoveNothing() =>
        Assert.Equal("a [31mb c", Page.Endless.Cut("a\e[31mb\nc"));

    [Fact]
    public void ATableIsAsWideAsItsCells() => Assert.Equal(
        ["name    size", "a         12", "longer     1"],
        PageTable.Lines(Page.Endless, [new("name"), new("size", IsNumber: true)], [["a", "12"], ["longer", "1"]]));

    [Fact]
    public void WhatMayBeCutIsCutFirst() => Assert.Equal(
        [
            "stage  read by                  hash",
            "Train  Evaluate, Reference, R…  88888888",
        ],
        PageTable.Lines(new(40, HasColours: false), [new("stage"), new("read by", IsCut: true), new("hash")],
            [["Train", "Evaluate, Reference, Register, Card", "88888888"]]));

    [Fact]
    public void WhatDoesNotFitFollowsBehindTheFirstColumn() => Assert.Equal(
        [
            "id  one                  two",
            "1   xxxxxxxxxxxxxxxxxxx  yyyyyyyyyyy",
            "",
            "id  three",
            "1   zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        ],
        PageTable.Lines(new(40, HasColours: false), [new("id"), new("one"), new("two"), new("three")],
            [["1", new string('x', 19), new string('y', 11), new string('z', 30)]]));

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void NoLineIsWiderThanThePage(int width)
    {
        var columns = Enumerable.Range(0, 20).Select(i => new PageColumn($"column {i}", i % 2 == 0, i % 3 == 0))
            .ToArray();
        var lines = PageTable.Lines(new(width, HasColours: false), columns,
            [[.. columns.Select((_, i) => new PageCell(new string('x', i)))]]).ToArray();
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.True(lines.Max(line => line.Length) > width - 20);
        for (var i = 0; i < 20; i++)
            Assert.Contains(lines, line => line.Contains($"column {i}", StringComparison.Ordinal));
    }

    [Fact]
    public void ColoursTakeNoRoom() => Assert.Equal(
        ["state  hash", "\e[32mfresh\e[0m  1", "\e[2mold\e[0m    2"],
        PageTable.Lines(new(80, HasColours: true), [new("state"), new("hash")],
            [[new("fresh", Tone.Good), "1"], [new("old", Tone.Faint), "2"]]));

    [Fact]
    public void TheLastCellLeavesNoSpacesBehind() => Assert.Equal(
        ["a  b", "x", "y  \e[33mstale\e[0m"],
        PageTable.Lines(new(80, HasColours: true), [new("a"), new("b")],
            [["x", new("", Tone.Good)], ["y", new("stale", Tone.Doubtful)]]));
}
