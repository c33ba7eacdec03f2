namespace MLBuild.Store.Tests;

/// <summary>Records: a text that comes back as it was, or not at all.</summary>
public sealed class StoredRecords : IDisposable
{
    private readonly TempFolder _folder = new();

    public static ActionRecord Example { get; } = new(
        ContentHash.Of("recipe"), "Ingest/2019-02",
        [
            new("trips with space.parquet", new(ContentHash.Of("a"), ArtifactKind.File, 12345678901)),
            new("plots/", new(ContentHash.Of("b"), ArtifactKind.Folder, 0)),
        ],
        new(2026, 11, 20, 13, 4, 5, 678, TimeSpan.FromHours(2)), TimeSpan.FromMilliseconds(252_123));

    [Fact]
    public void TextIsPinned() => Assert.Equal($"""
        mlbuild-record 1
        fingerprint {ContentHash.Of("recipe")}
        stage Ingest/2019-02
        finished 2026-11-20T11:04:05.678Z
        duration-ms 252123
        output {ContentHash.Of("a")} File 12345678901 trips with space.parquet
        output {ContentHash.Of("b")} Folder 0 plots/
        end 1cb39e2dc90cc76faada7258ec949b057642eb52d68f6287a23541e6c5c875d1

        """.ReplaceLineEndings("\n"), Example.ToText());

    [Fact]
    public void TextComesBackAsTheRecord()
    {
        var back = ActionRecord.Parse(Example.ToText())!;
        Assert.Equal(Example.Outputs, back.Outputs);
        Assert.Equal(Example, back with { Outputs = Example.Outputs });
        Assert.Empty(ActionRecord.Parse((Example with { Outputs = [] }).ToText())!.Outputs);
    }

    [Fact]
    public void AnyChangedByteMakesItAMiss()
    {
        var text = Example.ToText();
        for (var i = 0; i < text.Length; i++)
        {
            Assert.Null(ActionRecord.Parse(text[..i] + (char)(text[i] ^ 1) + text[(i + 1)..]));
            Assert.Null(ActionRecord.Parse(text[..i]));
        }
        Assert.Null(ActionRecord.Parse(text + "\n"));
    }

    [Fact]
    public void PutIsFound()
    {
        var records = new ActionRecords(_folder["store"]);
        Assert.Null(records.Find(Example.Fingerprint));
        Assert.Empty(records.All());
        records.Put(Example);
        records.Put(Example with { Duration = TimeSpan.FromSeconds(1) });

        Assert.Equal(TimeSpan.FromSeconds(1), records.Find(Example.Fingerprint)!.Duration);
        Assert.Equal(Example.Stage, Assert.Single(records.All()).Stage);
        Assert.Equal([$"ac/{Example.Fingerprint.Hex[..2]}/{Example.Fingerprint}"],
            StoreLayout.FilesIn(_folder["store"]));
    }

    [Fact]
    public void DamagedRecordIsAMiss()
    {
        var records = new ActionRecords(_folder["store"]);
        records.Put(Example);
        StoreLayout.FlipByte(StoreLayout.RecordPath(_folder["store"], Example.Fingerprint), at: 100);
        Assert.Null(records.Find(Example.Fingerprint));
        Assert.Empty(records.All());
    }

    [Fact]
    public void RecordUnderAnothersNameIsAMiss()
    {
        var records = new ActionRecords(_folder["store"]);
        records.Put(Example);
        var other = ContentHash.Of("other");
        var place = StoreLayout.RecordPath(_folder["store"], other);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Copy(StoreLayout.RecordPath(_folder["store"], Example.Fingerprint), place);
        Assert.Null(records.Find(other));
    }

    [Fact]
    public void WhatAKilledWriterLeftIsNoRecord()
    {
        var records = new ActionRecords(_folder["store"]);
        records.Put(Example);
        var place = StoreLayout.RecordPath(_folder["store"], Example.Fingerprint);
        File.Move(place, $"{place}.tmp-12-{Guid.NewGuid():N}");
        Assert.Empty(records.All());
    }

    public void Dispose() => _folder.Dispose();
}
