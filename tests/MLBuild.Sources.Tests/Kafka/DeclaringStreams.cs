using MLBuild.Engine.Code;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Sources.Kafka;

namespace MLBuild.Sources.Tests.Kafka;

/// <summary>What a build says of a topic, and what of it is in a recipe.</summary>
public sealed class DeclaringStreams
{
    private static readonly KafkaSlice Slice = new("trips", "id", 0, 10, 20, KafkaIsolation.ReadCommitted);

    public static TheoryData<string, KafkaServer> WrongServers => new()
    {
        { "BootstrapServers has '', expected host:port", new("") },
        { "BootstrapServers has 'b', expected host:port", new("a:1, b") },
        { "BootstrapServers has ':9092', expected host:port", new(":9092") },
        { "BootstrapServers has 'a:70000', expected host:port", new("a:70000") },
        { "TimeoutSeconds is 0, expected 1 to 300", new("a:1") { TimeoutSeconds = 0 } },
        { "TimeoutSeconds is 301, expected 1 to 300; MaxMessageBytes is 999999, expected 1000000 to 1000000000",
            new("a:1") { TimeoutSeconds = 301, MaxMessageBytes = 999_999 } },
        { "Security.User is empty, expected the name of a user; Security.Secret is empty, expected the name of a " +
            "secret",
            new("a:1") { Security = new KafkaSecurity.Sasl(KafkaMechanism.Plain, "", "") } },
    };

    public static TheoryData<string, KafkaTopic> WrongTopics => new()
    {
        { "Topic '' cannot be sliced: Name is empty, expected the name of a topic.", new("") },
        { "Topic 'trips' cannot be sliced: SliceOffsets is 0, expected at least 1; From is -1, expected at least 0.",
            new("trips") { SliceOffsets = 0, From = -1 } },
        { "Topic 'trips' cannot be sliced: Starts has partition -1 at 0, expected numbers from 0; Starts has " +
            "partition 1 more than once.", new("trips") { Starts = [new(-1, 0), new(1, 0), new(1, 5)] } },
    };

    [Theory]
    [MemberData(nameof(WrongServers))]
    public void WrongServerIsExplained(string faults, KafkaServer server) => Assert.Equal(
        $"No Kafka cluster can be reached: {faults}.",
        Assert.Throws<ArgumentException>(() => KafkaSlices.List(server, new("trips"))).Message);

    [Theory]
    [MemberData(nameof(WrongTopics))]
    public void WrongTopicIsExplained(string message, KafkaTopic topic) => Assert.Equal(
        message, Assert.Throws<ArgumentException>(() => KafkaSlices.List(new("a:1"), topic)).Message);

    [Theory]
    [InlineData("")]
    [InlineData("kafka.")]
    public void WrongPrefixIsExplained(string prefix) => Assert.Equal(
        $"Prefix is '{prefix}', expected 1 to 40 letters, digits or '_'.", Assert.Throws<ArgumentException>(() =>
            new KafkaFetchOptions(new("a:1"), Slice) { Prefix = prefix }.Validate()).Message);

    [Fact]
    public void SliceIsNamedByItsPartitionAndFirstOffset() =>
        Assert.Equal("trips-0-000000000010", ((INamedPoint)Slice).PartitionName);

    // As brokers older than 2.8 say it: of all topics of all clusters.
    [Fact]
    public void TopicWithoutAnIdIsOfItsServers()
    {
        Assert.Equal("of a:1,b:1", KafkaSlices.IdentityOf(new(0, 0), new("a:1,b:1")));
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAAQ", KafkaSlices.IdentityOf(new(0, 1), new("a:1")));
    }

    [Fact]
    public void RecipeHasWhatIsReadAndNotWhereOrHow() => Assert.Equal(
    [
        "Key=Text", "Prefix=kafka_", "Slice.End=20", "Slice.First=10", "Slice.Isolation=ReadCommitted",
        "Slice.Partition=0", "Slice.Topic=trips", "Slice.TopicId=id", "Slice=KafkaSlice",
    ], ParameterEntries.Of(new KafkaFetchOptions(new("a:1"), Slice)).Select(entry => $"{entry.Name}={entry.Value}")
        .Order(StringComparer.Ordinal));

    [Fact]
    public void FetchingIsNoFinding()
    {
        var stage = new StageBuilder(new("Fetch")).Writes(KafkaFetchStage.Outputs).ForEach(() => new[] { Slice })
            .Runs<KafkaSlice, KafkaFetchOptions>(KafkaFetchStage.Run, slice => new(new("a:1"), slice)).Build();
        var code = ReachabilityFingerprint.OfThisProgram().Of(stage);
        Assert.Contains(code.Entries, entry => entry.Name.Contains("KafkaReader.Read", StringComparison.Ordinal));
        Assert.Empty(code.Findings.Select(finding => $"{finding}"));
    }
}
