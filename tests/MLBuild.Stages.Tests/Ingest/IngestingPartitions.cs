using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Tables;

namespace MLBuild.Stages.Tests.Ingest;

/// <summary>Folders that say something of the rows below them, and files that grow.</summary>
public sealed class IngestingPartitions : IDisposable
{
    private readonly PipelineSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task FilesOfOneNameAreTwoPartitionsAndTheirFoldersAreColumns()
    {
        Write("year=2019/month=01/part-0.csv", "zone,fare\nQueens,1\n");
        Write("year=2019/month=02/part-0.jsonl",
            "{\"zone\":\"Bronx\",\"fare\":2}\n{\"zone\":\"Bronx\",\"fare\":null}\n");
        Write("year=__HIVE_DEFAULT_PARTITION__/month=03/part-0.tsv", "zone\tfare\tmonth\nQueens\t3\t7\n");
        await _space.Done(Pipeline(() => SourceFiles.Find([_space.Data], RowFiles.Extensions, "--data")), "Ingest");
        Assert.Equal(
            [
                new Fare { Zone = "Queens", Amount = 1, Year = 2019, Month = 1 },
                new Fare { Zone = "Bronx", Amount = 2, Year = 2019, Month = 2 },
                new Fare { Zone = "Queens", Amount = 3, Year = null, Month = 7 },
            ],
            Rows("year=2019,month=01,part-0", "year=2019,month=02,part-0",
                "year=__HIVE_DEFAULT_PARTITION__,month=03,part-0"));
        Assert.Contains("\nyear=2019/month=02/part-0.jsonl,2,fare,null,expected a finite number\n",
            _space.Text("Ingest/year=2019,month=02,part-0", IngestStage.Quarantine));
    }

    [Theory]
    [InlineData("month=May", "'May'")]
    [InlineData("month=__HIVE_DEFAULT_PARTITION__", "without a value")]
    public async Task AFolderWhoseValueIsNoneOfItsColumn(string folder, string value)
    {
        Write($"{folder}/a.csv", "zone,fare,year\nQueens,1,2019\n");
        Assert.Equal(
            $"1 of 1 partitions failed; the others are kept.\n{folder},a: '{folder}/a.csv' is in a folder for " +
            $"'month' {value}, expected a whole number of 32 bits. Rename the folder, or change the column.",
            await _space.Failure(Pipeline(() => SourceFiles.Find([_space.Data], ".csv", "--data")), "Ingest"));
    }

    [Fact]
    public async Task RowsOfARangeAreNamedByTheirLineInTheFile()
    {
        var lines = Enumerable.Range(0, 1_000).Select(i => i % 100 == 99 ? "bad\n" : $"zone {i},{i},2019,1\n");
        Write("log.csv", $"zone,fare,year,month\n{string.Concat(lines)}unfinished,1,20");
        var done = await _space.Done(Pipeline(() => Chunks("log.csv", headerLines: 1)), "Ingest");
        Assert.Equal(5, done.Units.Count);
        var keys = done.Units.Select(unit => unit.Unit.Partition!).ToArray();
        Assert.Equal(Enumerable.Range(0, 1_000).Where(i => i % 100 != 99).Select(i => (double)i),
            Rows(keys).Select(row => row.Amount));
        Assert.Equal(
            Enumerable.Range(0, 1_000).Where(i => i % 100 != 99).Select(i => ("log.csv", i + 2L)),
            keys.SelectMany(key => RowTable.Read<Fare>(_space.Output($"Ingest/{key}", IngestStage.Rows)))
                .Select(row => (row.File, row.Line)));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => $"log.csv,{(i * 100) + 101},,bad,\"expected 4 fields, found 1\""),
            keys.SelectMany(key =>
                _space.Text($"Ingest/{key}", IngestStage.Quarantine).TrimEnd().Split('\n').Skip(1)));

        File.AppendAllText(Path.Combine(_space.Data, "log.csv"), "19,1\n");
        done = await _space.Done(Pipeline(() => Chunks("log.csv", headerLines: 1)), "Ingest");
        Assert.Equal([keys[^1]],
            done.Units.Where(unit => unit.Verdict is not Verdict.UpToDate).Select(unit => unit.Unit.Partition));
    }

    [Fact]
    public async Task JsonLinesGrowToo()
    {
        Write("log.jsonl", "\uFEFF" + string.Concat(Enumerable.Range(0, 500).Select(i =>
            $"{{\"zone\":\"zone {i}\",\"fare\":{i},\"year\":2019,\"month\":1}}\n")) + "{\"zone\":");
        var done = await _space.Done(Pipeline(() => Chunks("log.jsonl", headerLines: 0)), "Ingest");
        Assert.Equal(
            Enumerable.Range(0, 500).Select(i => ($"zone {i}", i + 1L)),
            done.Units.SelectMany(unit =>
                    RowTable.Read<Fare>(_space.Output($"Ingest/{unit.Unit.Partition}", IngestStage.Rows)))
                .Select(row => (row.Row.Zone, row.Line)));
    }

    // Lines of 50 bytes, so that the last chunk has the last line alone.
    [Theory]
    [InlineData("{\"zone\":\"Queens\"}",
        "log.jsonl,81,fare,,expected a finite number\n")]
    [InlineData("{\"zone\":\"Queens\",\"Fare\":1}",
        "log.jsonl,81,fare,,expected a finite number\n")]
    [InlineData("oops",
        "log.jsonl,81,,oops,expected one JSON object a line; it is none at byte 1\n")]
    [InlineData("<html>",
        "log.jsonl,81,,<html>,expected one JSON object a line; it is none at byte 1\n")]
    [InlineData("\0", "log.jsonl,81,,\0,expected one JSON object a line; it is none at byte 1\n")]
    [InlineData("", "")]
    public async Task ABadLineInAFileThatGrowsCostsItselfWhereverItIs(string last, string quarantined)
    {
        var lines = Enumerable.Range(0, 80)
            .Select(i => $"{{\"zone\":\"x\",\"fare\":{i},\"year\":2019,\"month\":1}}".PadRight(49) + "\n");
        Write("log.jsonl", string.Concat(lines) + last.PadRight(49) + "\n");
        var done = await _space.Done(Pipeline(() => Chunks("log.jsonl", headerLines: 0)), "Ingest");
        Assert.Equal(2, done.Units.Count);
        Assert.Equal(
            $"file,line,column,value,reason\n{quarantined}",
            _space.Text($"Ingest/{done.Units[1].Unit.Partition}", IngestStage.Quarantine)
                .Replace(last.PadRight(49), last, StringComparison.Ordinal));
        Assert.Equal(80, Rows(done.Units[0].Unit.Partition!).Count());
    }

    [Fact]
    public async Task APropertyThatMayBeAbsentAndIsSpelledOtherwiseRefusesTheChunk()
    {
        var lines = Enumerable.Range(0, 80)
            .Select(i => $"{{\"zone\":\"x\",\"fare\":{i},\"year\":2019,\"month\":1}}".PadRight(49) + "\n");
        Write("log.jsonl", string.Concat(lines) + "{\"zone\":\"x\",\"fare\":1,\"Year\":2019,\"month\":1}\n");
        Assert.EndsWith(
            ": 'log.jsonl' lacks 'year'. Were they renamed: 'year' to 'Year'? " +
            "The columns of the 1000 lines behind line 80 are zone, fare, Year, month.",
            await _space.Failure(Pipeline(() => Chunks("log.jsonl", headerLines: 0)), "Ingest"));
    }

    [Fact]
    public async Task AHoleInAFileThatGrowsCostsItsLine()
    {
        Write("log.csv", "zone,fare,year,month\n" + string.Concat(Enumerable.Repeat("Queens,1,2019,1\n", 400)) +
            new string('\0', 99) + "\nBronx,2,2019,1\n");
        var done = await _space.Done(Pipeline(() => Chunks("log.csv", headerLines: 1)), "Ingest");
        var last = done.Units[^1].Unit.Partition!;
        Assert.Contains("\nlog.csv,402,,", _space.Text($"Ingest/{last}", IngestStage.Quarantine));
        Assert.Equal(2, Rows(last).Last().Amount);
    }

    [Fact]
    public void ARangeOfAFileThatBecameShorter()
    {
        Write("log.csv", "zone,fare,year,month\nQueens,1,2019,1\n");
        var range = Chunks("log.csv", headerLines: 1).Single();
        Write("log.csv", "zone,fare\n");
        Assert.Equal(
            "'log.csv' has 10 bytes, fewer than when its lines were found: it was replaced. Run the same " +
            "command again.",
            Assert.Throws<TableException>(() => RowFiles.Open<Fare>(range)).Message);
    }

    [Fact]
    public async Task TwoFoldersForOneColumn()
    {
        Write("month=01/month=02/a.csv", "zone,fare,year\nQueens,1,2019\n");
        Assert.EndsWith(
            ": 'month=01/month=02/a.csv' is in two folders for 'month'. Leave one of them.",
            await _space.Failure(Pipeline(() => SourceFiles.Find([_space.Data], ".csv", "--data")), "Ingest"));
    }

    [Fact]
    public async Task APropertyThatAFolderGivesAndALaterLineHas()
    {
        Write("month=02/a.jsonl",
            string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{{\"zone\":\"x\",\"fare\":{i}}}\n")) +
            "{\"zone\":\"x\",\"fare\":-1,\"month\":3}\n{\"zone\":\"x\",\"fare\":-2,\"month\":null}\n");
        await _space.Done(Pipeline(() => SourceFiles.Find([_space.Data], RowFiles.Extensions, "--data")), "Ingest");
        Assert.Equal(
            "file,line,column,value,reason\nmonth=02/a.jsonl,1001,month,3,\"expected none: the file's folder gives " +
            "it, as the lines that were looked at for columns do not have it\"\n",
            _space.Text("Ingest/month=02,a", IngestStage.Quarantine));
        Assert.Equal(Enumerable.Repeat(2, 1_001), Rows("month=02,a").Select(row => row.Month));
    }

    [Theory]
    [InlineData("rows.jsonl")]
    [InlineData("rows.csv")]
    [InlineData("rows.tsv")]
    public async Task ASnapshotOfNothingHasNoRows(string snapshot)
    {
        Write("jan.txt", "");
        Write("feb.txt", "");
        var stages = new Pipeline(
        [
            new StageBuilder(new("Fetch")).ForEach(() => SourceFiles.Find([_space.Data], ".txt", "--data"))
                .Runs(run => File.WriteAllText(run.Output(snapshot), "")).Writes(snapshot).Build(),
            new StageBuilder(new("Ingest")).ForEach(new StageName("Fetch"), snapshot)
                .Runs(run => IngestStage.Run(run, Rules, snapshot)).Writes(IngestStage.Outputs).Build(),
        ]);
        await _space.Done(stages, "Ingest");
        Assert.Empty(Rows("feb", "jan"));
        Assert.Equal(
            ["Ingest/feb: 0 rows, 0 quarantined, 0 duplicate, 0 refunded",
                "Ingest/jan: 0 rows, 0 quarantined, 0 duplicate, 0 refunded"],
            _space.Log.Order());
    }

    [Theory]
    [InlineData("a.jsonl", "expected one JSON object a line")]
    [InlineData("a.csv", "expected a header line with zone, fare, year, month")]
    public async Task ASourceFileOfNothingIsRefused(string file, string expected)
    {
        Write(file, "");
        Assert.EndsWith($": '{file}' is empty: {expected}.", await _space.Failure(
            Pipeline(() => SourceFiles.Find([_space.Data], RowFiles.Extensions, "--data")), "Ingest"));
    }

    [Fact]
    public async Task ARangeOfWhatIsNoPlainText()
    {
        _space.Write("a.csv", "");
        File.WriteAllBytes(Path.Combine(_space.Data, "a.csv.gz"), [.. Packed.Gzip("zone\n1\n"), (byte)'\n']);
        Assert.EndsWith(": 'a.csv.gz' is to be read by ranges of lines, and is no plain text. Name it whole.",
            await _space.Failure(Pipeline(() => Chunks("a.csv.gz", headerLines: 0)), "Ingest"));
    }

    [Fact]
    public async Task AFileThatVanishedIsSaidWithItsRows()
    {
        Write("jan.csv", "zone,fare,year,month\nQueens,1,2019,1\nbad\n");
        Write("feb.csv", "zone,fare,year,month\nQueens,1,2019,1\n");
        var pipeline = Pipeline(() => SourceFiles.Find([_space.Data], ".csv", "--data"));
        await _space.Done(pipeline, "Ingest");
        File.Delete(Path.Combine(_space.Data, "jan.csv"));
        await _space.Done(pipeline, "Ingest");
        Assert.Equal(
            ["Ingest: 'jan' is gone: its source file was there for the last build, which said: " +
                "2 rows, 1 quarantined, 0 duplicate, 0 refunded."],
            _space.Log);
    }

    private static void Ingest(StageRun run) => IngestStage.Run(run, Rules);

    private static readonly DuplicateRules<Fare> Rules = DuplicateRules.Exact<Fare>();

    private static Pipeline Pipeline(Func<IReadOnlyList<SourceFile>> files) =>
        new([new StageBuilder(new("Ingest")).ForEach(files).Runs(Ingest).Writes(IngestStage.Outputs).Build()]);

    private IReadOnlyList<SourceFile> Chunks(string file, int headerLines) =>
        SourceFiles.Chunks(Path.Combine(_space.Data, file), 4_000, headerLines);

    private IEnumerable<Fare> Rows(params string[] keys) => keys.SelectMany(key =>
        RowTable.Read<Fare>(_space.Output($"Ingest/{key}", IngestStage.Rows)).Select(row => row.Row));

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_space.Data, file))!);
        _space.Write(file, text);
    }

    private sealed record Fare
    {
        [Column("zone")] public string Zone { get; set; } = "";
        [Column("fare")] public double Amount { get; set; }
        [Column("year")] public int? Year { get; set; }
        [Column("month")] public int Month { get; set; }
    }
}
