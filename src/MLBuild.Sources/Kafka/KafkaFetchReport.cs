using System.Text.Json.Serialization;

namespace MLBuild.Sources.Kafka;

/// <summary>What became of the offsets of one slice: events + tombstones + malformed + gaps = end − first.</summary>
/// <param name="First">The first offset.</param>
/// <param name="End">The offset behind the last.</param>
/// <param name="Tombstones">Events without a value, which say that their key was deleted; quarantined.</param>
/// <param name="Malformed">Events whose value is no JSON object, or whose key or time cannot be kept;
/// quarantined.</param>
/// <param name="Bytes">Of all keys and values.</param>
/// <param name="Gaps">Offsets without an event: markers and events of transactions, and what was compacted.</param>
public sealed record KafkaFetchReport(
    string Topic, int Partition, long First, long End, long Events, long Tombstones, long Malformed, long Bytes,
    long Gaps)
{
    /// <summary>The first event that was quarantined, in words; none where all could be taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstFault { get; init; }
}
