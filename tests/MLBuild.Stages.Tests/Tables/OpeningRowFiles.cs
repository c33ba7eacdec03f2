using System.Globalization;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>A file is read as what its name says.</summary>
public sealed class OpeningRowFiles : IDisposable
{
    private const string Csv = "zone,fare,riders\nQueens,12.5,2\nBronx,7,\n";
    private const string Tsv = "zone\tfare\triders\nQueens\t12.5\t2\nBronx\t7\t\n";
    private const string Json =
        "{\"zone\":\"Queens\",\"fare\":12.5,\"riders\":2}\n{\"riders\":null,\"fare\":7,\"zone\":\"Bronx\"}\n";

    private static readonly Ride[] TwoRides =
        [new() { Zone = "Queens", Fare = 12.5, Riders = 2 }, new() { Zone = "Bronx", Fare = 7 }];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachFormatHasTheSameTwoRows()
    {
        foreach (var (name, text) in new[]
            { ("a.csv", Csv), ("a.tsv", Tsv), ("a.TAB", Tsv), ("a.jsonl", Json), ("a.ndjson", Json) })
        {
            _folder.Write(name, text);
            _folder.Write($"{name}.gz", Packed.Gzip(text));
            _folder.Write($"{name}.zip", Packed.Zip(name, text));
            foreach (var file in new[] { name, $"{name}.gz", $"{name}.zip" })
                Assert.Equal(TwoRides, Rows(RowFiles.Open<Ride>(_folder[file])));
        }
        RowTable.Write<Ride>(_folder["a.parquet"], [new(TwoRides[0], "x", 7), new(TwoRides[1], "y", 9)]);
        Assert.Equal(TwoRides, Rows(RowFiles.Open<Ride>(_folder["a.parquet"])));
    }

    [Fact]
    public void EachExtensionThatIsListedIsKnown() => Assert.All(RowFiles.Extensions, extension =>
        Assert.StartsWith($"'a{extension}' does not exist: ",
            Assert.Throws<TableException>(() => RowFiles.Open<Ride>(_folder[$"a{extension}"])).Message));

    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.gz")]
    [InlineData("a.parquet.gz")]
    [InlineData("csv")]
    public void AnUnknownExtension(string name) => Assert.Equal(
        $"'{name}' has an extension that says no format. Known are .csv, .tsv, .tab, .jsonl, .ndjson, .csv.gz, " +
        ".tsv.gz, .tab.gz, .jsonl.gz, .ndjson.gz, .parquet, .zip.",
        Assert.Throws<TableException>(() => RowFiles.Open<Ride>(_folder.Write(name, Csv))).Message);

    [Fact]
    public void RowsOfAllFormatsAreNamedByFileAndLine()
    {
        _folder.Write("a.csv", Csv);
        _folder.Write("a.jsonl", "\n" + Json);
        _folder.Write("a.zip", Packed.Zip("inner.csv", Csv));
        RowTable.Write<Ride>(_folder["a.parquet"], [new(TwoRides[0], "x", 7)]);
        Assert.Equal(["month line 2", "month line 3"], Sources("a.csv"));
        Assert.Equal(["month line 2", "month line 3"], Sources("a.jsonl"));
        Assert.Equal(["month line 2", "month line 3"], Sources("a.zip"));
        Assert.Equal(["month line 1"], Sources("a.parquet"));

        string[] Sources(string file)
        {
            using var pass = RowFiles.Open<Ride>(_folder[file], "month").Begin(new());
            Assert.True(pass.Next());
            return [.. Enumerable.Range(0, pass.Batch.Count).Select(i => $"{pass.Batch.Source(i)}")];
        }
    }

    [Fact]
    public void MembersOfAGzipFileAreOneText()
    {
        _folder.Write("a.csv.gz", [.. Packed.Gzip(Csv[..20]), .. Packed.Gzip(""), .. Packed.Gzip(Csv[20..])]);
        Assert.Equal(TwoRides, Rows(RowFiles.Open<Ride>(_folder["a.csv.gz"])));
    }

    [Fact]
    public void AHeaderOfGzipMayNameFileAndComment()
    {
        var gzip = Packed.Gzip(Csv);
        byte[] named = [.. gzip[..3], 0x1E, .. gzip[4..10], 2, 0, 9, 9, .. "a.csv\0why\0"u8, 7, 7, .. gzip[10..]];
        Assert.Equal(TwoRides, Rows(RowFiles.Open<Ride>(_folder.Write("a.csv.gz", named))));
    }

    // Larger than all buffers, and of bytes that hardly shrink, so that blocks end everywhere.
    [Fact]
    public void ManyMembersAreReadToTheLastByte()
    {
        var random = new Random(11);
        var lines = Enumerable.Range(0, 20_000)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{random.NextInt64():x},{i},\n")).ToArray();
        byte[] packed =
        [
            .. Packed.Gzip("zone,fare,riders\n"),
            .. lines.Chunk(700).SelectMany(chunk => Packed.Gzip(string.Concat(chunk))),
        ];
        var rows = Rows(RowFiles.Open<Ride>(_folder.Write("a.csv.gz", packed)));
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (double?)i), rows.Select(row => row?.Fare));
    }

    [Fact]
    public void FoldersInAZipFileAreNoFiles()
    {
        _folder.Write("a.zip", Packed.Zip(("in/", []), ("in/a.csv", Packed.Bytes(Csv)), ("__MACOSX/._a.csv", [1, 0])));
        Assert.Equal(TwoRides, Rows(RowFiles.Open<Ride>(_folder["a.zip"])));
    }

    [Fact]
    public void ColumnsAreThoseOfTheFile()
    {
        _folder.Write("a.tsv", "day\tzone\tfare\triders\n");
        _folder.Write("a.jsonl",
            "{\"zone\":\"Queens\",\"fare\":1}\n{\"fare\":1,\"zone\":\"Queens\",\"day\":{\"x\":[1]}}\n");
        Assert.Equal(["day", "zone", "fare", "riders"], RowFiles.Open<Ride>(_folder["a.tsv"]).Columns);
        Assert.Equal(["zone", "fare", "day"], RowFiles.Open<Ride>(_folder["a.jsonl"]).Columns);
    }

    [Fact]
    public void APassReadsTheColumnsAndLinesThatAreAskedFor()
    {
        _folder.Write("a.csv", "zone,fare,riders\nQueens,bad,2\nBronx,7,\nBronx,x,\n");
        _folder.Write("a.tsv", "zone\tfare\triders\nQueens\tbad\t2\nBronx\t7\t\nBronx\tx\t\n");
        _folder.Write("a.jsonl",
            "\n{\"zone\":\"Queens\",\"fare\":\"bad\"}\n{\"zone\":\"Bronx\",\"fare\":7}\n" +
            "{\"zone\":\"Bronx\",\"fare\":1e999}");
        foreach (var name in new[] { "a.csv", "a.tsv", "a.jsonl" })
        {
            var file = RowFiles.Open<Ride>(_folder[name]);
            var faults = new List<RowFault>();
            using var zones = file.Begin(new()
            {
                Columns = [RowSchema<Ride>.Instance.Find("zone")!],
                Fault = faults.Add,
                Wants = line => line != 4,
            });
            Assert.True(zones.Next());
            Assert.Equal([2L, 3L], zones.Batch.Lines);
            Assert.False(zones.Next());
            Assert.Empty(faults);
            using var first = file.Begin(new() { Fault = faults.Add, Wants = line => line == 2 });
            Assert.False(first.Next());
            Assert.Equal([2L], faults.Select(fault => fault.Line));
        }
    }

    // 17 of a million characters are more than 16 Mi.
    [Fact]
    public void ABatchOfLongTextsHasFewRows()
    {
        var zone = new string('x', 1_000_000);
        _folder.Write("a.csv", "zone,fare,riders\n" + string.Concat(Enumerable.Repeat($"{zone},1,\n", 40)));
        _folder.Write("a.jsonl",
            string.Concat(Enumerable.Repeat($"{{\"zone\":\"{zone}\",\"fare\":1,\"riders\":2}}\n", 40)));
        foreach (var name in new[] { "a.csv", "a.jsonl" })
        {
            using var pass = RowFiles.Open<Ride>(_folder[name]).Begin(new());
            var counts = new List<int>();
            while (pass.Next())
                counts.Add(pass.Batch.Count);
            Assert.Equal([17, 17, 6], counts);
        }
    }

    private static Ride?[] Rows(RowFile<Ride> file) => [.. file.Lines().Select(line => line.Row)];
}
