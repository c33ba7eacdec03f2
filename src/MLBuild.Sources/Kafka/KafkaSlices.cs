using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace MLBuild.Sources.Kafka;

/// <summary>Lists what a topic has, in slices: the partitions of a fetch stage. One round trip for the topic and one
/// for the ends of its partitions; no event is read.</summary>
public static class KafkaSlices
{
    /// <summary>Every slice from the declared start to the end that the topic has when it is asked. Slices whose events
    /// have expired since are listed too: those that were fetched stay part of the input, and one that never was
    /// fails when it is fetched.</summary>
    /// <param name="password">The value of <see cref="KafkaServer.Secret"/>, where there is one.</param>
    /// <exception cref="SourceFaultException">The cluster cannot be reached, refuses, or has no such topic.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IReadOnlyList<KafkaSlice> List(KafkaServer server, KafkaTopic topic, string? password = null)
    {
        server.Validate();
        topic.Validate();
        using var admin = new KafkaAdmin(server, topic.Name, password);
        var described = admin.Describe();
        var partitions = described.Partitions.Select(partition => partition.Partition).Order().ToArray();
        var unknown = topic.Starts.Where(start => !partitions.Contains(start.Partition)).ToArray();
        if (unknown.Length > 0)
            throw new SourceSchemaException(
                $"Starts names {string.Join(", ", unknown.Select(start => start.ToString()))} of topic " +
                $"'{topic.Name}', which has partitions 0 to {partitions[^1]}. Leave out what is not there.");
        var ends = admin.Offsets(partitions, OffsetSpec.Latest(), topic.Isolation);
        return [.. partitions.SelectMany(partition =>
            KafkaSlice.Of(topic, IdentityOf(described.TopicId, server), partition, ends[partition]))];
    }

    /// <summary>What tells the topic from others of its name.</summary>
    internal static string IdentityOf(Uuid topicId, KafkaServer server) =>
        topicId is { MostSignificantBits.Value: 0, LeastSignificantBits.Value: 0 }
            ? $"of {server.BootstrapServers}"
            : $"{topicId}";
}
