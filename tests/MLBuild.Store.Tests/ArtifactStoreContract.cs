namespace MLBuild.Store.Tests;

/// <summary>What every artifact store does. A store passes by deriving from this and saying how to open and to damage
/// it.</summary>
public abstract class ArtifactStoreContract : IDisposable
{
    protected TempFolder Folder { get; } = new();

    protected abstract IArtifactStore Store { get; }

    /// <summary>Changes a byte of what is stored under a hash, behind the store's back.</summary>
    protected abstract void Damage(ContentHash hash);

    /// <summary>Removes what is stored under a hash, behind the store's back.</summary>
    protected abstract void Lose(ContentHash hash);

    [Fact]
    public void AddedFileIsNamedByTheHashOfItsBytes()
    {
        var added = Store.Add(Folder.Write("model.zip", "abc"));

        // FIPS 180-2, appendix B.1
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", added.Hash.Hex);
        Assert.Equal((ArtifactKind.File, 3L), (added.Kind, added.SizeBytes));
        Assert.Equal("abc", File.ReadAllText(Store.Verified(added.Hash)));
    }

    [Fact]
    public void AddedFileIsMovedAway()
    {
        var path = Folder.Write("a", "abc");
        Store.Add(path);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void EmptyFileIsAnArtifact()
    {
        var added = Store.Add(Folder.Write("empty", ""));
        Store.Restore(added, Folder["back"]);
        Assert.Equal(0, new FileInfo(Folder["back"]).Length);
    }

    [Fact]
    public void AddingTheSameTwiceGivesTheSame() =>
        Assert.Equal(Store.Add(Folder.Write("a", "abc")), Store.Add(Folder.Write("b", "abc")));

    [Fact]
    public void AddingWhatIsThereMendsRottenBytes()
    {
        var added = Store.Add(Folder.Write("a", "abc"));
        Damage(added.Hash);
        Store.Add(Folder.Write("b", "abc"));
        Assert.Equal("abc", File.ReadAllText(Store.Verified(added.Hash)));
    }

    [Fact]
    public void NothingToAddIsNamed()
    {
        var e = Assert.Throws<FileNotFoundException>(() => Store.Add(Folder["nothing"]));
        Assert.Equal($"There is no file or folder '{Folder["nothing"]}' to store.", e.Message);
    }

    [Fact]
    public async Task ConcurrentAddsOfTheSameBytesAllSucceed()
    {
        var text = new string('x', 300_000);
        var paths = Enumerable.Range(0, 16).Select(i => Folder.Write($"{i}", text)).ToArray();
        using var start = new Barrier(4);

        var added = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return paths.Where((_, i) => i % 4 == worker).Select(Store.Add).ToArray();
        }, TaskCreationOptions.LongRunning)));

        Assert.Single(added.SelectMany(artifacts => artifacts).Distinct());
        Assert.Equal(text, File.ReadAllText(Store.Verified(added[0][0].Hash)));
    }

    [Fact]
    public void UnknownArtifactIsNotContained()
    {
        var unknown = new Artifact(ContentHash.Of("never added"), ArtifactKind.File, 11);
        Assert.False(Store.Contains(unknown));
        Assert.False(Store.Contains(unknown with { Kind = ArtifactKind.Folder }));
    }

    [Fact]
    public void ArtifactOfAnotherSizeIsNotContained()
    {
        var added = Store.Add(Folder.Write("a", "abc"));
        Assert.True(Store.Contains(added));
        Assert.False(Store.Contains(added with { SizeBytes = 4 }));
    }

    [Fact]
    public void LostFileIsMissing()
    {
        var added = Store.Add(Folder.Write("a", "abc"));
        Lose(added.Hash);

        Assert.False(Store.Contains(added));
        var e = Assert.Throws<LostArtifactException>(() => Store.Verified(added.Hash));
        Assert.Equal("Artifact ba7816bf is not in the store.", e.Message);
        Assert.Equal(added.Hash, e.Hash);
        Assert.Throws<LostArtifactException>(() => Store.Restore(added, Folder["back"]));
        Assert.Empty(StoreLayout.FilesIn(Folder["back"]));
        Assert.False(File.Exists(Folder["back"]));
    }

    [Fact]
    public void DamagedFileIsNeverServed()
    {
        var added = Store.Add(Folder.Write("a", "abc"));
        Damage(added.Hash);

        var e = Assert.Throws<LostArtifactException>(() => Store.Verified(added.Hash));
        Assert.StartsWith("Artifact ba7816bf is corrupt: its bytes hash to ", e.Message);
        // Once found, it is gone for every later reader.
        Assert.False(Store.Contains(added));
        Assert.Equal("Artifact ba7816bf is not in the store.",
            Assert.Throws<LostArtifactException>(() => Store.Verified(added.Hash)).Message);
    }

    [Fact]
    public void DamagedFileIsNotRestored()
    {
        var added = Store.Add(Folder.Write("a", "abc"));
        Damage(added.Hash);
        Folder.Write("out/back", "what was there");

        Assert.Throws<LostArtifactException>(() => Store.Restore(added, Folder["out/back"]));

        Assert.Equal(["back"], StoreLayout.FilesIn(Folder["out"]));
        Assert.Equal("what was there", File.ReadAllText(Folder["out/back"]));
    }

    [Fact]
    public void RestoredFileIsReadOnlyAndReplacesWhatWasThere()
    {
        var first = Store.Add(Folder.Write("a", "first"));
        var second = Store.Add(Folder.Write("b", "second"));
        Store.Restore(first, Folder["out/back"]);
        Store.Restore(second, Folder["out/back"]);

        Assert.Equal("second", File.ReadAllText(Folder["out/back"]));
        Assert.True(File.GetAttributes(Folder["out/back"]).HasFlag(FileAttributes.ReadOnly));
        Assert.Equal(["back"], StoreLayout.FilesIn(Folder["out"]));
    }

    [Fact]
    public void ReaderOfAnOldCopyKeepsItWhileItIsReplaced()
    {
        var first = Store.Add(Folder.Write("a", "first"));
        var second = Store.Add(Folder.Write("b", "second"));
        Store.Restore(first, Folder["back"]);
        using var reader =
            new FileStream(Folder["back"], FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

        Store.Restore(second, Folder["back"]);

        Assert.Equal("first", new StreamReader(reader).ReadToEnd());
    }

    [Fact]
    public void EditingARestoredCopyNeverReachesTheStore()
    {
        var added = Store.Add(Folder.Write("a", "abc"));
        Store.Restore(added, Folder["back"]);
        StoreLayout.FlipByte(Folder["back"]);
        Assert.Equal("abc", File.ReadAllText(Store.Verified(added.Hash)));
    }

    [Fact]
    public void FolderComesBackAsItWas()
    {
        Folder.Write("in/a.txt", "1");
        Folder.Write("in/deep/deeper/ünïcode 日本.txt", "2");
        Folder.Write("in/deep/same.txt", "1");
        Folder.Write("in/deep.txt", "3");

        var added = Store.Add(Folder["in"]);
        Assert.False(Directory.Exists(Folder["in"]));
        Assert.True(Store.Contains(added));
        Store.Restore(added, Folder["back"]);

        Assert.Equal((ArtifactKind.Folder, 4L), (added.Kind, added.SizeBytes));
        Assert.Equal(["a.txt", "deep.txt", "deep/deeper/ünïcode 日本.txt", "deep/same.txt"],
            StoreLayout.FilesIn(Folder["back"]));
        Assert.Equal("2", File.ReadAllText(Folder["back/deep/deeper/ünïcode 日本.txt"]));
        Assert.All(Directory.GetFiles(Folder["back"], "*", SearchOption.AllDirectories),
            path => Assert.True(File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly)));
    }

    [Fact]
    public void FolderHashDependsOnNamesAndBytesAlone()
    {
        Folder.Write("one/a", "1");
        Folder.Write("one/b/c", "2");
        Folder.Write("two/b/c", "2");
        Folder.Write("two/a", "1");
        Folder.Write("swapped/a", "2");
        Folder.Write("swapped/b/c", "1");
        File.SetLastWriteTimeUtc(Folder["two/a"], DateTime.UnixEpoch);

        var one = Store.Add(Folder["one"]);
        Assert.Equal(one, Store.Add(Folder["two"]));
        Assert.NotEqual(one.Hash, Store.Add(Folder["swapped"]).Hash);
    }

    [Fact]
    public void EmptyFoldersInAFolderAreNotKept()
    {
        Folder.Write("one/a", "1");
        Folder.Write("two/a", "1");
        Directory.CreateDirectory(Folder["two/empty"]);

        var two = Store.Add(Folder["two"]);
        Assert.Equal(Store.Add(Folder["one"]), two);
        Store.Restore(two, Folder["back"]);
        Assert.False(Directory.Exists(Folder["back/empty"]));
    }

    [Fact]
    public void FolderWithoutFilesComesBackAsAFolder()
    {
        Directory.CreateDirectory(Folder["in"]);
        Store.Restore(Store.Add(Folder["in"]), Folder["back"]);
        Assert.Empty(Directory.GetFileSystemEntries(Folder["back"]));
    }

    [Fact]
    public void RestoredFolderReplacesWhatWasThere()
    {
        Folder.Write("in/new", "1");
        var added = Store.Add(Folder["in"]);
        Folder.Write("back/old", "0");
        Store.Restore(added, Folder["back"]);
        Assert.Equal(["new"], StoreLayout.FilesIn(Folder["back"]));

        Folder.Write("file", "0");
        Store.Restore(added, Folder["file"]);
        Assert.Equal(["new"], StoreLayout.FilesIn(Folder["file"]));
    }

    [Fact]
    public void RestoredFileReplacesAFolder()
    {
        var added = Store.Add(Folder.Write("a", "abc"));
        Folder.Write("back/old", "0");
        Store.Restore(added, Folder["back"]);
        Assert.Equal("abc", File.ReadAllText(Folder["back"]));
    }

    [Fact]
    public void FolderThatLostAFileIsNotContainedAndNotRestored()
    {
        Folder.Write("in/a", "1");
        Folder.Write("in/b", "2");
        var added = Store.Add(Folder["in"]);
        Lose(ContentHash.Of("2"));
        Folder.Write("out/back/old", "0");

        Assert.False(Store.Contains(added));
        Assert.Equal(ContentHash.Of("2"),
            Assert.Throws<LostArtifactException>(() => Store.Restore(added, Folder["out/back"])).Hash);
        Assert.Equal(["back/old"], StoreLayout.FilesIn(Folder["out"]));
    }

    [Fact]
    public void FolderWithADamagedTreeIsNotContainedAndNotRestored()
    {
        Folder.Write("in/a", "1");
        var added = Store.Add(Folder["in"]);
        Damage(added.Hash);

        Assert.Throws<LostArtifactException>(() => Store.Restore(added, Folder["out/back"]));
        Assert.False(Store.Contains(added));
        Assert.Empty(StoreLayout.FilesIn(Folder["out"]));
    }

    [Fact]
    public void FolderWithADamagedFileIsNotRestored()
    {
        Folder.Write("in/a", "1");
        Folder.Write("in/b", "2");
        var added = Store.Add(Folder["in"]);
        Damage(ContentHash.Of("2"));

        Assert.Throws<LostArtifactException>(() => Store.Restore(added, Folder["out/back"]));
        Assert.Empty(StoreLayout.FilesIn(Folder["out"]));
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
