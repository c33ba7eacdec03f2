using Nuke.Common.IO;

namespace MLBuild.NukeCompat.Tests;

/// <summary>Paths, and the files and directories at them.</summary>
public sealed class UsingPaths : IDisposable
{
    private readonly AbsolutePath _root = Directory.CreateTempSubdirectory("nuke-compat-").FullName;

    [Fact]
    public void PathsAreNormalisedAndCompared()
    {
        Assert.Equal(_root / "b", _root / "a" / ".." / "b" / "");
        Assert.True(_root / "a/b" / .. == _root / "a");
        Assert.Equal("b.tar.gz", (_root / "b.tar" + ".gz").Name);
        Assert.Equal("b.tar", (_root / "b.tar.gz").NameWithoutExtension);
        Assert.Equal(".gz", (_root / "b.tar.gz").Extension);
        Assert.Equal(_root / "m.json", (_root / "m.zip").WithExtension("json"));
        Assert.Null(((AbsolutePath)Path.GetPathRoot(_root)!).Parent);
        Assert.Null((AbsolutePath)(string)null!);
        Assert.Equal($"\"{_root}/a b\"", (_root / "a b").ToString("dn"));
        Assert.Equal("../x/y.zip", ((_root / "a").GetUnixRelativePathTo(_root / "x") / "y" + ".zip").ToString());
        Assert.True(_root.Contains(_root / "a" / "b"));
        Assert.False(_root.Contains(_root + "x"));
    }

    [Fact]
    public void RelativePathMustStartSomewhere()
    {
        Assert.Equal(
            "'data' is no absolute path. Start from one: RootDirectory / \"data\".",
            Assert.Throws<ArgumentException>(() => AbsolutePath.Create("data")).Message);
        Assert.Throws<ArgumentException>(() => _root / "/etc");
    }

    [Fact]
    public void GlobsTakeStarsAndAlternatives()
    {
        foreach (var file in new[] { "a.cs", "b.txt", "x/c.cs", "x/y/d.cs", "x/y/e.csv", ".hidden/f.cs" })
            (_root / file).TouchFile();

        Assert.Equal(["a.cs"], Relative(_root.GlobFiles("*.cs")));
        Assert.Equal([".hidden/f.cs", "a.cs", "x/c.cs", "x/y/d.cs"], Relative(_root.GlobFiles("**/*.cs")));
        Assert.Equal([".hidden/f.cs", "x/c.cs"], Relative(_root.GlobFiles("*/?.cs")));
        Assert.Equal(["b.txt", "x/y/e.csv"], Relative(_root.GlobFiles("**/*.{txt,csv}")));
        Assert.Equal(["a.cs", "b.txt"], Relative(_root.GlobFiles("a.cs", "b.*")));
        Assert.Equal(["x/y"], Relative(_root.GlobDirectories("**/y")));
        Assert.Empty((_root / "absent").GlobFiles("**"));
    }

    [Fact]
    public void ListsGoToTheGivenDepth()
    {
        foreach (var file in new[] { "a", "x/b", "x/y/c" })
            (_root / file).TouchFile();

        Assert.Equal(["a"], Relative(_root.GetFiles()));
        Assert.Equal(["a", "x/b"], Relative(_root.GetFiles(depth: 2)));
        Assert.Equal(["x", "x/y"], Relative(_root.GetDirectories(depth: 5)));
    }

    [Fact]
    public void TextEndsWithOneLineBreak()
    {
        var file = _root / "new" / "f";

        Assert.Equal("a\n", file.WriteAllText("a\n\n").ReadAllText());
        Assert.Equal("a", file.WriteAllText("a", eofLineBreak: false).ReadAllText());
        Assert.Equal(["a", "b"], file.WriteAllLines(["a", "b"]).ReadAllLines());
        Assert.Equal(["a", "b", "c"], file.AppendAllLines(["c"]).ReadAllLines());
        Assert.Equal("0cc175b9c0f1b6a831c399e269772661", file.WriteAllText("a", eofLineBreak: false).GetFileHash());
    }

    [Fact]
    public void DirectoryHashIsOfNamesAndContents()
    {
        (_root / "1" / "a").WriteAllText("x");
        (_root / "2" / "a").WriteAllText("x");
        (_root / "3" / "b").WriteAllText("x");

        Assert.Equal((_root / "1").GetDirectoryHash(), (_root / "2").GetDirectoryHash());
        Assert.NotEqual((_root / "1").GetDirectoryHash(), (_root / "3").GetDirectoryHash());
    }

    [Fact]
    public void CopyingAndMovingFollowThePolicy()
    {
        var (from, to) = (_root / "from", _root / "to");
        (from / "same").WriteAllText("new");
        (from / "sub" / "own").WriteAllText("new");
        (to / "same").WriteAllText("old");

        Assert.Throws<ArgumentException>(() => from.Copy(to));
        from.Copy(to, ExistsPolicy.MergeAndSkip, excludeDirectory: directory => directory.Name == "sub");
        Assert.Equal("old\n", (to / "same").ReadAllText());
        Assert.False((to / "sub").Exists());
        from.Copy(to, ExistsPolicy.MergeAndOverwrite);
        Assert.Equal("new\n", (to / "same").ReadAllText());
        Assert.True((to / "sub" / "own").FileExists());

        Assert.Throws<IOException>(() => (from / "same").MoveToDirectory(to));
        from.MoveToDirectory(_root / "deep");
        Assert.False(from.Exists());
        Assert.Equal("new\n", (_root / "deep" / "from" / "same").ReadAllText());
        Assert.Throws<ArgumentException>(() => to.Copy(to / "inside"));
    }

    [Fact]
    public void CleaningLeavesAnEmptyDirectory()
    {
        (_root / "d" / "sub" / "f").WriteAllText("x");

        (_root / "d").CreateOrCleanDirectory();

        Assert.True((_root / "d").DirectoryExists());
        Assert.Empty((_root / "d").GetDirectories());
        (_root / "d").DeleteDirectory();
        (_root / "d").DeleteDirectory();
        Assert.Null((_root / "d").ExistingDirectory());
    }

    public void Dispose() => _root.DeleteDirectory();

    private IEnumerable<string> Relative(IEnumerable<AbsolutePath> paths) =>
        paths.Select(path => Path.GetRelativePath(_root, path));
}
