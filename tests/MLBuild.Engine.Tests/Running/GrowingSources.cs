using System.Text;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>A file to which lines are appended is read in ranges: those that are full stay cached.</summary>
public sealed class GrowingSources : IDisposable
{
    private readonly TestSpace _space = new TestSpace().WithStage("ingest", body: Copy);

    public GrowingSources() => _space.Stage("ingest").Sources = () => SourceFiles.Chunks(_space["log.csv"], 10, 1);

    [Fact]
    public void OnlyTheLastRangeIsReadAgain()
    {
        _space.Write("log.csv", "head\nrow 1\nrow 2\nrow 3\n");
        Assert.Equal([Built("ingest/log-00000000"), Built("ingest/log-00000001")], _space.Run());
        Assert.Equal(("head\nrow 1\n", "head\nrow 2\nrow 3\n"), (Output(0), Output(1)));
        Assert.Empty(_space.Run());
        File.AppendAllText(_space["log.csv"], "row 4\nrow 5\n");
        Assert.Equal([Built("ingest/log-00000002")], _space.Run());
        File.AppendAllText(_space["log.csv"], "row 6\n");
        Assert.Equal([Built("ingest/log-00000003")], _space.Run());
        File.AppendAllText(_space["log.csv"], "7\n");
        Assert.Equal([Built("ingest/log-00000004")], _space.Run());
        File.AppendAllText(_space["log.csv"], "8\n");
        Assert.Equal("ingest/log-00000004", Assert.Single(_space.Run()).Unit);
        Assert.Equal("head\n7\n8\n", Output(4));
    }

    [Fact]
    public void ALineWithoutItsEndIsNotReadYet()
    {
        _space.Write("log.csv", "head\nrow 1\nrow ");
        _space.Run();
        Assert.Equal("head\nrow 1\n", Output(0));
        File.AppendAllText(_space["log.csv"], "2\n");
        _space.Run();
        Assert.Equal("head\nrow 2\n", Output(1));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void RangesAreTheWholeFileWhateverEndsALineAndHoweverItGrew(string end)
    {
        var lines = Enumerable.Range(0, 60).Select(i => new string((char)('a' + (i % 26)), i * 7 % 23)).ToArray();
        var whole = string.Concat(lines.Select(line => line + end));
        foreach (var length in Enumerable.Range(0, whole.Length).Where(length => length % 17 == 3))
        {
            File.WriteAllText(_space["log.csv"], whole[..length]);
            var before = Chunks();
            File.WriteAllText(_space["log.csv"], whole + "end\n");
            var after = Chunks();
            Assert.Equal(before.SkipLast(1), after.Take(Math.Max(0, before.Count - 1)));
            Assert.Equal(whole + "end\n", string.Concat(after.Select(chunk => Text(chunk.Range!, whole + "end\n"))));
            Assert.All(after, chunk => Assert.Equal(
                whole[..(int)chunk.Range!.Offset].Replace("\r\n", "\n").Count(c => c is '\n' or '\r') + 1,
                chunk.Range.FirstLine));
        }

        IReadOnlyList<SourceFile> Chunks()
        {
            try
            {
                return SourceFiles.Chunks(_space["log.csv"], 40, 0);
            }
            catch (SourceException)
            {
                return [];
            }
        }

        static string Text(LineRange range, string text) => text.Substring((int)range.Offset, (int)range.Bytes);
    }

    [Fact]
    public void ABlockThatEndsBetweenReturnAndLineFeedIsNoLineMore()
    {
        var text = "h\r\n" + new string('x', (1 << 18) - 4) + "\r\n" + "y\r\n";
        _space.Write("log.csv", text);
        Assert.Equal([2, 3], SourceFiles.Chunks(_space["log.csv"], 1 << 18, 1).Select(chunk => chunk.Range!.FirstLine));
    }

    [Fact]
    public void AFileThatGrowsWhileItIsReadIsReadInItsRange()
    {
        _space.Write("log.csv", "head\nrow 1\nrow 2\n");
        _space.Stage("ingest").Body = run =>
        {
            File.AppendAllText(_space["log.csv"], "more\n");
            Copy(run);
        };
        Assert.Equal(["built", "built"], _space.Run().Select(unit => unit.What));
        Assert.Equal("head\nrow 2\n", Output(1));
    }

    [Fact]
    public void ARangeThatChangesWhileItIsReadIsNotKept()
    {
        _space.Write("log.csv", "head\nrow 1\n");
        _space.Stage("ingest").Body = run =>
        {
            _space.Write("log.csv", "head\nROW 1\n");
            Copy(run);
        };
        Assert.Contains($"'{_space["log.csv"]}' changed while the stage read it, so the result was not kept.",
            Assert.Single(_space.Run()).Because);
    }

    [Fact]
    public void AFileThatBeganAnewIsReadAnewAndWhatIsGoneIsSaid()
    {
        _space.Write("log.csv", "head\nrow 1\nrow 2\nrow 3\n");
        _space.Run();
        _space.Write("log.csv", "head\nnew\n");
        var built = Assert.Single(_space.Run());
        Assert.Equal("ingest/log-00000000", built.Unit);
        Assert.StartsWith("input 'log.csv from line 2' changed: ", built.Because);
        Assert.Equal(["ingest: 'log-00000001' is gone: its source file was there for the last build."],
            _space.Observer.Lines);
    }

    [Theory]
    [InlineData("", "header")]
    [InlineData("head", "header")]
    [InlineData("head\r", "header")]
    public void NoCompleteHeader(string text, string what)
    {
        _space.Write("log.csv", text);
        Assert.Equal($"'{_space["log.csv"]}' has no complete {what} yet.", Assert.Single(_space.Run()).Because);
    }

    [Fact]
    public void NoFile() =>
        Assert.Equal($"There is no file '{_space["log.csv"]}'.", Assert.Single(_space.Run()).Because);

    public void Dispose() => _space.Dispose();

    private static void Copy(StageRun run)
    {
        var range = run.Source.Range!;
        var bytes = File.ReadAllBytes(run.Source.Path);
        File.WriteAllText(run.Output("out.txt"), Encoding.UTF8.GetString(bytes, 0, (int)range.HeaderBytes)
            + Encoding.UTF8.GetString(bytes, (int)range.Offset, (int)range.Bytes));
    }

    private string Output(int index) => _space.Output($"ingest/log-{index:00000000}/out.txt");
}
