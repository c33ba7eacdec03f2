using System.Globalization;
using System.Text.Json;
using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Views;

namespace MLBuild.Stages.Tests.Views;

/// <summary>What differs between two artifacts, by their kind.</summary>
public sealed class ComparingArtifacts : IDisposable
{
    private readonly PipelineSpace _space = new();

    private sealed record Item
    {
        [Column("id")]
        public int Id { get; set; }

        [Column("day")]
        public string Day { get; set; } = "";

        [Column("price")]
        public double? Price { get; set; }
    }

    private sealed record Other
    {
        [Column("id")]
        public int Id { get; set; }

        [Column("day")]
        public DateTime Day { get; set; }

        [Column("name")]
        public string Name { get; set; } = "";
    }

    private sealed record Give(int Version);

    public void Dispose() => _space.Dispose();

    [Fact]
    public async Task RowsAreAddedRemovedAndChangedByTheirKey()
    {
        await Two("rows.parquet", Rows("1 a 1", "2 a 2", "3 a 3", "4 a -"), Rows("2 a 2", "4 a 4", "3 a 5", "9 a 9"));
        Assert.Equal(
            [
                "columns: the same",
                "rows: 4 -> 4",
                "  1 added, 1 removed, 2 changed, by id, day",
                "",
                "changed",
                "  3, a: price 3 -> 5",
                "  4, a: price - -> 4",
                "",
                "added",
                "  id  day  price",
                "  9   a    9",
                "",
                "removed",
                "  id  day  price",
                "  1   a    1",
            ], Differences("rows.parquet", key: "id, day"));
    }

    [Fact]
    public async Task WithoutAKeyWholeRowsAreCountedAsOftenAsTheyAreThere()
    {
        await Two("rows.parquet", Rows("1 a 1", "1 a 1", "1 a 1", "2 a 2"), Rows("2 a 2", "1 a 1", "3 a 3"));
        Assert.Equal(
            [
                "columns: the same",
                "rows: 4 -> 3",
                "  1 added, 2 removed, as whole rows; --key id,day tells changed ones apart",
                "",
                "added",
                "  id  day  price",
                "  3   a    3",
                "",
                "removed",
                "  id  day  price",
                "  1   a    1",
                "  1   a    1",
            ], Differences("rows.parquet"));
    }

    [Fact]
    public async Task AnotherOrderIsNoOtherTable()
    {
        await Two("rows.parquet", Rows("1 a 1", "2 a 2"), Rows("2 a 2", "1 a 1"));
        Assert.Equal(["columns: the same", "rows: 2 -> 2", "  the same rows, whatever their order"],
            Differences("rows.parquet"));
        Assert.Equal(["columns: the same", "rows: 2 -> 2", "  the same rows by key"],
            Differences("rows.parquet", key: "id"));
    }

    [Fact]
    public async Task ColumnsComeGoAndChangeTheirType()
    {
        await Two("rows.parquet", Rows("1 a 1", "2 a 2"), path => RowTable.Write<Other>(path,
            [new(new() { Id = 1, Day = new(2026, 1, 2), Name = "x" }, "a.csv", 1)]));
        Assert.Equal(
            [
                "columns",
                "  'price' is gone",
                "  'name' is new (String)",
                "  'day' was String, now is DateTime",
                "rows: 2 -> 1",
                "  0 added, 1 removed, 0 changed, by id",
                "",
                "removed",
                "  id  source_file  source_line",
                "  2   a.csv        2",
            ], Differences("rows.parquet", key: "id", all: true));
    }

    [Theory]
    [InlineData("id", "--key id is no key of 'rows.parquet': more than one row has id 1. Name more columns, or leave " +
        "--key out to compare whole rows.")]
    [InlineData("ids", "--key names 'ids', which is no column of both tables with one type. Such columns: id, day, " +
        "price, source_file, source_line. Did you mean 'id'?")]
    public async Task AKeyThatIsNoneIsNamed(string key, string message)
    {
        await Two("rows.parquet", Rows("1 a 1"), Rows("1 a 1", "1 b 1"));
        Assert.Equal(message,
            Assert.Throws<PipelineException>(() => Differences("rows.parquet", key: key)).Message);
    }

    [Fact]
    public async Task RowsThatAreTwiceInOneTableOnlyHaveNoKeyEither()
    {
        await Two("rows.parquet", Rows("9 a 9"), Rows("2 a 2", "2 b 2", "9 a 9"));
        Assert.Contains("more than one row has id 2", Assert.Throws<PipelineException>(
            () => Differences("rows.parquet", key: "id")).Message);
        await Two("other.parquet", Rows("2 a 2", "2 b 2", "9 a 9"), Rows("9 a 9"));
        Assert.Contains("more than one row has id 2", Assert.Throws<PipelineException>(
            () => Differences("other.parquet", key: "id")).Message);
    }

    [Fact]
    public async Task TextTablesAreComparedToo()
    {
        await Two("rows.csv", Text("id,name\n1,\"a, b\"\n2,b\n"), Text("name,id\nb,2\nc,1\n"));
        Assert.Equal(
            [
                "columns: the same", "rows: 2 -> 2", "  0 added, 0 removed, 1 changed, by id", "", "changed",
                "  1: name a, b -> c",
            ], Differences("rows.csv", key: "id"));
    }

    [Fact]
    public async Task JsonFieldsChangeAndNumbersDiffer()
    {
        await Two("report.json", Text("""{"rows": 10, "gone": true, "list": [1, 2], "same": "x"}"""),
            Text("""{"rows": 12.5, "list": [1, 2, {"a": null}], "same": "x", "new": "y"}"""));
        Assert.Equal(
            [
                "4 fields differ",
                "  field    before  after        difference",
                "  rows     10      12.5               +2.5",
                "  gone     true    -",
                """  list[2]  -       {"a": null}""",
                """  new      -       "y" """.TrimEnd(),
            ], Differences("report.json"));
    }

    [Fact]
    public async Task WhatIsNoJsonIsComparedByItsFirstLine()
    {
        await Two("notes.txt", Text("a\nb\n"), Text("a\nc\n"));
        Assert.Equal(["the first difference: line 2 was 'b', now is 'c'"], Differences("notes.txt"));
        await Two("broken.json", Text("{"), Text("["));
        Assert.StartsWith("1 B -> 1 B; only bytes were compared, as they cannot be read as what their names say: ",
            Differences("broken.json")[0]);
        await Two("picture.png", Text("a"), Text("bc"));
        Assert.Equal(["1 B -> 2 B; only bytes were compared, as nothing here looks into such files"],
            Differences("picture.png"));
    }

    [Fact]
    public async Task ALongListAndAnObjectOfManyFieldsTakeOnePass()
    {
        // By index, or by looking for each name from the start, this takes hours.
        await Two("report.json", Text(Many(0)), Text(Many(1)));
        Assert.Equal(
            [
                "2 fields differ",
                "  field           before  after  difference",
                "  list[199999].a  0       1              +1",
                "  named.f99999    0       1              +1",
            ], Differences("report.json"));

        static string Many(int last) =>
            $$"""{"list":[{{string.Concat(Enumerable.Repeat("""{"a":0},""", 199_999))}}{"a":{{last}}}],"named":{""" +
            string.Concat(Enumerable.Range(0, 99_999).Select(i => $"\"f{i}\":0,")) + $"\"f99999\":{last}}}}}";
    }

    [Fact]
    public async Task OfALargeJsonOnlyBytesAreCompared()
    {
        // A list of blanks: it is not read at all.
        await Two("report.json", Text("[]"), Text($"[{new string(' ', 32_000_000)}]"));
        Assert.Matches("^2 B -> 32.0 MB; only bytes were compared, as fields are compared up to 32.0 MB; " +
            "./build.sh Export --artifact [0-9a-f]{8} --file NAME.json writes one out for another program$",
            Differences("report.json")[0]);
    }

    [Fact]
    public async Task FoldersDifferByTheirFiles()
    {
        await Two("plots/", Folder("a.svg=1", "b/c.svg=22"), Folder("a.svg=1", "b/c.svg=333", "d.svg=4"));
        Assert.Equal(
            [
                "2 files differ",
                "  file     before  after",
                "  b/c.svg     2 B    3 B",
                "  d.svg         -    1 B",
            ], Differences("plots/"));
    }

    [Fact]
    public async Task TheSameBytesAreSaidAlthoughTheRecipeIsAnother()
    {
        await Two("notes.txt", Text("a"), Text("a"));
        Assert.Equal(
            [
                "the same bytes: ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
                "although their recipes differ:",
                "  parameter 'Version' changed: 1 -> 2",
            ], Lines("notes.txt", Page.Endless).Skip(2));
    }

    [Fact]
    public async Task ModelsAndEvaluationsOfAnotherTrainingAreCompared()
    {
        _space.Write("a.csv", Sales.Csv(1500, seed: 1));
        var build = new SaleBuild(_space);
        await build.Done("Evaluate");
        build.Train = build.Train with { Iterations = 12 };
        await build.Done("Evaluate");
        Assert.Equal(
            [
                "how their recipes differ:",
                "  parameter 'Iterations' changed: 30 -> 12",
                "",
                "model        before      after",
                "trainer      LightGbm    LightGbm",
                "predicts     regression  regression",
                "trees        30          12",
                "most leaves  8           8",
                "features     3           3",
                "features: the same",
                "learned: it had 30 trees, now has 12",
            ], Run("Train/model.zip~1", "Train/model.zip").Skip(2));
        var metrics = Run("Evaluate/evaluation.json~1", "Evaluate/evaluation.json");
        Assert.Contains(metrics, line => line.StartsWith("gate: ", StringComparison.Ordinal));
        Assert.Contains(metrics, line => line.StartsWith("  RMSE  ", StringComparison.Ordinal));
        Assert.Matches("^[0-9]+ fields of the report differ; --file NAME.json has all of it$", metrics[^1]);
    }

    [Fact]
    public async Task ProgramsGetAllOfIt()
    {
        await Two("report.json", Text("""{"rows": 10}"""), Text("""{"rows": 12}"""));
        var file = Path.Combine(_space.Workspace.StoreFolder, "answer.json");
        Assert.Equal([$"Give/report.json and Give/report.json: what differs is in '{file}'"],
            ArtifactDiffCommand.Run(_space.Workspace, "Give/report.json~1", "Give/report.json", null, file,
                Page.Endless));
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal("from to isSame causes content",
            string.Join(' ', json.RootElement.EnumerateObject().Select(field => field.Name)));
        Assert.Equal(2, json.RootElement.GetProperty("content").GetProperty("fields")[0].GetProperty("difference")
            .GetDouble());
    }

    [Theory]
    [InlineData("2", "3", false)]
    [InlineData("production", "3", false)]
    [InlineData("20190203", "Train/model.zip", true)]
    [InlineData("deadbeef~2", "0a1b2c3d4e", true)]
    [InlineData("Train/model.zip~1", "Train/model.zip", true)]
    public void NumbersAndEnvironmentsAreVersions(string from, string to, bool areArtifacts) =>
        Assert.Equal(areArtifacts, ArtifactDiffCommand.IsMeant(from, to));

    [Fact]
    public void AVersionIsNotComparedWithAnArtifact() => Assert.Equal(
        "--from '2' and --to 'Train/model.zip' are a version and an artifact. Name two versions by number or " +
        "environment, or two artifacts as Stage/output or by at least eight digits of their hashes; " +
        "Train/model.zip~1 is the one before Train/model.zip.",
        Assert.Throws<PipelineException>(() => ArtifactDiffCommand.IsMeant("2", "Train/model.zip")).Message);

    [Fact]
    public async Task AKeyIsOfTablesOnly()
    {
        await Two("notes.txt", Text("a"), Text("b"));
        Assert.Equal("--key names columns, and 'Give/notes.txt' and 'Give/notes.txt' are not two tables: .parquet, " +
            ".csv or .tsv. Leave it out.",
            Assert.Throws<PipelineException>(() => Differences("notes.txt", key: "id")).Message);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task OnATerminalNoLineIsWider(int width)
    {
        await Two("rows.parquet", Rows("1 a 1", $"2 {new string('x', 39)} 2"),
            Rows("1 a 2", $"3 {new string('y', 60)} 3"));
        Assert.All(Lines("rows.parquet", new(width, HasColours: false), key: "id"),
            line => Assert.True(line.Length <= width, line));
    }

    // Without what names the artifacts and their recipes.
    private string[] Differences(string output, string? key = null, bool all = false) =>
        [.. Lines(output, Page.Endless, key).SkipWhile(line => line.Length > 0).Skip(1)
            .Select(line => all ? line : line.Replace("  source_file  source_line", "", StringComparison.Ordinal)
                .Replace("  a.csv        ", "  a.csv  ", StringComparison.Ordinal))
            .Select(line => all ? line : SourceCells(line))];

    private static string SourceCells(string line) =>
        line.IndexOf("  a.csv  ", StringComparison.Ordinal) is var at and >= 0 ? line[..at].TrimEnd() : line;

    private string[] Lines(string output, Page page, string? key = null) =>
        [.. ArtifactDiffCommand.Run(_space.Workspace, $"Give/{output}~1", $"Give/{output}", key, null, page)];

    private string[] Run(string from, string to) =>
        [.. ArtifactDiffCommand.Run(_space.Workspace, from, to, null, null, Page.Endless)];

    // Two results of one stage, one after the other.
    private async Task Two(string output, Action<string> before, Action<string> after)
    {
        foreach (var (version, write) in (IEnumerable<(int, Action<string>)>)[(1, before), (2, after)])
        {
            await _space.Done(new([new StageBuilder(new("Give")).Writes(output)
                .Runs((run, _) => write(run.Output(output)), () => new Give(version)).Build()]), "Give");
        }
    }

    private static Action<string> Text(string text) => path => File.WriteAllText(path, text);

    private static Action<string> Folder(params string[] files) => path =>
    {
        foreach (var file in files)
        {
            var place = Path.Combine(path, file.Split('=')[0]);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.WriteAllText(place, file.Split('=')[1]);
        }
    };

    // id day price, as in "1 a 2.5"; "-" is absent. All are of one line of one file, so that only these differ.
    private static Action<string> Rows(params string[] rows) => path => RowTable.Write(path, rows
        .Select(row => row.Split(' ')).Select(cells => new SourceRow<Item>(new()
        {
            Id = int.Parse(cells[0], CultureInfo.InvariantCulture),
            Day = cells[1],
            Price = cells[2] == "-" ? null : double.Parse(cells[2], CultureInfo.InvariantCulture),
        }, "a.csv", int.Parse(cells[0], CultureInfo.InvariantCulture))));
}
