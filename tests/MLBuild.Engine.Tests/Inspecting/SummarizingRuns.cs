using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>What a build server shows of a run: what ran, what was there already, and why; whatever the texts are.
/// </summary>
public sealed class SummarizingRuns : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.csv", "1").With("feb.csv", "2")
        .WithStage("ingest", reads: "jan.csv feb.csv").WithStage("split", reads: "ingest")
        .WithStage("train", reads: "split ingest", options: new Naming("a"));

    private sealed record Naming(string Title);

    [Fact]
    public async Task SaysWhatRanAndWhyAndWhatWasThere()
    {
        _space.Run();
        _space.Write("feb.csv", "3");
        _space.Stage("train").Options = new Naming("<b>|`x`|\n\"end\"</b>");
        var lines = await Lines();
        Assert.Equal("### 3 of 3 stages ran", lines[0]);
        Assert.Equal(["```mermaid", "flowchart LR"], lines.Skip(2).Take(2));
        const string Change = "input 'feb.csv' changed: [0-9a-f]{8} -";
        Assert.Matches(
            $"^  s0\\[\"ingest<br/>ran 1 of 2 partitions<br/>{Change}#62; [0-9a-f]{{8}}\"\\]:::ran$", lines[4]);
        Assert.Contains("  s0 --> s1", lines);
        Assert.Contains("  s0 --> s2", lines);
        Assert.Contains("  s1 --> s2", lines);
        Assert.Matches(
            $"^[|] ingest [|] ran 1 of 2 partitions [|] {Change}&#62; [0-9a-f]{{8}} [|] [0-9.]+ s [|]$",
            lines.Single(line => line.StartsWith("| ingest", StringComparison.Ordinal)));
        // Between bars there is text alone, and in a label nothing that ends it.
        var train = lines.Single(line => line.StartsWith("| train", StringComparison.Ordinal));
        Assert.Equal(5, train.Count(c => c == '|'));
        Assert.Contains("&#60;b&#62;&#124;&#96;x&#96;&#124;", train);
        Assert.DoesNotContain('<', train);
        Assert.Equal(2, lines.Single(line => line.StartsWith("  s2[", StringComparison.Ordinal)).Count(c => c == '"'));

        lines = await Lines();
        Assert.Equal("### 0 of 3 stages ran, 3 were there already", lines[0]);
        Assert.Equal("  s2[\"train<br/>up to date\"]:::hit", lines[6]);
        Assert.Matches("^[|] split [|] up to date [|] same recipe [|] saved [0-9.]+ s [|]$",
            lines.Single(line => line.StartsWith("| split", StringComparison.Ordinal)));

        Directory.Delete(_space["artifacts"], recursive: true);
        Assert.Contains(await Lines(), line =>
            line.StartsWith("| ingest | restored, 2 partitions | same recipe as 20", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaysWhatFailedAndWhatDidNotRunForIt()
    {
        _space.Stage("split").Body = _ => throw new InvalidOperationException("no rows\nat all");
        var lines = await Lines();
        Assert.Equal("### 1 of 3 stages ran, 1 failed, 1 did not run", lines[0]);
        Assert.Contains("  s1[\"split<br/>failed\"]:::failed", lines);
        Assert.Contains("  s2[\"train<br/>did not run\"]:::notRun", lines);
        Assert.Contains("| train | did not run | 'split', which it reads, has no result |  |", lines);
        Assert.Contains(lines, line => line.StartsWith("| split | failed | ", StringComparison.Ordinal)
            && line.Contains("no rows", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[x](javascript:y) <img>", "&#91;x&#93;(javascript:y) &#60;img&#62;")]
    [InlineData("a\r\n# b_c*", "a  &#35; b&#95;c&#42;")]
    [InlineData("10 % größer", "10 % größer")]
    public void NothingInATextIsMarkup(string text, string expected) =>
        Assert.Equal(expected, MarkdownText.Inline(text));

    [Fact]
    public void LongTextIsCutBetweenCharacters() =>
        Assert.Equal(new string('x', 298) + '…', MarkdownText.Inline(new string('x', 298) + "😀😀"));

    public void Dispose() => _space.Dispose();

    private async Task<IReadOnlyList<string>> Lines()
    {
        _space.Clock.Advance(TimeSpan.FromDays(1));
        using var runner = _space.Runner();
        var outcomes = await Task.WhenAll(_space.Pipeline().Stages.Select(stage => runner.Ensure(stage.Name)));
        await runner.Drain();
        return RunMarkdown.Lines(_space.Pipeline(), outcomes);
    }
}
