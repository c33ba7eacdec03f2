using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Declaring;

/// <summary>Files of several kinds, in folders that say something of their rows.</summary>
public sealed class FindingPartitionFolders : IDisposable
{
    private static readonly string[] Extensions = [".csv", ".csv.gz", ".jsonl"];

    private readonly TempFolder _folder = new();

    public FindingPartitionFolders()
    {
        foreach (var file in new[] { "year=2019/month=02/part-0.csv", "year=2019/month=01/part-0.csv",
            "year=2019/month=01/part-1.csv.gz", "year=2020/city=New York%2FBronx/part-0.jsonl", "top.csv",
            "year=2020/_SUCCESS", "other/deep.csv", "year=__HIVE_DEFAULT_PARTITION__/x.csv" })
            _folder.Write(file, file);
    }

    [Fact]
    public void KeysBeginWithTheFolders() => Assert.Equal(
        [
            "top", "year=2019,month=01,part-0", "year=2019,month=01,part-1", "year=2019,month=02,part-0",
            "year=2020,city=New_York_2FBronx,part-0", "year=__HIVE_DEFAULT_PARTITION__,x",
        ],
        Keys(""));

    [Theory]
    [InlineData("year=2019/month=01", "year=2019,month=01,part-0 year=2019,month=01,part-1")]
    [InlineData("year=2019/*/part-0.csv", "year=2019,month=01,part-0 year=2019,month=02,part-0")]
    [InlineData("year=2019/month=02/part-0.csv", "year=2019,month=02,part-0")]
    public void AKeyIsTheSameFromWhereverItIsFound(string pattern, string keys) =>
        Assert.Equal(keys.Split(' '), Keys(pattern));

    [Fact]
    public void TheNameHasTheFoldersAndTheirValuesAreDecoded()
    {
        var file = Find("year=2020")[0];
        Assert.Equal("year=2020/city=New York%2FBronx/part-0.jsonl", file.Name);
        Assert.Equal([new("year", "2020"), new("city", "New York/Bronx")], file.Folders);
        Assert.Equal([new("year", null)], Find("year=__HIVE_DEFAULT_PARTITION__")[0].Folders);
        Assert.Empty(Find("other")[0].Folders);
    }

    [Fact]
    public void TheSameFilePackedAndNotIsOneTooMany()
    {
        _folder.Write("top.csv.gz", "");
        Assert.Contains("have the same name 'top'", Assert.Throws<SourceException>(() => Find("")).Message);
    }

    [Fact]
    public void NothingThereNamesAllKinds() => Assert.Equal(
        $"--data '{_folder["year=2020/none"]}' has no .csv, .csv.gz or .jsonl file. Name such a file, a folder of " +
        "them, or a glob such as 'trips/2019-*.csv'.",
        Assert.Throws<SourceException>(() =>
        {
            Directory.CreateDirectory(_folder["year=2020/none"]);
            return Find("year=2020/none");
        }).Message);

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<SourceFile> Find(string pattern) =>
        SourceFiles.Find([_folder[pattern]], Extensions, "--data");

    private IEnumerable<string> Keys(string pattern) => Find(pattern).Select(file => file.Key);
}
