using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Declaring;

/// <summary>What a <c>--data</c> parameter means.</summary>
public sealed class FindingSourceFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public FindingSourceFiles()
    {
        foreach (var file in new[] { "2019-02.csv", "2019-01.csv", "notes.txt", "2018/12.csv", "2018/deep/11.CSV",
            "2018/10.csv.gz" })
            _folder.Write(file, file);
    }

    [Theory]
    [InlineData("2019-01.csv", "2019-01")]
    [InlineData("notes.txt", "notes")]
    [InlineData("", "2019-01 2019-02")]
    [InlineData("2018/deep", "11")]
    [InlineData("*.csv", "2019-01 2019-02")]
    [InlineData("2019-0?.csv", "2019-01 2019-02")]
    [InlineData("20*/*.csv", "12")]
    [InlineData("**/*.csv", "12 2019-01 2019-02")]
    [InlineData("**/deep/*", "11")]
    [InlineData("2018/**", "10.csv 11 12")]
    [InlineData("**/2018/**/1?.*", "10.csv 11 12")]
    [InlineData("2018/../2019-01.*", "2019-01")]
    public void FilesFoldersAndGlobs(string pattern, string keys) =>
        Assert.Equal(keys.Split(' '), Find(pattern).Select(file => file.Key));

    [Fact]
    public void FoundFileHasItsFullPath()
    {
        var file = Assert.Single(Find("2018/1*.csv"));
        Assert.Equal(("12", _folder["2018/12.csv"], "12.csv"), (file.Key, file.Path, file.Name));
    }

    [Fact]
    public void OddNamesGiveKeysThatAreFolderNames()
    {
        foreach (var name in new[] { "a b.csv", "...csv", ".csv", "k=v,x.csv" })
            _folder.Write($"odd/{name}", "");
        Assert.Equal(["_", "_..", "a_b", "k=v,x"], Find("odd/*").Select(file => file.Key));
    }

    [Fact]
    public void FoldersThatTheGlobCannotReachAreNotSearched()
    {
        // A folder that links to itself would be searched until names are too long.
        _folder.Write("loop/a.csv", "");
        Directory.CreateSymbolicLink(_folder["loop/again"], _folder["loop"]);
        Assert.Equal(["a"], Find("loop/*.csv").Select(file => file.Key));
        Assert.Equal(["a"], Find("l*p/*.csv").Select(file => file.Key));
    }

    [Theory]
    [InlineData("2020",
        "--data '{0}' does not exist. Name a file, a folder with .csv files, or a glob such as 'trips/2019-*.csv'.")]
    [InlineData("2020-*.csv",
        "--data '{0}' has no .csv file. Name such a file, a folder of them, or a glob such as 'trips/2019-*.csv'.")]
    [InlineData("nowhere/*.csv",
        "--data '{0}' has no .csv file. Name such a file, a folder of them, or a glob such as 'trips/2019-*.csv'.")]
    public void NothingThere(string pattern, string message) =>
        Assert.Equal(string.Format(null, message, _folder[pattern]),
            Assert.Throws<SourceException>(() => Find(pattern)).Message);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void NoPattern(string pattern) => Assert.Equal("--data is empty. Name a file, a folder or a glob.",
        Assert.Throws<SourceException>(() => SourceFiles.Find([pattern], ".csv", "--data")).Message);

    [Fact]
    public void TwoFilesWithOneName()
    {
        _folder.Write("2018/2019-01.csv", "");
        Assert.Contains("have the same name '2019-01', which each partition needs for itself. Rename one.",
            Assert.Throws<SourceException>(() => Find("**/*.csv")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void KeyThatIsNoFolderName(string key) =>
        Assert.Equal($"'{key}' cannot name a partition: use letters, digits and '-', '_', '.', '=', ','.",
            Assert.Throws<SourceException>(() => new SourceFile(key, "x")).Message);

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<SourceFile> Find(string pattern) => SourceFiles.Find([_folder[pattern]], ".csv", "--data");
}
