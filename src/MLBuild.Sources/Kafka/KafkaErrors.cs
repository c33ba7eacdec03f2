using System.Collections.Concurrent;
using Confluent.Kafka;

namespace MLBuild.Sources.Kafka;

/// <summary>What a client said of its connections while it worked. A request that gets no answer only says that it
/// took too long; why is among these.</summary>
internal sealed class KafkaErrors(KafkaServer server, string topic)
{
    private readonly ConcurrentQueue<Error> _errors = [];
    private readonly TaskCompletionSource _hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when trying again is of no use.</summary>
    public Task Hopeless => _hopeless.Task;

    public void Add(Error error)
    {
        _errors.Enqueue(error);
        if (KafkaFaults.IsHopeless(error.Code))
            _hopeless.TrySetResult();
    }

    /// <summary>The fault behind what was said so far.</summary>
    /// <param name="last">With what the work ended.</param>
    public SourceFaultException Fault(Error? last = null, Exception? inner = null) =>
        KafkaFaults.Of(KafkaFaults.Cause([.. _errors, .. last is null ? Array.Empty<Error>() : [last]]), server, topic,
            inner);

    /// <summary>Makes a client. One that cannot even be made has certificates that cannot be read.</summary>
    public static TClient Opened<TClient>(KafkaServer server, Func<TClient> make)
    {
        try
        {
            return make();
        }
        catch (InvalidOperationException e)
        {
            throw new UnreachableSourceException(
                $"No connection to Kafka at {server.BootstrapServers} can be made: {KafkaFaults.Reason(e.Message)}. " +
                "Mend the options of the server.", e);
        }
    }
}
