using System.Diagnostics;
using MLBuild.Engine.Tests.Commands;

namespace MLBuild.Store.Tests;

/// <summary>The contract, kept by the store on this machine.</summary>
public sealed class LocalArtifactStoreKeepsTheContract : ArtifactStoreContract
{
    protected override IArtifactStore Store => new LocalArtifactStore(Folder["the store"]);

    protected override void Damage(ContentHash hash) =>
        StoreLayout.FlipByte(StoreLayout.CasPath(Folder["the store"], hash));

    protected override void Lose(ContentHash hash) => File.Delete(StoreLayout.CasPath(Folder["the store"], hash));
}

/// <summary>What the store on this machine does besides: its files are for other programs too.</summary>
public sealed class StoringOnThisMachine : IDisposable
{
    private readonly TempFolder _folder = new();

    private string StoreFolder => _folder["store"];

    private LocalArtifactStore Store => new(StoreFolder);

    [Fact]
    public void NothingIsMadeBeforeTheFirstWrite()
    {
        Assert.False(Store.Contains(new(ContentHash.Of("a"), ArtifactKind.File, 1)));
        Assert.Throws<LostArtifactException>(() => Store.Verified(ContentHash.Of("a")));
        Assert.False(Directory.Exists(StoreFolder));
    }

    [LinuxFact]
    public void Sha256SumPrintsTheName()
    {
        _folder.Write("in/a.txt", "1");
        var added = new[] { Store.Add(_folder.Write("a", "some bytes")), Store.Add(_folder["in"]) };
        foreach (var artifact in added)
        {
            var info = new ProcessStartInfo("sha256sum", [StoreLayout.CasPath(StoreFolder, artifact.Hash)])
            {
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(info)!;
            Assert.Equal(artifact.Hash.Hex, process.StandardOutput.ReadToEnd().Split(' ')[0]);
        }
    }

    [Fact]
    public void FolderIsStoredAsAText()
    {
        _folder.Write("in/b/c d.txt", "22");
        _folder.Write("in/a.txt", "1");
        var added = Store.Add(_folder["in"]);

        Assert.Equal($"mlbuild-tree 1\n{ContentHash.Of("1")} 1 a.txt\n{ContentHash.Of("22")} 2 b/c d.txt\n",
            File.ReadAllText(Store.Verified(added.Hash)));
        Assert.Equal(["a.txt", "b/c d.txt"], Store.ReadTree(added.Hash).Entries.Select(entry => entry.Path));
    }

    [Fact]
    public void StoredFilesAreReadOnly()
    {
        _folder.Write("in/a", "1");
        Store.Add(_folder["in"]);
        Store.AddText("text");
        var files = Directory.GetFiles(Path.Combine(StoreFolder, "cas"), "*", SearchOption.AllDirectories);
        Assert.Equal(3, files.Length);
        Assert.All(files, path => Assert.True(File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly)));
    }

    [Fact]
    public void DamagedBytesAreKeptInQuarantine()
    {
        var hash = Store.AddText("abc");
        StoreLayout.FlipByte(StoreLayout.CasPath(StoreFolder, hash));

        var e = Assert.Throws<LostArtifactException>(() => Store.Verified(hash));

        // "abc" with its first bit flipped is "`bc".
        var actual = ContentHash.Of("`bc");
        Assert.Equal($"Artifact ba7816bf is corrupt: its bytes hash to {actual.Short}. " +
            $"It was quarantined as 'quarantine/{hash}-{actual.Short}'.", e.Message);
        Assert.Equal("`bc", File.ReadAllText(Path.Combine(StoreFolder, "quarantine", $"{hash}-{actual.Short}")));
        Assert.Empty(StoreLayout.FilesIn(Path.Combine(StoreFolder, "cas")));
    }

    [Fact]
    public async Task ReadersWhoFindTheSameDamageAllLearnThatItIsLost()
    {
        var text = new string('x', 1_000_000);
        for (var round = 0; round < 10; round++)
        {
            var hash = Store.AddText(text);
            StoreLayout.FlipByte(StoreLayout.CasPath(StoreFolder, hash));
            using var start = new Barrier(4);
            var readers = Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                return i < 2
                    ? Record.Exception(() => Store.Verified(hash))
                    : Record.Exception(() => Store.Restore(new(hash, ArtifactKind.File, text.Length), _folder[$"{i}"]));
            }, TaskCreationOptions.LongRunning));
            Assert.All(await Task.WhenAll(readers), e => Assert.IsType<LostArtifactException>(e));
        }
    }

    [Fact]
    public void FileThatCannotBeStoredIsWhereItWas()
    {
        var file = _folder.Write("file", "abc");
        Directory.CreateDirectory(StoreLayout.CasPath(StoreFolder, ContentHash.Of("abc")));

        Assert.Throws<StoreUnavailableException>(() => Store.Add(file));

        Assert.Equal("abc", File.ReadAllText(file));
        Assert.Empty(StoreLayout.FilesIn(Path.Combine(StoreFolder, "cas")));
    }

    [Fact]
    public void LinkToAFileIsStoredAsItsBytes()
    {
        var elsewhere = _folder.Write("elsewhere", "abc");
        File.CreateSymbolicLink(_folder["link"], elsewhere);

        var added = Store.Add(_folder["link"]);

        Assert.Equal((ContentHash.Of("abc"), 3L), (added.Hash, added.SizeBytes));
        File.WriteAllText(elsewhere, "changed");
        Assert.Equal("abc", File.ReadAllText(Store.Verified(added.Hash)));
        Assert.False(Path.Exists(_folder["link"]));
    }

    [Fact]
    public void LinkToAFolderIsRefusedAndWhatItLeadsToIsLeftAlone()
    {
        _folder.Write("elsewhere/precious", "abc");
        _folder.Write("in/a", "1");
        Directory.CreateSymbolicLink(_folder["in/link"], _folder["elsewhere"]);

        var e = Assert.Throws<StoreException>(() => Store.Add(_folder["in"]));

        Assert.Equal($"'{_folder["in/link"]}' is a link to another folder, which a stored folder cannot hold. " +
            "Copy what is needed instead of linking to it.", e.Message);
        Assert.Throws<StoreException>(() => Store.Add(_folder["in/link"]));
        Assert.Equal("abc", File.ReadAllText(_folder["elsewhere/precious"]));
        Assert.Equal("1", File.ReadAllText(_folder["in/a"]));
    }

    [Fact]
    public void RestoringOverALinkLeavesWhatItLeadsTo()
    {
        var precious = _folder.Write("elsewhere/precious", "abc");
        _folder.Write("in/a", "1");
        var file = Store.Add(_folder.Write("file", "new"));
        var folder = Store.Add(_folder["in"]);
        File.CreateSymbolicLink(_folder["to file"], precious);
        Directory.CreateSymbolicLink(_folder["to folder"], _folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["to folder too"], _folder["elsewhere"]);

        Store.Restore(file, _folder["to file"]);
        Store.Restore(folder, _folder["to folder"]);
        Store.Restore(file, _folder["to folder too"]);

        Assert.Equal(("abc", "new", "1", "new"), (File.ReadAllText(precious), File.ReadAllText(_folder["to file"]),
            File.ReadAllText(_folder["to folder/a"]), File.ReadAllText(_folder["to folder too"])));
    }

    [Fact]
    public void RemovingAFolderLeavesWhatItsLinksLeadTo()
    {
        var precious = _folder.Write("elsewhere/precious", "abc");
        File.SetAttributes(precious, FileAttributes.ReadOnly);
        Directory.CreateDirectory(_folder["in"]);
        Directory.CreateSymbolicLink(_folder["in/link"], _folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["dangling"], _folder["nowhere"]);

        foreach (var gone in new[] { "in", "link", "dangling", "nothing there" })
            LocalArtifactStore.RemoveReadOnly(_folder[gone]);

        Assert.True(File.GetAttributes(precious).HasFlag(FileAttributes.ReadOnly));
        Assert.Equal(["elsewhere"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task TwoMayRemoveTheSameFolder()
    {
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < 20; i++)
                _folder.Write($"in/{i}/a/b", "abc");
            using var start = new Barrier(2);
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                LocalArtifactStore.RemoveReadOnly(_folder["in"]);
                Assert.False(Directory.Exists(_folder["in"]));
            })));
        }
    }

    [Fact]
    public void FileThatIsStillOpenIsRefused()
    {
        using (var writer = new StreamWriter(_folder["a"]))
        {
            writer.Write("half");
            Assert.Equal(
                $"'{_folder["a"]}' is still open, so it may not be whole. Dispose of what writes or reads it first.",
                Assert.Throws<StoreException>(() => Store.Add(_folder["a"])).Message);
        }
        Assert.Equal("half", File.ReadAllText(Store.Verified(Store.Add(_folder["a"]).Hash)));
    }

    [LinuxFact]
    public void FileNameWithALineBreakIsRefused()
    {
        _folder.Write("in/a\nb", "1");
        var e = Assert.Throws<StoreException>(() => Store.Add(_folder["in"]));
        Assert.Equal("The file name 'a\\nb' has a line break, which a stored folder cannot hold. Rename it.",
            e.Message);
    }

    [Fact]
    public void WhereTheStoreCannotBeItIsSaid()
    {
        _folder.Write("occupied", "a file where the store should be");
        var store = new LocalArtifactStore(_folder["occupied"]);
        var path = _folder.Write("a", "abc");

        var e = Assert.Throws<StoreUnavailableException>(() => store.Add(path));

        Assert.Equal(
            $"The store '{_folder["occupied"]}' cannot be written: {e.InnerException!.Message.TrimEnd('.')}. " +
            "Nothing was recorded and what was stored before is intact. Free some space or permissions there, or set " +
            "MLBUILD_STORE to another folder, and run the same command again.", e.Message);
        Assert.Equal("abc", File.ReadAllText(path));
        Assert.Throws<StoreUnavailableException>(() => store.AddText("abc"));
    }

    [Fact]
    public void WhereACopyCannotBeItIsSaid()
    {
        var added = Store.Add(_folder.Write("a", "abc"));
        _folder.Write("occupied", "a file where a folder should be");

        var e = Assert.Throws<PlaceUnavailableException>(() => Store.Restore(added, _folder["occupied/back"]));

        Assert.Equal($"'{_folder["occupied/back"]}' cannot be written: {e.InnerException!.Message.TrimEnd('.')}. " +
            "Its bytes are safe in the store. Free some space or permissions there and run the same command again.",
            e.Message);
    }

    public void Dispose() => _folder.Dispose();
}
