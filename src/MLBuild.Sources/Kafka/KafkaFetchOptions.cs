using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Kafka;

/// <summary>What is fetched, and what becomes of it.</summary>
/// <param name="Server">Where it is. Not in the recipe: the slice's topic id tells clusters apart, and where there is
/// none, their addresses are in it; events that were fetched may be gone when a broker gets another name.</param>
public sealed record KafkaFetchOptions([property: NotAnInput] KafkaServer Server, KafkaSlice Slice)
{
    /// <summary>What becomes of an event's key. Default a text.</summary>
    public KafkaKey Key { get; init; } = KafkaKey.Text;

    /// <summary>What the names begin with of the columns that say where an event stood: <c>kafka_partition</c>,
    /// <c>kafka_offset</c>, <c>kafka_timestamp</c>, <c>kafka_key</c>. 1 to 40 letters, digits or <c>_</c>.</summary>
    public string Prefix { get; init; } = "kafka_";

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public void Validate()
    {
        Server.Validate();
        if (Prefix.Length is 0 or > 40 || !Prefix.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new ArgumentException($"Prefix is '{Prefix}', expected 1 to 40 letters, digits or '_'.");
    }
}

/// <summary>What becomes of an event's key.</summary>
public enum KafkaKey
{
    /// <summary>A text in UTF-8; an event with another key is quarantined.</summary>
    Text,

    /// <summary>Its bytes, as base64.</summary>
    Base64,

    LeftOut,
}
