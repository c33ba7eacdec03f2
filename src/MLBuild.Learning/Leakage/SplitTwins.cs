using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MLBuild.Learning.Leakage;

/// <summary>Finds held-out rows that a model has learned by heart: a training row has the same features and the same
/// label under another key. Held-out rows are added first; 16 bytes and the key of each are held.</summary>
/// <param name="counts">By feature: whether it counts. Those that were fitted do not: they are other values for equal
/// rows of the two sides.</param>
public sealed class SplitTwins(IEnumerable<bool> counts)
{
    private const int MostExamples = 5;

    private readonly bool[] _counts = [.. counts];
    private readonly Dictionary<UInt128, HeldOut> _heldOut = [];
    private readonly List<Twins> _examples = [];
    private byte[] _bytes = [];
    private long _all;
    private long _rows;

    public void AddHeldOut(ReadOnlySpan<float> features, double label, string key)
    {
        _all++;
        var hash = HashOf(features, label);
        if (!_heldOut.TryGetValue(hash, out var rows))
            _heldOut[hash] = rows = new(key);
        rows.Count++;
    }

    public void AddTraining(ReadOnlySpan<float> features, double label, string key)
    {
        if (!_heldOut.TryGetValue(HashOf(features, label), out var rows) || rows.IsFound)
            return;
        rows.IsFound = true;
        _rows += rows.Count;
        if (_examples.Count < MostExamples)
            _examples.Add(new(rows.Key, key));
    }

    public TwinLeak Complete(LeakageLimits limits) => new(_all, _rows, [.. _examples],
        _rows == 0 ? LeakVerdict.None : _rows > limits.MaxTwinShare * _all ? LeakVerdict.Fail : LeakVerdict.Warn);

    private UInt128 HashOf(ReadOnlySpan<float> features, double label)
    {
        if (_bytes.Length == 0)
            _bytes = new byte[(features.Length * sizeof(float)) + sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes, label);
        for (var i = 0; i < features.Length; i++)
        {
            var at = _bytes.AsSpan(sizeof(double) + (i * sizeof(float)));
            // One of the many that are no number; what does not count is equal in all rows.
            BinaryPrimitives.WriteSingleLittleEndian(
                at, !_counts[i] ? 0 : float.IsNaN(features[i]) ? float.NaN : features[i]);
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private sealed class HeldOut(string key)
    {
        public string Key => key;

        public int Count { get; set; }

        public bool IsFound { get; set; }
    }
}
