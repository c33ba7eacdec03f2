using System.Collections.Concurrent;
using Confluent.Kafka;

namespace MLBuild.Sources.Kafka;

/// <summary>What a client said of its connections while it worked. A request that gets no answer only says that it
/// took too long; why is among these.</summary>
/// <param name="password">Is in no fault, even if a broker says it.</param>
internal sealed class KafkaErrors(KafkaServer server, string topic, string? password)
{
    private readonly ConcurrentQueue<Error> _errors = [];
    private readonly TaskCompletionSource _hopeless = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when trying again is of no use.</summary>
    public Task Hopeless => _hopeless.Task;

    public void Add(Error error)
    {
        _errors.Enqueue(WithoutPassword(error));
        if (KafkaFaults.IsHopeless(error.Code))
            _hopeless.TrySetResult();
    }

    /// <summary>Takes a line of the client's own log, which it would show on the console otherwise. Some reasons why a
    /// connection ended are said there only.</summary>
    public void Add(LogMessage line)
    {
        if (line.Facility == "FAIL")
            _errors.Enqueue(WithoutPassword(new(ErrorCode.Local_Transport, line.Message)));
    }

    /// <summary>What ended the work; where that may come of a connection's trouble, the fault behind what was said so
    /// far.</summary>
    /// <param name="last">With what the work ended.</param>
    public SourceFaultException Fault(Error? last = null, Exception? inner = null)
    {
        Error[] ended = last is null ? [] : [WithoutPassword(last)];
        // Said of a connection first, the same error says more.
        var said = last is not null && !KafkaFaults.IsPassing(last.Code)
            ? _errors.Where(error => error.Code == last.Code)
            : _errors;
        return KafkaFaults.Of(KafkaFaults.Cause([.. said, .. ended]), server, topic, inner);
    }

    private Error WithoutPassword(Error error) => password is { Length: > 0 }
        ? new(error.Code, error.Reason.Replace(password, "***", StringComparison.Ordinal))
        : error;

    /// <summary>Makes a client.</summary>
    /// <exception cref="ArgumentException">An option is nothing that a client can be made with.</exception>
    public static TClient Opened<TClient>(KafkaServer server, Func<TClient> make)
    {
        try
        {
            return make();
        }
        catch (InvalidOperationException e)
        {
            throw new ArgumentException($"Security of Kafka at {server.BootstrapServers} cannot be used: " +
                $"{KafkaFaults.Reason(e.Message)}.", e);
        }
    }
}
