using Confluent.Kafka;

namespace MLBuild.Sources.Kafka;

/// <summary>Reads the events of one slice in the order of their offsets. No consumer group is joined and nothing is
/// committed: the same slice can be read again.</summary>
internal static class KafkaReader
{
    // How long to wait at once: a stage that is asked to stop does so within this time.
    private const int PollMilliseconds = 100;

    // Fetched ahead of what is being written, for each partition.
    private const int QueuedKilobytes = 16_384;

    /// <exception cref="SourceFaultException">The cluster fails, or no longer has what the slice needs.</exception>
    public static IEnumerable<ConsumeResult<byte[]?, byte[]?>> Read(
        KafkaServer server, KafkaSlice slice, string? password, CancellationToken cancel)
    {
        var errors = new KafkaErrors(server, slice.Topic, password);
        using var consumer = KafkaErrors.Opened(server, () =>
            new ConsumerBuilder<byte[]?, byte[]?>(Settings(server, slice, password))
                .SetErrorHandler((_, error) => errors.Add(error)).SetLogHandler((_, line) => errors.Add(line)).Build());
        consumer.Assign(new TopicPartitionOffset(slice.Topic, slice.Partition, slice.First));
        for (var waited = 0; ;)
        {
            cancel.ThrowIfCancellationRequested();
            var next = Next(consumer, errors);
            if (errors.Hopeless.IsCompleted || waited >= server.TimeoutSeconds * 1_000)
                throw errors.Fault();
            // An end that is before the slice's is one of a broker that lags behind the others.
            if (next is null || (next.IsPartitionEOF && next.Offset < slice.End))
            {
                waited += PollMilliseconds;
                continue;
            }
            // The last offsets may be a transaction's marker or compacted: only what is behind them tells.
            if (next.Offset >= slice.End)
                yield break;
            waited = 0;
            yield return next;
            if (next.Offset == slice.End - 1)
                yield break;
        }
    }

    private static ConsumeResult<byte[]?, byte[]?>? Next(
        IConsumer<byte[]?, byte[]?> consumer, KafkaErrors errors)
    {
        try
        {
            return consumer.Consume(PollMilliseconds);
        }
        // The group that the client must name is never joined, so a right to it is not needed.
        catch (ConsumeException e) when (e.Error.Code == ErrorCode.GroupAuthorizationFailed)
        {
            return null;
        }
        catch (ConsumeException e) when (!KafkaFaults.IsPassing(e.Error.Code))
        {
            throw errors.Fault(e.Error, e);
        }
        catch (ConsumeException e)
        {
            errors.Add(e.Error);
            return null;
        }
    }

    private static ConsumerConfig Settings(KafkaServer server, KafkaSlice slice, string? password) =>
        new(KafkaClients.Settings(server, password))
        {
            GroupId = "mlbuild",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            EnablePartitionEof = true,
            // How long a broker waits for more at the end of a partition.
            FetchWaitMaxMs = PollMilliseconds,
            CheckCrcs = true,
            IsolationLevel = KafkaClients.Level(slice.Isolation),
            QueuedMaxMessagesKbytes = QueuedKilobytes,
            // Once the queue is full; the client's own second would be most of the time that a slice takes.
            FetchQueueBackoffMs = 10,
            MessageMaxBytes = 1_000_000,
            FetchMaxBytes = Math.Min(server.MaxMessageBytes, QueuedKilobytes * 1_024),
            ConsumeResultFields = "timestamp",
        };
}
