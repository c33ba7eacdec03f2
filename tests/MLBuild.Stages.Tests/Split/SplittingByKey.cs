using MLBuild.Engine.Running;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Validate;

namespace MLBuild.Stages.Tests.Split;

/// <summary>Rows are held out by the hash of their key and by nothing else.</summary>
public sealed class SplittingByKey : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task EveryRowIsOnOneSideAndTheReportProvesIt()
    {
        _space.Write("a.csv", Sales.Csv(1000, seed: 1));
        await new SaleBuild(_space).Done("Split");
        var (train, heldOut) = (Ids(SplitStage.Train), Ids(SplitStage.HoldOut));
        Assert.Equal(Enumerable.Range(1, 1000), train.Concat(heldOut).Order());
        Assert.Equal(
            $$"""
            {
              "rule": {
                "holdOutShare": 0.3,
                "splitSeed": 1
              },
              "trainRows": {{train.Length}},
              "holdOutRows": {{heldOut.Length}},
              "keysOnBothSides": 0
            }

            """, _space.Text("Split", SplitStage.Report));
        Assert.Equal($"Split: {train.Length} rows to train on, {heldOut.Length} held out", _space.Log[^1]);
    }

    [Fact]
    public async Task OtherRowsAndAnotherOrderMoveNoRow()
    {
        _space.Write("b.csv", Sales.Csv(1000, seed: 1));
        var build = new SaleBuild(_space);
        await build.Done("Split");
        var before = Ids(SplitStage.HoldOut);

        var lines = Sales.Csv(1000, seed: 1).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _space.Write("b.csv", string.Concat(lines[1..].Reverse().Prepend(lines[0]).Select(line => line + "\n")));
        _space.Write("a.csv", Sales.Csv(500, seed: 2, firstId: 5000));
        await build.Done("Split");
        Assert.Equal(before.Order(), Ids(SplitStage.HoldOut).Where(id => id < 5000).Order());
    }

    [Fact]
    public async Task RowsOfOneKeyInTwoFilesAreOnOneSide()
    {
        _space.Write("a.csv", Sales.Csv(500, seed: 1));
        _space.Write("b.csv", Sales.Csv(500, seed: 2));
        await new SaleBuild(_space).Done("Split");
        Assert.Empty(Ids(SplitStage.Train).Intersect(Ids(SplitStage.HoldOut)));
        Assert.Equal(1000, Ids(SplitStage.Train).Length + Ids(SplitStage.HoldOut).Length);
    }

    [Fact]
    public async Task AKeyThatIsNotTheSameTwiceIsFound()
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1));
        var message = await new SaleBuild(_space)
        {
            Splits = (run, split) => SplitStage.Run<Sale>(run, Restless(), split),
        }.Failure("Split");
        Assert.Matches(
            "^[0-9]+ training rows have a key that is also held out[.] " +
            "The key function must give one row one key, always[.]$",
            message);

        // Rows get other keys from the second time on that they are asked for one.
        static Func<Sale, RowKey> Restless()
        {
            var asked = new HashSet<int>();
            return sale => RowKey.Of(asked.Add(sale.Id) ? $"{sale.Id}" : $"{sale.Id % 7}");
        }
    }

    [Fact]
    public async Task ABuildThatIsStoppedEndsWithTheRowAtHand()
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1));
        using var stop = new CancellationTokenSource();
        var asked = 0;
        var build = new SaleBuild(_space)
        {
            Splits = (run, split) => SplitStage.Run<Sale>(
                run,
                sale =>
                {
                    asked++;
                    stop.Cancel();
                    return Sales.Key(sale);
                },
                split),
        };

        Assert.IsNotType<StageOutcome.Done>(await _space.Run(build.Pipeline, "Split", stop.Token));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task AnEmptySideFails()
    {
        _space.Write("a.csv", Sales.Csv(301, seed: 1));
        Assert.Equal(
            "The split leaves 301 rows to train on and 0 held out; both need some. Give it more data, or another " +
            "share than 1E-09.",
            await new SaleBuild(_space) { Split = new() { HoldOutShare = 1e-9 } }.Failure("Split"));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(double.NaN, "NaN")]
    public async Task AShareOutOfRangeIsRefused(double share, string shown)
    {
        _space.Write("a.csv", Sales.Csv(400, seed: 1));
        Assert.Equal(
            $"HoldOutShare is {shown}, expected above 0 and below 1.",
            await new SaleBuild(_space) { Split = new() { HoldOutShare = share } }.Failure("Split"));
    }

    [Fact]
    public void TheReportReadsBackAsItWasWritten()
    {
        var report = new SplitReport(new KeySplit { HoldOutShare = 0.1 + 0.2, SplitSeed = -5 }, 7, 3, 0);
        _space.Write("x", "");
        var path = Path.Combine(_space.Data, "split.json");
        ReportFile.Write(path, report);
        Assert.Equal(report, ReportFile.Read<SplitReport>(path));
    }

    private int[] Ids(string output) =>
        [.. RowTable.Read<Sale>(_space.Output("Split", output)).Select(row => row.Row.Id)];
}
