using MLBuild.Engine;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Models;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Tables;
using MLBuild.Stages.Views;

namespace MLBuild.Stages.Tests.Views;

/// <summary>What a person sees of each kind of artifact.</summary>
public sealed class ShowingArtifacts : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PipelineSpace _space = new();

    public void Dispose()
    {
        _folder.Dispose();
        _space.Dispose();
    }

    [Fact]
    public void AShortTextIsShownWhole() => Assert.Equal(["a", "b"], Shown(_folder.Write("a.txt", "a\nb\n")));

    [Theory]
    [InlineData(60, false)]
    [InlineData(1234, true)]
    public void ALongTextIsShownAsFarAsALine(int lines, bool more)
    {
        var path = _folder.Write("a.txt", string.Concat(Enumerable.Range(1, lines).Select(i => $"{i}\n")));
        var shown = Enumerable.Range(1, 60).Select(i => $"{i}");
        Assert.Equal(more ? [.. shown, "… 1,174 more lines"] : shown, Shown(path));
    }

    [Theory]
    [InlineData("""{"a":[1,2.5,{}],"b":{"c, d":"x\"}y"},"e":[]}""")]
    [InlineData("""
        {
          "a": [ 1, 2.5, { } ],
          "b": { "c, d": "x\"}y" }, "e": [ ]
        }
        """)]
    public void JsonIsSetOutInLines(string json) => Assert.Equal(
        [
            "{", """  "a": [""", "    1,", "    2.5,", "    {}", "  ],", """  "b": {""",
            """    "c, d": "x\"}y" """.TrimEnd(), "  },", """  "e": []""", "}",
        ], Shown(_folder.Write("a.json", json)));

    [Fact]
    public void LinesAreCutAtTheEdgeOfATerminal()
    {
        var path = _folder.Write("a.json", $$"""{"text":"{{new string('x', 500)}}"}""");
        Assert.Equal($"""  "text": "{new string('x', 68)}…""", Shown(path, new(80, HasColours: true))[1]);
        Assert.Equal(120, Shown(path, new(120, HasColours: true))[1].Length);
        Assert.Equal(512, Shown(path)[1].Length);
    }

    [Fact]
    public void ACsvIsATable() => Assert.Equal(
        [
            "rows 4, columns 4",
            "",
            "column  type    absent  min         mean  max         distinct  most frequent",
            "id      number       0  1           2.5   4                  4  -",
            "day     time         1  2019-01-02  -     2019-03-04         2  2019-01-02 (50 %)",
            "name    text         0  -           -     -                  3  a, b (50 %)",
            "empty   text         4  -           -     -                  0  -",
            "",
            "id  day         name  empty",
            "1   2019-01-02  a, b  -",
            "2   2019-01-02  x     -",
            "3   -           a, b  -",
            "4   2019-03-04  7     -",
        ],
        Shown(_folder.Write("a.csv", "id,day,name,empty\n1,2019-01-02,\"a, b\",\n2,2019-01-02,x,\n3,,\"a, b\",\n" +
            "4,2019-03-04,7,\n")));

    [Fact]
    public void ATsvHasNoQuotes() => Assert.Contains("x\"y  2", Shown(_folder.Write("a.tsv", "a\tb\nx\"y\t2\n")));

    [Fact]
    public void ATableThatIsNoneIsShownAsItIs() => Assert.Equal(
        [
            "'a.csv' line 3 has 1 fields, and the header 2. Run the stage that wrote it again, or show it as .txt.", "",
            "a,b", "1,2", "3",
        ], Shown(_folder.Write("a.csv", "a,b\n1,2\n3\n")));

    [Fact]
    public void NumbersAreDividedInRoundBinsAndOutliersStandApart()
    {
        var path = _folder.Write("a.csv", "fare\n" +
            string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i % 100 * 0.3:0.0}\n")) + "9999\n-500\n\n");
        Assert.Equal(
            [
                "fare, number: 5,002 rows, 0 absent, 102 distinct",
                "min -500, mean 16.7431, max 9999",
                "",
                "values       rows  share",
                "below 0         1  0.0 %  #",
                "0 to 2        350  7.0 %  ########################################",
            ], Shown(path, column: "FARE").Take(6));
        Assert.Equal("30 and more     1  0.0 %  #", Shown(path, column: "fare")[^1]);
    }

    [Fact]
    public void TimesAreDividedAsCalendarsAre()
    {
        var path = _folder.Write("a.csv", "at\n" + string.Concat(Enumerable.Range(0, 300).Select(i =>
            FormattableString.Invariant($"{new DateTime(2019, 1, 1).AddHours(i):yyyy-MM-dd HH:mm:ss}\n"))));
        var lines = Shown(path, column: "at");
        Assert.Equal("min 2019-01-01 00:00:00, max 2019-01-13 11:00:00", lines[1]);
        Assert.StartsWith("2019-01-01 to 2019-01-02    24  8.0 %  ####", lines[4]);
    }

    [Fact]
    public void FewValuesAreCountedEach() => Assert.Equal(
        [
            "flag, text: 4 rows, 1 absent, 2 distinct", "", "values  rows   share",
            "y          2  50.0 %  ########################################",
            "n          1  25.0 %  ####################",
        ], Shown(_folder.Write("a.csv", "flag,b\ny,1\nn,2\n,3\ny,4\n"), column: "flag"));

    [Fact]
    public void BarsAreAsLongAsThereIsRoomFor() => Assert.All(
        Shown(_folder.Write("a.csv", $"flag\n{new string('y', 39)}\n{new string('y', 39)}\nn\n"),
            new(80, HasColours: false), column: "flag"),
        line => Assert.True(line.Length <= 80 && !line.EndsWith('…'), line));

    [Fact]
    public void AColumnThatIsNotThereIsNamed() => Assert.Equal(
        "--column is 'fre', which 'a.csv' does not have. Its columns: fare, tip. Did you mean 'fare'?",
        Assert.Throws<PipelineException>(() => Shown(_folder.Write("a.csv", "fare,tip\n1,2\n"), column: "fre"))
            .Message);

    [Theory]
    [InlineData("a.txt")]
    [InlineData("model.zip")]
    public void AColumnIsAskedOfTablesOnly(string name) => Assert.Equal(
        $"'{name}' has no columns, and --column names one. Columns are of tables: .parquet, .csv and .tsv.",
        Assert.Throws<PipelineException>(() => Shown(_folder.Write(name, "a"), column: "a")).Message);

    [Theory]
    [InlineData(TrainerKind.LightGbm, "LightGbm, 5 trees of at most 4 leaves; predicts regression")]
    [InlineData(TrainerKind.Linear, "Linear; predicts regression")]
    public async Task AModelIsShownByWhatItIsAndTakes(TrainerKind trainer, string what)
    {
        _space.Write("a.csv", Sales.Csv(600, seed: 1));
        await new SaleBuild(_space) { Train = new() { Trainer = trainer, Iterations = 5, Leaves = 4 } }.Done("Train");
        Assert.Equal(
            [
                what, "", "feature        kind", "area           Numeric", "rooms          Numeric",
                "district_code  Categorical",
            ],
            Shown(_space.Output("Train", "model.zip")));
        Assert.Equal("rows 432, columns 8, row groups 1", Shown(_space.Output("Split", "train.parquet"))[0]);
    }

    [Fact]
    public async Task AModelsParametersAndImportanceAreShownWhereTheyAreKnown()
    {
        _space.Write("a.csv", Sales.Csv(1500, seed: 1));
        await new SaleBuild(_space).Done("Evaluate");
        var record = _space.Workspace.Last("Train")!;
        var path = _space.Output("Train", "model.zip");
        var lines = View(path).Look(new("model.zip", path, _space.Workspace.RecipeOf(record.Fingerprint),
            output => _space.Output("Evaluate", output)), null).Lines(Page.Endless).ToArray();
        Assert.Contains("Leaves               8", lines);
        Assert.StartsWith("importance", lines[^4]);
        Assert.StartsWith("area ", lines[^3]);
    }

    [Theory]
    [InlineData("rows.parquet")]
    [InlineData("report.json")]
    [InlineData("quarantine.csv")]
    [InlineData("model.zip")]
    public void EveryOutputOfAStageHasOneView(string output) =>
        Assert.Single(StageViews.All, view => view.Shows(output));

    [Fact]
    public void OtherFilesHaveNone() => Assert.DoesNotContain(StageViews.All, view => view.Shows("picture.png"));

    private static string[] Shown(string path, Page? page = null, string? column = null) =>
        [.. View(path).Look(new(Path.GetFileName(path), path, null, _ => null), column).Lines(page ?? Page.Endless)];

    private static IArtifactView View(string path) => StageViews.All.Single(view => view.Shows(path));
}
