namespace MLBuild.Store.Tests;

/// <summary>Disks that are full or read-only: the store says so, and what it had stays.</summary>
public sealed class FullDisks : IDisposable
{
    private readonly TempFolder _folder = new();

    [SmallDiskFact]
    public void FullStoreAddsNothingAndKeepsTheFile()
    {
        using var disk = new SmallDisk(sizeKb: 64);
        var store = new LocalArtifactStore(disk.Path);
        var before = store.AddText("before");
        var path = _folder.Write("big", new string('x', 200_000));

        var e = Assert.Throws<StoreUnavailableException>(() => store.Add(path));

        Assert.StartsWith($"The store '{disk.Path}' cannot be written: No space left on device", e.Message);
        Assert.Equal(200_000, new FileInfo(path).Length);
        Assert.Equal([$"cas/{before.Hex[..2]}/{before}"], StoreLayout.FilesIn(disk.Path));
        Assert.Equal("before", File.ReadAllText(store.Verified(before)));
        Assert.Throws<StoreUnavailableException>(() => store.AddText(new string('x', 200_000)));
        Assert.Equal([$"cas/{before.Hex[..2]}/{before}"], StoreLayout.FilesIn(disk.Path));
    }

    [SmallDiskFact]
    public void FileFromAnotherDiskIsStoredWhole()
    {
        using var disk = new SmallDisk(sizeKb: 256);
        var store = new LocalArtifactStore(disk.Path);
        var added = store.Add(_folder.Write("a", new string('x', 100_000)));
        Assert.Equal(100_000, new FileInfo(store.Verified(added.Hash)).Length);
        Assert.Single(StoreLayout.FilesIn(disk.Path));
        Assert.Empty(StoreLayout.FilesIn(_folder.Path));
    }

    [SmallDiskFact]
    public void RestoringToAFullDiskLeavesWhatWasThere()
    {
        using var disk = new SmallDisk(sizeKb: 64);
        var store = new LocalArtifactStore(_folder["store"]);
        var added = store.Add(_folder.Write("big", new string('x', 200_000)));
        _folder.Write("in/big", new string('x', 200_000));
        var folder = store.Add(_folder["in"]);
        var place = Path.Combine(disk.Path, "back");
        File.WriteAllText(place, "old");

        var e = Assert.Throws<PlaceUnavailableException>(() => store.Restore(added, place));
        Assert.StartsWith($"'{place}' cannot be written: No space left on device", e.Message);
        Assert.Throws<PlaceUnavailableException>(() => store.Restore(folder, place));

        Assert.Equal(["back"], StoreLayout.FilesIn(disk.Path));
        Assert.Equal("old", File.ReadAllText(place));
    }

    [SmallDiskFact]
    public void ReadOnlyStoreServesButDoesNotAdd()
    {
        using var disk = new SmallDisk(sizeKb: 256);
        var store = new LocalArtifactStore(disk.Path);
        var (good, bad) = (store.AddText("good"), store.AddText("bad"));
        StoreLayout.FlipByte(StoreLayout.CasPath(disk.Path, bad));
        disk.MakeReadOnly();
        var path = _folder.Write("a", "abc");

        Assert.StartsWith($"The store '{disk.Path}' cannot be written: Read-only file system",
            Assert.Throws<StoreUnavailableException>(() => store.Add(path)).Message);
        Assert.Equal("abc", File.ReadAllText(path));
        Assert.Equal("good", File.ReadAllText(store.Verified(good)));
        store.Restore(new(good, ArtifactKind.File, 4), _folder["back"]);
        Assert.Equal("good", File.ReadAllText(_folder["back"]));
        // It cannot be quarantined there, but it is not served either.
        Assert.Throws<StoreUnavailableException>(() => store.Verified(bad));
        Assert.Throws<StoreUnavailableException>(() => store.Restore(new(bad, ArtifactKind.File, 3), _folder["bad"]));
        Assert.False(File.Exists(_folder["bad"]));
    }

    [SmallDiskFact]
    public void RecordsAndLocksSayThatTheDiskIsFull()
    {
        using var disk = new SmallDisk(sizeKb: 16);
        var records = new ActionRecords(disk.Path);
        var record = StoredRecords.Example;
        records.Put(record);
        disk.MakeReadOnly();

        Assert.StartsWith($"The store '{Path.Combine(disk.Path, "ac")}' cannot be written: Read-only file system",
            Assert.Throws<StoreUnavailableException>(() => records.Put(record)).Message);
        Assert.Throws<StoreUnavailableException>(() => StoreLock.TryTake(Path.Combine(disk.Path, "locks", "a")));
        Assert.NotNull(records.Find(record.Fingerprint));
        new HashCache(Path.Combine(disk.Path, "hashes"), TimeProvider.System).Save();
    }

    [SmallDiskFact]
    public void LockThatCannotNameItsHolderIsNotKept()
    {
        using var disk = new SmallDisk(sizeKb: 16);
        var path = Path.Combine(disk.Path, "lock");
        StoreLock.TryTake(path)!.Dispose();
        var filler = Path.Combine(disk.Path, "filler");
        Assert.Throws<IOException>(() => File.WriteAllBytes(filler, new byte[100_000]));

        Assert.Throws<StoreUnavailableException>(() => StoreLock.TryTake(path));

        File.Delete(filler);
        using var taken = StoreLock.TryTake(path);
        Assert.NotNull(taken);
    }

    public void Dispose() => _folder.Dispose();
}
