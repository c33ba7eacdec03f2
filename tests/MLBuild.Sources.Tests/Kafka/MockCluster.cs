using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using MLBuild.Sources.Kafka;

namespace MLBuild.Sources.Tests.Kafka;

/// <summary>A Kafka cluster in memory, on loopback: the mock brokers of the client's native library, which speak the
/// protocol to any client. It lives as long as its producer.</summary>
internal sealed class MockCluster : IDisposable
{
    /// <summary>When every event here happened.</summary>
    public static readonly DateTime Time = new(2019, 2, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly nint _cluster;
    private readonly nint _library;

    public MockCluster()
    {
        var settings = new ProducerConfig { MessageMaxBytes = 10_000_000, LingerMs = 0, EnableMetricsPush = false };
        settings.Set("test.mock.num.brokers", "1");
        _producer = new ProducerBuilder<byte[]?, byte[]?>(settings).SetLogHandler((_, _) => { }).Build();
        _library = NativeLibrary.Load(Process.GetCurrentProcess().Modules.Cast<ProcessModule>()
            .First(module => module.ModuleName.Contains("librdkafka", StringComparison.Ordinal)).FileName);
        var handle = typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)!;
        _cluster = Native<OfPointer>("rd_kafka_handle_mock_cluster")(
            ((SafeHandle)handle.GetValue(_producer.Handle)!).DangerousGetHandle());
        // Without a controller, which only this gives it, nobody tells a topic's id.
        Demand(Native<OfBroker>("rd_kafka_mock_set_controller_id")(_cluster, 1));
        Servers = Marshal.PtrToStringUTF8(Native<OfPointer>("rd_kafka_mock_cluster_bootstraps")(_cluster))!;
    }

    private delegate nint OfPointer(nint pointer);

    private delegate int CreatesTopic(
        nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partitions, int replicas);

    private delegate int DeletesTopic(nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic);

    private delegate int DeletesRecords(
        nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string topic, int partition, long before);

    private delegate void PushesErrors(nint cluster, short request, nint count, int[] errors);

    private delegate int OfBroker(nint cluster, int broker);

    public string Servers { get; }

    // As patient as can be: a machine that is busy for seconds is no fault of a cluster.
    public KafkaServer Server => new(Servers) { TimeoutSeconds = 300 };

    public MockCluster WithTopic(string topic, int partitions = 1)
    {
        Demand(Native<CreatesTopic>("rd_kafka_mock_topic_create")(_cluster, topic, partitions, 1));
        return this;
    }

    public void Delete(string topic) => Demand(Native<DeletesTopic>("rd_kafka_mock_topic_delete")(_cluster, topic));

    /// <summary>Forgets events, as retention does.</summary>
    public void Expire(string topic, int partition, long before) =>
        Demand(Native<DeletesRecords>("rd_kafka_mock_partition_delete_records")(_cluster, topic, partition, before));

    /// <summary>Answers the next requests of one kind with an error.</summary>
    public void Refuse(short request, ErrorCode error, int times = 100) =>
        Native<PushesErrors>("rd_kafka_mock_push_request_errors_array")(
            _cluster, request, times, [.. Enumerable.Repeat((int)error, times)]);

    /// <summary>Closes the doors of all brokers.</summary>
    public void GoDown() => Demand(Native<OfBroker>("rd_kafka_mock_broker_set_down")(_cluster, -1));

    /// <summary>Adds events, one after the other, without keys.</summary>
    public MockCluster With(string topic, int partition, params string[] values)
    {
        foreach (var value in values)
            Add(topic, partition, null, Encoding.UTF8.GetBytes(value));
        return this;
    }

    public void Add(string topic, int partition, byte[]? key, byte[]? value, Timestamp? time = null) =>
        // Waits for its acknowledgement, so that offsets are those of the order of the calls.
        _producer.ProduceAsync(new TopicPartition(topic, partition), new()
        {
            Key = key,
            Value = value,
            Timestamp = time ?? new(Time),
        }).GetAwaiter().GetResult();

    /// <summary>Adds the marker of a transaction: it takes an offset and is no event.</summary>
    /// <param name="damaged">Its checksum is that of other bytes.</param>
    public MockCluster WithMarker(string topic, int partition, bool damaged = false)
    {
        TransactionMarker.Send(Servers, topic, partition, damaged);
        return this;
    }

    public void Dispose() => _producer.Dispose();

    private static void Demand(int error)
    {
        if (error != 0)
            throw new KafkaException((ErrorCode)error);
    }

    private T Native<T>(string function) where T : Delegate =>
        Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, function));
}
