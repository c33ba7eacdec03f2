using System.Buffers.Binary;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using Confluent.Kafka;

namespace MLBuild.Sources.Tests.Kafka;

/// <summary>The batch that a broker puts behind the events of a transaction. The mock cluster makes such markers too,
/// but without the checksum that a reader looks at.</summary>
internal static class TransactionMarker
{
    private const short Produce = 0;
    private const short ProduceVersion = 3;
    private const short IsControl = 0x20;

    public static void Send(string server, string topic, int partition, bool damaged)
    {
        using var client = new TcpClient();
        client.Connect("127.0.0.1", int.Parse(server.Split(':')[1]));
        var batch = Batch();
        if (damaged)
            batch[^1]++;
        var request = new BigEndian().Add(Produce).Add(ProduceVersion).Add(7).Add("tests")
            .Add((short)-1).Add((short)-1).Add(5_000)
            .Add(1).Add(topic).Add(1).Add(partition).Add(batch.Length).Add(batch).Bytes;
        client.GetStream().Write(new BigEndian().Add(request.Length).Add(request).Bytes);
        var size = new byte[4];
        client.GetStream().ReadExactly(size);
        var answer = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        client.GetStream().ReadExactly(answer);
        // Behind correlation, one topic, its name, one partition and its number.
        var error = BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4 + 4 + 2 + topic.Length + 4 + 4));
        if (error != 0)
            throw new KafkaException((ErrorCode)error);
    }

    // RecordBatch and control record, https://kafka.apache.org/documentation/#recordbatch
    private static byte[] Batch()
    {
        byte[] key = [0, 0, 0, 1];
        byte[] value = [0, 0, 0, 0, 0, 0];
        byte[] record = [0, 0, 0, (byte)(2 * key.Length), .. key, (byte)(2 * value.Length), .. value, 0];
        var checkedPart = new BigEndian().Add(IsControl).Add(0).Add(0L).Add(0L).Add(-1L).Add((short)-1).Add(-1).Add(1)
            .Add([(byte)(2 * record.Length), .. record]).Bytes;
        return new BigEndian().Add(0L).Add(4 + 1 + 4 + checkedPart.Length).Add(0).Add([2]).Add(Crc(checkedPart))
            .Add(checkedPart).Bytes;
    }

    private static int Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return (int)~crc;
    }
}

/// <summary>Bytes as Kafka's protocol has them.</summary>
internal sealed class BigEndian
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public BigEndian Add(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public BigEndian Add(short number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, number);
        return Add(bytes);
    }

    public BigEndian Add(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return Add(bytes);
    }

    public BigEndian Add(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return Add(bytes);
    }

    public BigEndian Add(string text) => Add((short)text.Length).Add(Encoding.UTF8.GetBytes(text));
}
