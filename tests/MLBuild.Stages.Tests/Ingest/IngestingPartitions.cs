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
