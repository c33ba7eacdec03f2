using System.IO.Compression;
using MLBuild.Engine.Inspection;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Tables;
using MLBuild.Stages.Views;

namespace MLBuild.Stages.Tests.Views;

/// <summary>The first difference of two artifacts is named in the terms of their kind.</summary>
public sealed class ComparingArtifacts : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.csv", "a\nb\n", "a\nc\n", "line 2 was 'b', now is 'c'")]
    [InlineData("a.txt", "a\nb\n", "a\n", "line 2 was 'b', now is not there")]
    [InlineData("a.json", """{"rmse":{"all":4.2}}""", """{"rmse":{"all":4.3}}""", "field rmse.all was 4.2, now is 4.3")]
    [InlineData("a.json", """{"a":[1,2]}""", """{"a":[1,3]}""", "field a[1] was 2, now is 3")]
    [InlineData("a.json", """{"a":1}""", """{"a":1,"b":2}""", "field b was not there, now is 2")]
    [InlineData("a.json", """{"a":1,"b":2}""", """{"a":1}""", "field b was 2, now is not there")]
    [InlineData("a.json", """{"a":1}""", """{"a": 1}""", null)]
    // Not what their names say: their bytes tell.
    [InlineData("a.json", """{"a":NaN}""", """{"a":1}""", null)]
    [InlineData("a.parquet", "no", "table", null)]
    [InlineData("a.zip", "no", "archive", null)]
    public void TextsDifferByLineOrField(string name, string was, string now, string? expected) =>
        Assert.Equal(expected, First(name, _folder.Write($"was-{name}", was), _folder.Write($"now-{name}", now)));

    [Fact]
    public async Task TablesDifferByColumnAndRow()
    {
        using var space = new PipelineSpace();
        space.Write("a.csv", Sales.Csv(600, seed: 1));
        await new SaleBuild(space).Done("Split");
        var was = _folder["was.parquet"];
        File.Copy(space.Output("Split", "train.parquet"), was);
        Assert.Null(First("was.parquet", was, was));
        Assert.StartsWith("there were 432 rows in 1 groups, now are ",
            First("was.parquet", was, space.Output("Split", "holdout.parquet")));

        space.Write("a.csv", Sales.Csv(600, seed: 2));
        await new SaleBuild(space).Done("Ingest");
        var other = _folder["other.parquet"];
        File.Copy(space.Output("Ingest", "a/rows.parquet"), other);
        space.Write("a.csv", Sales.Csv(600, seed: 1));
        await new SaleBuild(space).Done("Ingest");
        Assert.Matches("^column [a-z_]+ row [0-9]+ was .+, now is .+$",
            First("rows.parquet", space.Output("Ingest", "a/rows.parquet"), other));
    }

    [Fact]
    public void ModelsDifferByPart()
    {
        Assert.Equal("part 'trees' differs", First("m.zip", Zip("was.zip", "trees", "1"), Zip("now.zip", "trees",
            "2")));
        Assert.Equal("part 'a' was there, now is not", First("m.zip", Zip("a.zip", "a", "1"), Zip("b.zip", "b", "1")));
    }

    private string Zip(string name, string part, string text)
    {
        var path = _folder[name];
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var writer = new StreamWriter(zip.CreateEntry(part).Open());
        writer.Write(text);
        return path;
    }

    private static string? First(string name, string was, string now) =>
        StageDifferences.All.Single(difference => difference.Compares(name)).FirstDifference(was, now);
}
