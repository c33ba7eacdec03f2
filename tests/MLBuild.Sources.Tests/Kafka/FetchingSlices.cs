using System.Text;
using Confluent.Kafka;
using MLBuild.Sources.Kafka;

namespace MLBuild.Sources.Tests.Kafka;

/// <summary>Snapshots of slices, taken from a cluster on loopback.</summary>
public sealed class FetchingSlices : IDisposable
{
    private readonly MockCluster _cluster = new MockCluster().WithTopic("trips");
    private readonly FetchSpace _space;

    public FetchingSlices() => _space = new() { Server = _cluster.Server };

    [Fact]
    public async Task EventIsALineWithItsPlaceAndItsMembers()
    {
        _cluster.Add("trips", 0, "k1"u8.ToArray(), """{ "fare": 12.50, "zone": "Queens", "tip": null }"""u8.ToArray());
        await _space.Done();
        Assert.Equal(
        [
            """{"kafka_partition":0,"kafka_offset":0,"kafka_timestamp":"2019-02-01T00:00:00.000Z",""" +
            """ "kafka_key":"k1","fare":12.50,"zone":"Queens","tip":null}""".Trim(),
        ], _space.Lines("trips-0-000000000000"));
        Assert.Equal("""
            {
              "topic": "trips",
              "partition": 0,
              "first": 0,
              "end": 1,
              "events": 1,
              "tombstones": 0,
              "malformed": 0,
              "bytes": 50,
              "gaps": 0
            }

            """.ReplaceLineEndings("\n"), _space.Text("Fetch/trips-0-000000000000", KafkaFetchStage.Report));
        Assert.Contains("Fetch/trips-0-000000000000: 1 events at 0 to 0, 0 tombstones, 0 malformed, 0 offsets " +
            "without event", _space.Log);
    }

    [Fact]
    public async Task GrowingTopicReadsItsOpenSliceOnly()
    {
        _cluster.With("trips", 0, Events(0, 25));
        await _space.Done();
        Assert.Equal(["Count", "Fetch/trips-0-000000000000", "Fetch/trips-0-000000000010",
            "Fetch/trips-0-000000000020"], _space.Ran);
        Assert.Equal("25", _space.Count);
        _cluster.With("trips", 0, Events(25, 10));
        await _space.Done();
        Assert.Equal(["Count", "Fetch/trips-0-000000000020", "Fetch/trips-0-000000000030"], _space.Ran);
        Assert.Equal("35", _space.Count);
        await _space.Done();
        Assert.Empty(_space.Ran);
    }

    [Fact]
    public async Task EventsMayBeNestedDeeply()
    {
        const int Depth = 200;
        _cluster.With("trips", 0, $$"""{"a":{{new string('[', Depth)}}{{new string(']', Depth)}}}""");
        await _space.Done();
        Assert.EndsWith(new string(']', Depth) + "}", _space.Lines("trips-0-000000000000").Single());
    }

    [Fact]
    public async Task RerunReadsTheSameEvents()
    {
        _cluster.With("trips", 0, Events(0, 12));
        await _space.Done();
        var before = Contents();
        _space.Forget();
        await _space.Done();
        Assert.Equal(before, Contents());

        string[] Contents() => [.. _space.Files.Where(file => file.Contains("artifacts", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(file => $"{file}\n{File.ReadAllText(file)}")];
    }

    [Fact]
    public async Task PartitionsAreReadEachOnItsOwn()
    {
        _cluster.WithTopic("rides", partitions: 3).With("rides", 0, Events(0, 3)).With("rides", 2, Events(3, 11));
        _space.Topic = new("rides") { SliceOffsets = 10 };
        await _space.Done();
        Assert.Equal(["Count", "Fetch/rides-0-000000000000", "Fetch/rides-2-000000000000",
            "Fetch/rides-2-000000000010"], _space.Ran);
        Assert.Equal("14", _space.Count);
        Assert.StartsWith("""{"kafka_partition":2,"kafka_offset":10,""", _space.Lines("rides-2-000000000010")[0]);
    }

    [Fact]
    public async Task WhatIsNoEventIsQuarantinedByItsOffset()
    {
        _cluster.With("trips", 0, """{"a":1}""");
        _cluster.Add("trips", 0, "gone"u8.ToArray(), null);
        _cluster.With("trips", 0, "", "not json", "[1,2]", """{"a":1,"a":2}""", """{"a":"\ud800"}""");
        _cluster.Add("trips", 0, null, [0x7B, 0xFF, 0x7D]);
        _cluster.Add("trips", 0, [0xFE, 0x01], """{"a":3}"""u8.ToArray());
        _cluster.Add("trips", 0, null, """{"a":4}"""u8.ToArray(),
            new Timestamp(long.MaxValue / 2, TimestampType.CreateTime));
        await _space.Done();
        Assert.Equal("1", _space.Count);
        Assert.Equal("""
            file,line,column,value,reason
            trips-0,1,value,,a tombstone: its key 'gone' was deleted
            trips-0,2,value,,"expected JSON, which it is not in its line 1, byte 1"
            trips-0,3,value,not json,"expected JSON, which it is not in its line 1, byte 2"
            trips-0,4,value,"[1,2]","expected a JSON object, not Array"
            trips-0,5,value,"{""a"":1,""a"":2}","expected each member once, not 'a' twice"
            trips-0,6,value,"{""a"":""\ud800""}","expected text, not half of a surrogate pair"
            trips-0,7,value,{�},expected UTF-8
            trips-0,8,key,FE01,expected UTF-8; for other keys set Key to Base64 or LeftOut
            trips-0,9,timestamp,4611686018427387903,expected milliseconds since 1970 in the years 1 to 9999

            """.ReplaceLineEndings("\n"), _space.Text("Fetch/trips-0-000000000000", KafkaFetchStage.Quarantine));
        var report = _space.Text("Fetch/trips-0-000000000000", KafkaFetchStage.Report);
        Assert.Contains("\"tombstones\": 1,\n  \"malformed\": 8,", report);
        Assert.Contains("\"firstFault\": \"trips-0 line 1: column 'value' is empty, a tombstone: its key 'gone' was " +
            "deleted.\"", report);
    }

    [Theory]
    [InlineData(KafkaKey.Base64, "\"kafka_key\":\"/gE=\",")]
    [InlineData(KafkaKey.LeftOut, "")]
    public async Task KeysThatAreNoTextCanBeTaken(KafkaKey key, string text)
    {
        _space.Options = options => options with { Key = key };
        _cluster.Add("trips", 0, [0xFE, 0x01], """{"a":3}"""u8.ToArray());
        await _space.Done();
        Assert.Equal(["{\"kafka_partition\":0,\"kafka_offset\":0,\"kafka_timestamp\":\"2019-02-01T00:00:00.000Z\"," +
            text + "\"a\":3}"], _space.Lines("trips-0-000000000000"));
    }

    [Fact]
    public async Task SliceEndsWhereOnlyATransactionsMarkerIsLeft()
    {
        _cluster.With("trips", 0, Events(0, 9)).WithMarker("trips", 0).With("trips", 0, Events(9, 3))
            .WithMarker("trips", 0);
        await _space.Done();
        // Offsets 9 and 13 are markers: one is the last of a closed slice, one the last of the topic.
        Assert.Equal((9, 3), (_space.Lines("trips-0-000000000000").Length,
            _space.Lines("trips-0-000000000010").Length));
        Assert.Contains("\"end\": 10,\n  \"events\": 9,\n  \"tombstones\": 0,\n  \"malformed\": 0,",
            _space.Text("Fetch/trips-0-000000000000", KafkaFetchStage.Report));
        Assert.Contains("\"gaps\": 1", _space.Text("Fetch/trips-0-000000000010", KafkaFetchStage.Report));
    }

    [Fact]
    public async Task SliceWithoutEventsIsAnEmptyFile()
    {
        _cluster.WithMarker("trips", 0).WithMarker("trips", 0);
        await _space.Done();
        Assert.Equal("", _space.Text("Fetch/trips-0-000000000000", KafkaFetchStage.Events));
        Assert.Equal("0", _space.Count);
    }

    [Fact]
    public async Task MemberThatIsCalledAsAColumnOfOursIsASchemaFault()
    {
        _cluster.With("trips", 0, """{"a":1}""", """{"Kafka_Offset":1}""");
        var message = await _space.Failure();
        Assert.IsType<SourceSchemaException>(_space.Fault);
        Assert.Equal("Topic 'trips' partition 0 offset 1: the event has a member 'Kafka_Offset', which is what the " +
            "column is called that says where an event stood. Set Prefix to what no member begins with.", message);
        _space.Options = options => options with { Prefix = "_" };
        await _space.Done();
        Assert.EndsWith(",\"Kafka_Offset\":1}", _space.Lines("trips-0-000000000000")[1]);
    }

    [Fact]
    public async Task FetchedSliceStaysWhenItsEventsExpire()
    {
        _cluster.With("trips", 0, Events(0, 20));
        await _space.Done();
        _cluster.Expire("trips", 0, before: 15);
        _cluster.With("trips", 0, Events(20, 5));
        await _space.Done();
        Assert.Equal(["Count", "Fetch/trips-0-000000000020"], _space.Ran);
        Assert.Equal("25", _space.Count);
    }

    [Fact]
    public async Task ExpiredEventsThatWereNeverFetchedAreLost()
    {
        _cluster.With("trips", 0, Events(0, 20));
        _cluster.Expire("trips", 0, before: 15);
        _space.Topic = _space.Topic with { From = 10 };
        var message = await _space.Failure();
        Assert.IsType<LostSourceDataException>(_space.Fault);
        Assert.Equal("Topic 'trips' partition 0 has lost offsets 10 to 14: the earliest it has is 15. If another " +
            "cluster or a backup has them, read them from there. If not, start the partition at 15, with new " +
            "KafkaStart(0, 15) in Starts, which leaves out the slices before it, and fetch more often than the topic " +
            "forgets.", message);
        _space.Topic = _space.Topic with { Starts = [new(0, 15)] };
        await _space.Done();
        Assert.Equal("5", _space.Count);
    }

    [Fact]
    public async Task TopicMadeAnewIsAnotherTopic()
    {
        _cluster.With("trips", 0, Events(0, 10));
        await _space.Done();
        _cluster.Delete("trips");
        _cluster.WithTopic("trips").With("trips", 0, Events(50, 10));
        await _space.Done();
        Assert.Equal(["Count", "Fetch/trips-0-000000000000"], _space.Ran);
        Assert.Contains("\"id\":50", _space.Lines("trips-0-000000000000")[0]);
    }

    public void Dispose()
    {
        _space.Dispose();
        _cluster.Dispose();
    }

    private static string[] Events(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(id => $"{{\"id\":{id}}}")];
}
