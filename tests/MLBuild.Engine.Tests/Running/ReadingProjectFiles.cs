using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Stages that read files of the project where they are.</summary>
public sealed class ReadingProjectFiles : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("config/model.json", "{}").With("images/a.png", "a")
        .With("images/deep/b.png", "b").With("data/2019/x.csv", "x").With("data/y.csv", "y")
        .With("data/z.txt", "z").With("root.toml", "t").WithStage("train");

    private string Read => _space.Output("train/out.txt");

    public ReadingProjectFiles() => _space.Stage("train").Body = run =>
    {
        var files = _space.Stage("train").Files.SelectMany(pattern => run.Files(pattern.Text));
        File.WriteAllText(run.Output("out.txt"),
            string.Join(' ', files.Select(file => $"{file.Name}={File.ReadAllText(file.Path)}")));
    };

    [Theory]
    [InlineData("config/model.json", "model.json={}")]
    [InlineData("images/", "a.png=a deep/b.png=b")]
    [InlineData("data/*.csv", "y.csv=y")]
    [InlineData("data/**/*.csv", "2019/x.csv=x y.csv=y")]
    [InlineData("*.toml", "root.toml=t")]
    public void PatternNamesFiles(string pattern, string read)
    {
        Reads(pattern);
        Assert.Equal([Built("train")], _space.Run());
        Assert.Equal(read, Read);
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void ChangedFilesAreNamed()
    {
        Reads("images/", "config/model.json");
        foreach (var i in Enumerable.Range(0, 5))
            _space.Write($"images/{i}.png", "");
        _space.Run();
        File.Delete(_space["images/a.png"]);
        _space.Write("images/c.png", "c");
        foreach (var i in Enumerable.Range(0, 5))
            _space.Write($"images/{i}.png", "changed");
        Assert.Equal([Built("train", "input './images/' changed: 5 files changed (0.png, 1.png, 2.png, …), 1 file is " +
            "new (c.png), 1 file is gone (a.png)")], _space.Run());
        _space.Write("config/model.json", "[]");
        Assert.Equal([Built("train", $"input './config/model.json' changed: {ContentHash.Of("{}").Short} -> " +
            $"{ContentHash.Of("[]").Short}")], _space.Run());
    }

    [Fact]
    public void EarlierFilesGiveTheEarlierResult()
    {
        Reads("images/");
        _space.Run();
        _space.Write("images/a.png", "other");
        _space.Run();
        _space.Write("images/a.png", "a");
        Assert.Equal([Restored("train")], _space.Run());
    }

    [Theory]
    [InlineData("images/")]
    [InlineData("images/a.png")]
    public void FileThatChangesWhileItIsReadSpoilsTheResult(string pattern)
    {
        Reads(pattern);
        var body = _space.Stage("train").Body!;
        _space.Stage("train").Body = run =>
        {
            body(run);
            _space.Write("images/a.png", "other");
        };
        Assert.StartsWith($"'{pattern}' changed while the stage read it, so the result was not kept. Run the same " +
            $"command again.", _space.Run().Single().Because);
        _space.Stage("train").Body = body;
        Assert.Equal([Built("train")], _space.Run());
    }

    [Fact]
    public void OneFileIsAPath()
    {
        Reads("config/model.json", "images/");
        _space.Stage("train").Body = run => File.Copy(run.File("config/model.json"), run.Output("out.txt"));
        _space.Run();
        Assert.Equal("{}", Read);
        _space.Stage("train").Version = "2";
        _space.Stage("train").Body = run => run.File("images/");
        Assert.StartsWith("Stage 'train' reads 2 files as 'images/'; File takes one. Use Files.",
            _space.Run().Single().Because);
    }

    [Fact]
    public void UndeclaredFilesAreRefused()
    {
        Reads("images/");
        _space.Stage("train").Body = run => run.Files("image/");
        Assert.StartsWith("Stage 'train' does not read the files 'image/'. Declare them with ReadsFiles. Did you " +
            "mean 'images/'?", _space.Run().Single().Because);
    }

    [Theory]
    [InlineData("none/", "")]
    [InlineData("none.json", "")]
    [InlineData("images/*.jpg", "")]
    [InlineData("images", " It is a folder: write 'images/' for all that is in it.")]
    public void PatternThatNamesNothingIsRefused(string pattern, string hint)
    {
        Reads(pattern);
        Assert.Equal([Failed("train", $"Stage 'train' reads '{pattern}', and there is no such file in " +
            $"'{_space[""].TrimEnd('/')}'.{hint} Mend the pattern in ReadsFiles, or put the files there.")],
            _space.Run());
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../other/x.csv")]
    [InlineData("a//b")]
    [InlineData("")]
    public void PatternOutsideTheProjectIsRefused(string pattern)
    {
        Reads(pattern);
        Assert.Equal($"Stage 'train' reads '{pattern}', which is not inside the project. Use a path from its root, " +
            $"such as 'config/model.json', 'images/' or 'data/**/*.csv'.",
            Assert.Throws<PipelineException>(() => _space.Pipeline()).Message);
    }

    [Fact]
    public void PatternThatBeginsWithAnyFolderIsRefused()
    {
        Reads("**/*.png");
        Assert.Equal("Stage 'train' reads '**/*.png', which would look through the whole project. Name the folder " +
            "first, such as 'data/**/*.csv'.", Assert.Throws<PipelineException>(() => _space.Pipeline()).Message);
    }

    [Fact]
    public void FilesThatWereJustWrittenAreNotTakenForChanged()
    {
        using var space = new TestSpace { HasSystemClock = true };
        space.Write("images/a.png", "a");
        space.WithStage("train");
        space.Stage("train").Files = [FilePattern.Parse("images/")];
        space.Stage("train").Body = run =>
        {
            Thread.Sleep(100); // long enough for the file to become old enough to trust
            File.WriteAllText(run.Output("out.txt"), "");
        };
        Assert.Equal([Built("train")], space.Run());
        Assert.Empty(space.Run());
    }

    [Fact]
    public void AreDeclaredFluently() => Assert.Equal(["images/", "config/*.json"],
        new StageBuilder(new("train")).ReadsFiles("images/").ReadsFiles("config/*.json").Build().Files
            .Select(pattern => pattern.Text));

    public void Dispose() => _space.Dispose();

    private void Reads(params string[] patterns) =>
        _space.Stage("train").Files = [.. patterns.Select(FilePattern.Parse)];
}
