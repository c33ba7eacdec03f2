using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace MLBuild.Sources.Kafka;

/// <summary>Asks a cluster about one topic. Every failure comes out as a typed fault.</summary>
internal sealed class KafkaAdmin : IDisposable
{
    private readonly KafkaErrors _errors;
    private readonly IAdminClient _client;
    private readonly KafkaServer _server;
    private readonly string _topic;

    public KafkaAdmin(KafkaServer server, string topic, string? password)
    {
        (_server, _topic, _errors) = (server, topic, new(server, topic, password));
        _client = KafkaErrors.Opened(server, () => new AdminClientBuilder(KafkaClients.Settings(server, password))
            .SetErrorHandler((_, error) => _errors.Add(error)).SetLogHandler((_, line) => _errors.Add(line)).Build());
    }

    private TimeSpan Timeout => TimeSpan.FromSeconds(_server.TimeoutSeconds);

    public TopicDescription Describe() => Ask(() => _client.DescribeTopicsAsync(
        TopicCollection.OfTopicNames([_topic]), new() { RequestTimeout = Timeout })).TopicDescriptions[0];

    /// <summary>One offset of each partition.</summary>
    public IReadOnlyDictionary<int, long> Offsets(
        IEnumerable<int> partitions, OffsetSpec spec, KafkaIsolation isolation)
    {
        var asked = partitions.Select(partition => new TopicPartitionOffsetSpec
        {
            TopicPartition = new(_topic, partition),
            OffsetSpec = spec,
        });
        return Ask(() => _client.ListOffsetsAsync(
                asked, new() { RequestTimeout = Timeout, IsolationLevel = KafkaClients.Level(isolation) }))
            .ResultInfos.Select(info => info.TopicPartitionOffsetError)
            .ToDictionary(info => info.Partition.Value, info => info.Offset.Value);
    }

    public void Dispose() => _client.Dispose();

    private T Ask<T>(Func<Task<T>> question)
    {
        try
        {
            var answer = question();
            // Who is refused is refused again: there is no use in trying until the time is up.
            if (Task.WhenAny(answer, _errors.Hopeless).GetAwaiter().GetResult() != answer)
                throw _errors.Fault();
            return answer.GetAwaiter().GetResult();
        }
        catch (DescribeTopicsException e)
        {
            throw _errors.Fault(e.Results.TopicDescriptions.Select(one => one.Error).First(error => error.IsError), e);
        }
        catch (ListOffsetsException e)
        {
            throw _errors.Fault(e.Result.ResultInfos.Select(one => one.TopicPartitionOffsetError.Error)
                .First(error => error.IsError), e);
        }
        catch (KafkaException e)
        {
            throw _errors.Fault(e.Error, e);
        }
    }
}
