namespace MLBuild.Store.Tests;

/// <summary>Folders of inputs: their hash, and what is looked at to know it.</summary>
public sealed class FilesInFolders : IDisposable
{
    private readonly TempFolder _folder = new();

    public FilesInFolders()
    {
        Write("a.txt", "1");
        Write("b/c.txt", "2");
        Write("b/d/e.bin", "3");
    }

    [Fact]
    public void HashIsThatOfTheFolderTree()
    {
        var tree = Look();
        Assert.Equal(["a.txt", "b/c.txt", "b/d/e.bin"], tree.ToFolderTree().Entries.Select(entry => entry.Path));
        Assert.Equal([1L, 1, 1], tree.ToFolderTree().Entries.Select(entry => entry.SizeBytes));
        Assert.Equal(ContentHash.Of("2"), tree.ToFolderTree().Entries[1].Hash);
        Assert.Equal(ContentHash.Of(tree.ToFolderTree().ToText()), tree.Hash);
        Assert.Equal(3, tree.Count);
    }

    [Fact]
    public void IsThatOfAnyFolderWithTheSameFiles()
    {
        using var other = new TempFolder();
        foreach (var (name, text) in new[] { ("b/d/e.bin", "3"), ("b/c.txt", "2"), ("a.txt", "1") })
            Write(name, text, other);
        Assert.Equal(
            Look().Hash, new FileTrees(_folder["trees"], Later).Of(other["in"], FileSelection.Everything).Hash);
    }

    [Fact]
    public void UnchangedFilesAreNotReadAgain()
    {
        var before = Look();
        // Who reads a file that is locked fails.
        using var locked = new FileStream(_folder["in/a.txt"], FileMode.Open, FileAccess.Read, FileShare.None);
        Assert.Equal(before.Hash, Look().Hash);
        Assert.Equal(before.Stamp, Look().Stamp);
    }

    [Theory]
    [InlineData("a.txt", "9")]
    [InlineData("b/c.txt", "longer")]
    [InlineData("b/d/new.txt", "4")]
    [InlineData("new/new.txt", "4")]
    public void WhatIsWrittenIsSeen(string file, string text)
    {
        var before = Look();
        Write(file, text);
        Assert.NotEqual(before.Hash, Look().Hash);
        Assert.Equal(Fresh().Hash, Look().Hash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((256 * 1024) - 1)]
    [InlineData(256 * 1024)]
    [InlineData((256 * 1024) + 1)]
    [InlineData(1_000_000)]
    public void FilesOfAnySizeAreRead(int bytes)
    {
        Write("a.txt", string.Concat(Enumerable.Range(0, bytes).Select(i => (char)('a' + (i % 23)))));
        var entry = Look().ToFolderTree().Entries[0];
        Assert.Equal((FileHasher.Hash(_folder["in/a.txt"]), bytes), (entry.Hash, entry.SizeBytes));
    }

    [Fact]
    public void PathsOfAnyLengthAreRead()
    {
        var deep = string.Join('/', Enumerable.Repeat(new string('ä', 100), 8)) + "/deep.txt";
        Write(deep, "deep");
        var entry = Look().ToFolderTree().Entries[^1];
        Assert.Equal((deep, ContentHash.Of("deep")), (entry.Path, entry.Hash));
    }

    [Fact]
    public void FileThatAProgramHoldsForItselfIsNotRead()
    {
        using var held = new FileStream(_folder["in/a.txt"], FileMode.Open, FileAccess.Write, FileShare.None);
        Assert.Contains("a.txt' because it is being used by another process",
            Assert.Throws<IOException>(() => Look()).Message);
    }

    [Fact]
    public void EntriesAreInTheOrderOfTheirPathsWhateverTheFoldersAre()
    {
        // A dot and a hyphen come before the slash, a digit after it.
        foreach (var name in (string[])["b-c/x", "b.txt", "b0", "b/c/y", "b/c0", "b0d/x", "a/z"])
            Write(name, name);
        var paths = Look().ToFolderTree().Entries.Select(entry => entry.Path).ToArray();
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
        Assert.Equal(10, paths.Length);
    }

    [Fact]
    public void WhatIsRemovedOrRenamedIsSeen()
    {
        var before = Look();
        File.Delete(_folder["in/b/d/e.bin"]);
        var removed = Look();
        Assert.NotEqual(before.Hash, removed.Hash);
        File.Move(_folder["in/a.txt"], _folder["in/z.txt"]);
        Assert.Equal(["b/c.txt", "z.txt"], Look().ToFolderTree().Entries.Select(entry => entry.Path));
    }

    [Fact]
    public void EditThatKeepsSizeAndTimeIsSeen()
    {
        var before = Look();
        var time = File.GetLastWriteTimeUtc(_folder["in/a.txt"]);
        Write("a.txt", "7");
        File.SetLastWriteTimeUtc(_folder["in/a.txt"], time);
        Assert.NotEqual(before.Hash, Look().Hash);
    }

    [Fact]
    public void EditInTheSameInstantIsSeen()
    {
        // At the time of the look every file is too young to trust.
        var trees = new FileTrees(_folder["trees"], TimeProvider.System);
        for (var i = 0; i < 20; i++)
        {
            Write("a.txt", $"{i % 10}");
            Assert.Equal(ContentHash.Of($"{i % 10}"),
                trees.Of(_folder["in"], FileSelection.Everything).ToFolderTree().Entries[0].Hash);
        }
    }

    [Fact]
    public void TouchedFileHasAnotherStampAndTheSameHash()
    {
        var before = Look();
        File.SetLastWriteTimeUtc(_folder["in/a.txt"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(before.Hash, Look().Hash);
        Assert.NotEqual(before.Stamp, Look().Stamp);
    }

    [Fact]
    public void StampIsTheSameOnceFilesAreOldEnoughToTrust()
    {
        var young = new FileTrees(_folder["trees"], TimeProvider.System).Of(_folder["in"], FileSelection.Everything);
        Assert.Equal(young.Stamp, Look().Stamp);
    }

    [Fact]
    public void OnlySelectedFilesCount()
    {
        var trees = new FileTrees(_folder["trees"], Later);
        var texts = trees.Of(_folder["in"],
            new("texts", 1, path => path.EndsWith(".txt", StringComparison.Ordinal)));
        Assert.Equal(["a.txt", "b/c.txt"], texts.ToFolderTree().Entries.Select(entry => entry.Path));
        Assert.Equal(3, Look().Count);
    }

    [Fact]
    public void DamagedMemoryIsForgotten()
    {
        var before = Look();
        var memory = Directory.GetFiles(_folder["trees"], "*", SearchOption.AllDirectories).Single();
        for (var at = 0; at < new FileInfo(memory).Length; at += 7)
        {
            StoreLayout.FlipByte(memory, at);
            Assert.Equal(before.Hash, Look().Hash);
        }
        File.WriteAllBytes(memory, new byte[400]);
        Assert.Equal(before.Hash, Look().Hash);
        File.WriteAllText(memory, "");
        Assert.Equal(before.Hash, Look().Hash);
    }

    [Fact]
    public void ManyFilesAreHashedAsFewAre()
    {
        for (var i = 0; i < 1_000; i++)
            Write($"many/{i % 10}/{i}", $"{i}");
        var tree = Look();
        Assert.Equal(1_003, tree.Count);
        Assert.All(tree.ToFolderTree().Entries, entry => Assert.Equal(
            FileHasher.Hash(_folder[$"in/{entry.Path}"]), entry.Hash));
        Write("many/7/997", "x");
        Assert.Equal(Fresh().Hash, Look().Hash);
    }

    [Fact]
    public void LinkToAFileIsTheFile()
    {
        File.WriteAllText(_folder["elsewhere"], "1");
        File.CreateSymbolicLink(_folder["in/link"], _folder["elsewhere"]);
        var before = Look();
        File.WriteAllText(_folder["elsewhere"], "2");
        Assert.NotEqual(before.Hash, Look().Hash);
    }

    [Fact]
    public void LinksThatLeadNowhereOrToAFolderAreRefused()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["in/loop"], _folder["elsewhere"]);
        Assert.Equal($"'{_folder["in/loop"]}' is a link to another folder, which is not followed. Name that folder " +
            $"as an input itself.", Assert.Throws<StoreException>(Look).Message);
        Directory.Delete(_folder["in/loop"]);
        File.CreateSymbolicLink(_folder["in/lost"], _folder["nothing"]);
        Assert.Equal($"'{_folder["in/lost"]}' is a link to nothing, or vanished while its folder was read. Remove " +
            $"the link, or run the same command again.", Assert.Throws<StoreException>(Look).Message);
    }

    [Fact]
    public void OneBadLinkAmongManyFilesIsNamed()
    {
        for (var i = 0; i < 1_000; i++)
            Write($"many/{i % 10}/{i}", $"{i}");
        File.CreateSymbolicLink(_folder["in/many/3/lost"], _folder["nothing"]);
        Assert.StartsWith($"'{_folder["in/many/3/lost"]}' is a link to nothing", Assert.Throws<StoreException>(Look)
            .Message);
    }

    [Fact]
    public void StoreThatCannotBeWrittenIsOnlySlower()
    {
        File.WriteAllText(_folder["blocked"], "a file where a folder should be");
        Assert.Equal(
            Look().Hash, new FileTrees(_folder["blocked"], Later).Of(_folder["in"], FileSelection.Everything).Hash);
    }

    public void Dispose() => _folder.Dispose();

    // To this clock every file is old enough to trust.
    private static TimeProvider Later { get; } = new ClockThatIsAhead();

    private FileTree Look() => new FileTrees(_folder["trees"], Later).Of(_folder["in"], FileSelection.Everything);

    private FileTree Fresh() => new FileTrees(_folder["none"], Later).Of(_folder["in"], FileSelection.Everything);

    private void Write(string file, string text, TempFolder? folder = null)
    {
        var path = (folder ?? _folder)[$"in/{file}"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed class ClockThatIsAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(1);
    }
}
