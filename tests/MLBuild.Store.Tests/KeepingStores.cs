namespace MLBuild.Store.Tests;

/// <summary>What is done to a store as a whole: listing, verifying, removing.</summary>
public sealed class KeepingStores : IDisposable
{
    private readonly TempFolder _folder = new();

    private string StoreFolder => _folder["store"];

    private LocalArtifactStore Store => new(StoreFolder);

    [Fact]
    public void EmptyStoreHasNothing()
    {
        Assert.Empty(Store.All());
        Assert.Equal((0, 0L), (Store.VerifyAll(default).Files, Store.VerifyAll(default).SizeBytes));
    }

    [Fact]
    public void EveryFileIsListedAndWhatAKilledWriterLeftIsNot()
    {
        _folder.Write("in/a", "1");
        _folder.Write("in/b", "22");
        var folder = Store.Add(_folder["in"]);
        var text = Store.AddText("recipe");
        File.WriteAllText($"{StoreLayout.CasPath(StoreFolder, text)}.tmp-12-{Guid.NewGuid():N}", "half");

        Assert.Equal(
            new[] { (folder.Hash, 153L), (text, 6L), (ContentHash.Of("1"), 1L), (ContentHash.Of("22"), 2L) }.Order(),
            Store.All().Select(file => (file.Hash, file.SizeBytes)).Order());
        Assert.Equal((4L, 162L), (Store.VerifyAll(default).Files, Store.VerifyAll(default).SizeBytes));
    }

    [Fact]
    public void EveryDamagedFileIsFoundNamedAndQuarantined()
    {
        var hashes = Enumerable.Range(0, 200).Select(i => Store.AddText($"text {i}")).ToArray();
        var flipped = hashes[7];
        var cut = hashes[8];
        var zeroed = hashes[9];
        StoreLayout.FlipByte(StoreLayout.CasPath(StoreFolder, flipped));
        Overwrite(cut, "");
        Overwrite(zeroed, new string('\0', "text 9".Length));

        var check = Store.VerifyAll(default);

        Assert.Equal(200, check.Files);
        Assert.Equal(new[] { flipped, cut, zeroed }.Order(), check.Damaged.Select(fault => fault.File.Hash));
        var actual = ContentHash.Of("uext 7");
        Assert.Equal($"Artifact {flipped.Short} is corrupt: its bytes hash to {actual.Short}. It was quarantined as " +
            $"'quarantine/{flipped}-{actual.Short}'.",
            check.Damaged.Single(fault => fault.File.Hash == flipped).Message);
        Assert.Equal(3, StoreLayout.FilesIn(Path.Combine(StoreFolder, "quarantine")).Length);
        Assert.Empty(Store.VerifyAll(default).Damaged);
        Assert.Equal(197, Store.VerifyAll(default).Files);
    }

    [Fact]
    public void ReadersThatMeetTheSameDamageLeaveWhatIsStoredAfterIt()
    {
        var store = Store;
        for (var round = 0; round < 200; round++)
        {
            var text = $"text {round}";
            var hash = store.AddText(text);
            StoreLayout.FlipByte(StoreLayout.CasPath(StoreFolder, hash));
            using var begin = new Barrier(4);
            var met = 0;
            // As a stage does that runs again: stored anew once the damage was met, for all who meet it.
            Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
            {
                begin.SignalAndWait(TimeSpan.FromSeconds(10));
                try
                {
                    store.ReadText(hash);
                }
                catch (LostArtifactException) when (Interlocked.Increment(ref met) == 1)
                {
                    store.AddText(text);
                }
                catch (LostArtifactException)
                {
                }
            });
            Assert.Equal(text, store.ReadText(hash));
        }
    }

    [SmallDiskFact]
    public void DamageInAReadOnlyStoreIsFoundEachTime()
    {
        using var disk = new SmallDisk(sizeKb: 64);
        var store = new LocalArtifactStore(disk.Path);
        var hash = store.AddText("abc");
        StoreLayout.FlipByte(StoreLayout.CasPath(disk.Path, hash));
        disk.MakeReadOnly();
        for (var i = 0; i < 2; i++)
            Assert.StartsWith($"The store '{disk.Path}' cannot be written: Read-only file system",
                Assert.Single(store.VerifyAll(default).Damaged).Message);
    }

    [Fact]
    public void VerifyingCanBeCalledOff()
    {
        Store.AddText("abc");
        Assert.ThrowsAny<OperationCanceledException>(() => Store.VerifyAll(new(canceled: true)));
    }

    [Fact]
    public void RemovedFileIsLost()
    {
        var added = Store.Add(_folder.Write("a", "abc"));
        var storedAt = new DateTimeOffset(Store.Find(added.Hash)!.LastWriteTimeUtc, TimeSpan.Zero);
        Assert.False(Store.Remove(added.Hash, storedBefore: storedAt));
        Assert.NotNull(Store.Find(added.Hash));
        Assert.True(Store.Remove(added.Hash, storedBefore: storedAt.AddTicks(1)));
        Assert.False(Store.Remove(added.Hash, storedBefore: storedAt.AddTicks(1)));
        Assert.False(Store.Contains(added));
        Assert.Empty(Store.All());
    }

    [Fact]
    public void RemovedRecordIsAMiss()
    {
        var records = new ActionRecords(StoreFolder);
        records.Put(StoredRecords.Example);
        var usedAt = records.UsedAt(StoredRecords.Example.Fingerprint);
        Assert.True(records.Use(StoredRecords.Example.Fingerprint, usedAt.AddTicks(1)));
        Assert.False(records.Remove(StoredRecords.Example.Fingerprint, usedAt));
        Assert.True(records.Remove(StoredRecords.Example.Fingerprint, usedAt.AddTicks(1)));
        Assert.False(records.Remove(StoredRecords.Example.Fingerprint, usedAt.AddTicks(1)));
        Assert.False(records.Use(StoredRecords.Example.Fingerprint, usedAt));
        Assert.Null(records.Find(StoredRecords.Example.Fingerprint));
    }

    [SmallDiskFact]
    public void NothingIsRemovedFromAReadOnlyStore()
    {
        using var disk = new SmallDisk(sizeKb: 64);
        var hash = new LocalArtifactStore(disk.Path).AddText("abc");
        new ActionRecords(disk.Path).Put(StoredRecords.Example);
        disk.MakeReadOnly();
        Assert.Throws<StoreUnavailableException>(
            () => new LocalArtifactStore(disk.Path).Remove(hash, DateTimeOffset.MaxValue));
        Assert.Throws<StoreUnavailableException>(
            () => new ActionRecords(disk.Path).Remove(StoredRecords.Example.Fingerprint, DateTimeOffset.MaxValue));
        Assert.Equal(2, StoreLayout.FilesIn(disk.Path).Length);
    }

    public void Dispose() => _folder.Dispose();

    private void Overwrite(ContentHash hash, string text)
    {
        var path = StoreLayout.CasPath(StoreFolder, hash);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, text);
    }
}
