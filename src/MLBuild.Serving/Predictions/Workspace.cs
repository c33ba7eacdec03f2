using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Predictions;

/// <summary>The memory that one request is answered in, and another after it: its body, rows, features, scores and
/// answer. What it holds is valid until it is returned to its pool.</summary>
internal sealed class Workspace<TRow>
{
    // A request of more rows or bytes is rare, and would keep its memory for ever.
    private const int MostKeptRows = 4_096;
    private const int MostKeptBytes = 1 << 20;

    private float[] _features = [];
    private float[] _scores = [];
    private RowKey?[] _keys = [];

    public ArrayBufferWriter<byte> Body { get; } = new();

    /// <summary>More than the request has, where an earlier one had more.</summary>
    public List<TRow> Rows { get; } = [];

    /// <summary>Rows of the request.</summary>
    public int RowCount { get; set; }

    /// <summary>What names the request: the key of its first row; null where that cannot be told.</summary>
    public RowKey? RequestKey { get; set; }

    /// <summary>The version that the request was given to; null before, and where it has no rows.</summary>
    public int? Version { get; set; }

    public ArrayBufferWriter<byte> Answer { get; } = new();

    public Utf8JsonWriter Json { get; } = new(Stream.Null);

    /// <summary>Room for so many numbers, to fill.</summary>
    public Span<float> Features(int count) => Room(ref _features, count);

    /// <summary>Room for so many numbers, to fill.</summary>
    public Span<float> Scores(int count) => Room(ref _scores, count);

    /// <summary>Room for so many keys, to fill.</summary>
    public Span<RowKey?> Keys(int count) => Room(ref _keys, count);

    private static Span<T> Room<T>(ref T[] values, int count)
    {
        if (values.Length < count)
            values = new T[Math.Max(count, 2 * values.Length)];
        return values.AsSpan(0, count);
    }

    public sealed class Policy : PooledObjectPolicy<Workspace<TRow>>
    {
        public override Workspace<TRow> Create() => new();

        public override bool Return(Workspace<TRow> used)
        {
            used.Version = null;
            used.Body.ResetWrittenCount();
            used.Answer.ResetWrittenCount();
            used.Json.Reset(Stream.Null);
            return used.Rows.Count <= MostKeptRows && used.Body.Capacity <= MostKeptBytes
                && used.Answer.Capacity <= MostKeptBytes;
        }
    }
}
