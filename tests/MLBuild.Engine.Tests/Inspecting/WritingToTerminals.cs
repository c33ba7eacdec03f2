using MLBuild.Engine.Inspection;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>A terminal breaks no line within a word, whoever writes it.</summary>
public sealed class WritingToTerminals
{
    private const string Line = "12:00:00 [INF] rebuilding because parameter 'HoldOutShare' changed: 0.2 -> 0.3; " +
        "parameter 'SplitSeed' changed: 1 -> 2; input '2019-02.csv' changed: d4735e3a -> 25186b3a\n";

    [Fact]
    public void ALineOfTheLogGoesOnBelowItsMessage() => Assert.Equal(
        """
        12:00:00 [INF] rebuilding because parameter 'HoldOutShare' changed: 0.2 -> 0.3;
                       parameter 'SplitSeed' changed: 1 -> 2; input '2019-02.csv'
                       changed: d4735e3a -> 25186b3a

        """.ReplaceLineEndings("\n"), Written(80, Line));

    [Fact]
    public void AMessageThatIsIndentedGoesOnIndented() => Assert.Equal(
        "12:00:00 [INF]   pass  R2 overall is\n                 0.93\n",
        Written(40, "12:00:00 [INF]   pass  R2 overall is 0.93\n"));

    [Fact]
    public void AWiderTerminalIsUsed() => Assert.Equal(
        """
        12:00:00 [INF] rebuilding because parameter 'HoldOutShare' changed: 0.2 -> 0.3; parameter 'SplitSeed' changed: 1 -> 2;
                       input '2019-02.csv' changed: d4735e3a -> 25186b3a

        """.ReplaceLineEndings("\n"), Written(120, Line));

    [Fact]
    public void WithoutAClockToo() => Assert.Equal(
        "[WRN] Train: a warning that is somewhat\n      longer than that\n",
        Written(40, "[WRN] Train: a warning that is somewhat longer than that\n"));

    [Fact]
    public void OtherLinesGoOnIndentedEachByItself() => Assert.Equal(
        """
        2 faults in the store and its copies:
          - Train/model.zip: artifact 8f2c41d0
            is not in the store.
          - artifacts/x is not what the store
            has.

        """.ReplaceLineEndings("\n"),
        Written(40, "2 faults in the store and its copies:\n  - Train/model.zip: artifact 8f2c41d0 is not in the " +
            "store.\n  - artifacts/x is not what the store has.\n"));

    [Fact]
    public void ColoursTakeNoRoom()
    {
        const string Coloured = "\e[38;5;0007m12:00:00 \e[0m[\e[38;5;0015mINF\e[0m] " +
            "\e[38;5;0045mforty columns, all of\e[0m it\n";
        Assert.Equal(Coloured, Written(40, Coloured));
        Assert.Equal(
            Coloured[..^1] + " and\n               more of it\n", Written(44, Coloured[..^1] + " and more of it\n"));
    }

    [Fact]
    public void WhatFitsStaysAsItIs()
    {
        var row = "a" + new string(' ', 78) + "b\n";
        Assert.Equal(row, Written(80, row));
    }

    [Theory]
    [InlineData("\e[?7lTrain: tree 40 of 300, about 12 s left, and more than fits\e[?7h")]
    [InlineData("\r\e[1A\e[JTrain: tree 40 of 300, about 12 s left, and more than fits\n")]
    [InlineData("downloading what is needed, 12 of 300 MB, in a line that is replaced\r")]
    [InlineData("a question that is longer than the terminal, whose answer stands behind it? ")]
    public void WhatMovesTheCursorOrGoesOnStaysAsItIs(string text) => Assert.Equal(text, Written(40, text));

    [Fact]
    public void LineEndsStayAsTheyAre() => Assert.Equal(
        "words that do not fit in forty columns,\r\n  so few\r\n",
        Written(40, "words that do not fit in forty columns, so few\r\n"));

    [Fact]
    public void TheWidthIsAskedForEachTime()
    {
        var width = 40;
        using var written = new StringWriter();
        using var console = new PageWriter(written, () => new(width, HasColours: false)) { NewLine = "\n" };
        console.WriteLine("words that do not fit in forty columns, so few");
        width = 80;
        console.WriteLine("words that do not fit in forty columns, so few".AsSpan());
        Assert.Equal("words that do not fit in forty columns,\n  so few\n" +
            "words that do not fit in forty columns, so few\n", written.ToString());
    }

    private static string Written(int columns, string text)
    {
        using var written = new StringWriter();
        using var console = new PageWriter(written, () => new(columns, HasColours: true));
        console.Write(text);
        return written.ToString();
    }
}
