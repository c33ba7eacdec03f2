using System.Globalization;
using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Kafka;

/// <summary>A range of offsets of one partition of a topic: what a fetch reads, and its identity.</summary>
/// <param name="TopicId">Told apart from a topic of another cluster, or that is later made under the same name, whose
/// offsets mean other events. Brokers older than 2.8 give none: there it is <c>of</c> the servers that were asked, and
/// a topic made anew is noticed only while it is shorter.</param>
/// <param name="First">The first offset.</param>
/// <param name="End">The offset behind the last.</param>
public sealed record KafkaSlice(
    string Topic, string TopicId, int Partition, long First, long End, KafkaIsolation Isolation) : INamedPoint
{
    // Without the end: a slice that grows stays the same partition of the stage.
    string INamedPoint.PartitionName => Invariant($"{Topic}-{Partition}-{First:D12}");

    /// <summary><c>Topic 'trips' partition 0</c>, as messages say it.</summary>
    internal string Where => Invariant($"Topic '{Topic}' partition {Partition}");

    /// <summary>The slices from an offset to the end of a partition; none where it has not grown to there.</summary>
    internal static IEnumerable<KafkaSlice> Of(
        KafkaTopic topic, string topicId, int partition, long high)
    {
        var first = topic.Starts.FirstOrDefault(start => start.Partition == partition)?.Offset ?? topic.From;
        while (first < high)
        {
            var boundary = ((first / topic.SliceOffsets) + 1) * topic.SliceOffsets;
            var end = Math.Min(boundary, high);
            yield return new(topic.Name, topicId, partition, first, end, topic.Isolation);
            first = end;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
