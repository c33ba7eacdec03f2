using System.Text.Json.Serialization;

namespace MLBuild.Sources.Kafka;

/// <summary>What became of the offsets of one slice: events + tombstones + malformed + gaps = end − first.</summary>
public sealed record KafkaFetchReport
{
    public required string Topic { get; init; }

    public required int Partition { get; init; }

    /// <summary>The first offset.</summary>
    public required long First { get; init; }

    /// <summary>The offset behind the last.</summary>
    public required long End { get; init; }

    public required long Events { get; init; }

    /// <summary>Events without a value, which say that their key was deleted; quarantined.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Events whose value is no JSON object, or whose key or time cannot be kept; quarantined.</summary>
    public required long Malformed { get; init; }

    /// <summary>Of all keys and values.</summary>
    public required long Bytes { get; init; }

    /// <summary>Offsets without an event: markers and events of transactions, and what was compacted.</summary>
    public required long Gaps { get; init; }

    /// <summary>The first event that was quarantined, in words; none where all could be taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstFault { get; init; }
}
