namespace MLBuild.Store.Tests;

/// <summary>The index of all records: it says what they say, however it was kept, cut off or overtaken.</summary>
public sealed class IndexingRecords : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ActionRecords _records;

    public IndexingRecords() => _records = new(_folder["store"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnEmptyStoreHasNothing()
    {
        Assert.Empty(Index().OfStage("Ingest"));
        Assert.Empty(Index().Beside(new HashSet<ContentHash>()));
        Assert.False(Directory.Exists(_folder["store/index"]));
    }

    [Fact]
    public void RecordsComeBackWhole()
    {
        _records.Put(StoredRecords.Example);
        Settle();
        foreach (var _ in (int[])[1, 2])
        {
            var back = Assert.Single(Index().OfStage("Ingest"));
            Assert.Equal(StoredRecords.Example.Outputs, back.Outputs);
            Assert.Equal(StoredRecords.Example with { Outputs = back.Outputs }, back);
        }
        Assert.Single(StoreLayout.FilesIn(_folder["store/index"]));
    }

    [Fact]
    public void AStageIsNotAnotherThatBeginsAsIt()
    {
        Put("Train", "a");
        Put("Train/Fold=1", "b");
        Put("Trainer", "c");
        Assert.Equal(["Train", "Train/Fold=1"],
            Index().OfStage("Train").Select(record => record.Stage).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AnOutputIsFoundByTheFirstDigitsOfItsHash()
    {
        Put("Train", "a");
        Put("Train", "b");
        var hash = ContentHash.Of("output of a");
        Assert.Equal("recipe a", Text(Assert.Single(Index().Giving(hash.Hex[..6].ToUpperInvariant()))));
        // The fingerprint of a record is no artifact of it.
        Assert.Empty(Index().Giving(ContentHash.Of("recipe a").Hex));

        static string Text(ActionRecord record) =>
            record.Fingerprint == ContentHash.Of("recipe a") ? "recipe a" : "another";
    }

    [Fact]
    public void WhatIsBesideTheLastResultsIsAddedUp()
    {
        foreach (var content in (string[])["a", "b", "c"])
            Put("Train", content);
        Put("Ingest/x", "d");
        // Another recipe, the same bytes: they are in the store once.
        _records.Put(new(ContentHash.Of("e"), "Train", Outputs("c"), DateTimeOffset.UnixEpoch, TimeSpan.Zero));
        Assert.Equal(
            [new("Ingest", 1, 100), new("Train", 3, 200)],
            Index().Beside(new HashSet<ContentHash> { ContentHash.Of("recipe a") }));
    }

    [Fact]
    public void WhatIsAddedReplacedOrRemovedIsSeen()
    {
        Put("Train", "a");
        Settle();
        var index = Index();
        Assert.Single(index.OfStage("Train"));
        _records.Put(new(ContentHash.Of("recipe a"), "Train", Outputs("b"), DateTimeOffset.UnixEpoch, default));
        Assert.Equal(Outputs("b"), Assert.Single(index.OfStage("Train")).Outputs);
        Assert.Equal(Outputs("b"), Assert.Single(Index().OfStage("Train")).Outputs);
        File.Delete(StoreLayout.RecordPath(_folder["store"], ContentHash.Of("recipe a")));
        Assert.Empty(Index().OfStage("Train"));
        Assert.Empty(index.OfStage("Train"));
    }

    [Fact]
    public void ADamagedIndexIsMadeAnew()
    {
        Put("Train", "a");
        Settle();
        Assert.Single(Index().OfStage("Train"));
        var path = Path.Combine(_folder["store/index"], StoreLayout.FilesIn(_folder["store/index"]).Single());
        var whole = File.ReadAllText(path);
        for (var i = 0; i < whole.Length; i += 7)
        {
            File.WriteAllText(path, whole[..i] + (char)(whole[i] ^ 1) + whole[(i + 1)..]);
            Assert.Equal("Train", Assert.Single(Index().OfStage("Train")).Stage);
            File.WriteAllText(path, whole[..i]);
            Assert.Equal("Train", Assert.Single(Index().OfStage("Train")).Stage);
        }
    }

    [Fact]
    public void AKeptIndexIsWhatIsRead()
    {
        Put("Train", "a");
        Settle();
        Assert.Single(Index().OfStage("Train"));
        // Rotten in its place: nobody reads it as long as nothing is put beside it.
        StoreLayout.FlipByte(StoreLayout.RecordPath(_folder["store"], ContentHash.Of("recipe a")), at: 40);
        Assert.Single(Index().OfStage("Train"));
        Assert.Null(_records.Find(ContentHash.Of("recipe a")));
    }

    [Fact]
    public void AFolderThatIsTooYoungIsNotKept()
    {
        Put("Train", "a");
        var index = new RecordIndex(_folder["store"], new StoppedClock());
        Assert.Single(index.OfStage("Train"));
        Assert.False(Directory.Exists(_folder["store/index"]));
        // Nor in memory: what comes in the same tick of the clock leaves the folder as it was.
        StoreLayout.FlipByte(StoreLayout.RecordPath(_folder["store"], ContentHash.Of("recipe a")), at: 40);
        Assert.Empty(index.OfStage("Train"));
    }

    [Fact]
    public void DamagedRecordsAndOthersFilesAreNotInIt()
    {
        Put("Train", "a");
        Put("Train", "b");
        StoreLayout.FlipByte(StoreLayout.RecordPath(_folder["store"], ContentHash.Of("recipe a")), at: 40);
        _folder.Write("store/ac/notes/readme.txt", "mine");
        Assert.Equal(ContentHash.Of("recipe b"), Assert.Single(Index().OfStage("Train")).Fingerprint);
    }

    [Fact]
    public async Task BuildsSideBySideMakeItTogether()
    {
        for (var i = 0; i < 50; i++)
            Put("Train", $"{i}");
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Index().OfStage("Train"))));
        Assert.All(found, records => Assert.Equal(50, records.Count));
    }

    private RecordIndex Index() => new(_folder["store"], TimeProvider.System);

    private void Put(string stage, string content) => _records.Put(new(
        ContentHash.Of($"recipe {content}"), stage, Outputs(content), DateTimeOffset.UnixEpoch, TimeSpan.Zero));

    private static ActionRecord.Output[] Outputs(string content) =>
        [new("out.txt", new(ContentHash.Of($"output of {content}"), ArtifactKind.File, 100))];

    // Until the stamps of its folders are older than the grain of the clock.
    private void Settle()
    {
        foreach (var folder in Directory.GetDirectories(_folder["store/ac"]))
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddMinutes(-1));
        var now = DateTimeOffset.UtcNow;
        while (Directory.GetDirectories(_folder["store/ac"])
            .Any(folder => !FileIdentity.Of(folder)!.Value.IsSettled(DateTimeOffset.UtcNow)))
        {
            Assert.True(DateTimeOffset.UtcNow - now < TimeSpan.FromMinutes(1), "The clock stands still.");
            Thread.Sleep(5);
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
