using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Leakage;

/// <summary>Finds held-out rows that a model has learned by heart: a training row has the same features and the same
/// label under another key. Held-out rows are added first; about 64 bytes of each are held.</summary>
/// <remarks>Of both sides the features that a row is served with: those that training rows are learned with may be
/// computed without their own label, and then are other values for equal rows.</remarks>
public sealed class SplitTwins
{
    private const int MostExamples = 5;

    private readonly Dictionary<UInt128, HeldOut> _heldOut = [];
    private readonly List<Twins> _examples = [];
    private byte[] _bytes = [];
    private long _all;
    private long _rows;

    public void AddHeldOut(ReadOnlySpan<float> served, double label, RowKey key)
    {
        _all++;
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _heldOut, HashOf(served, label), out var isKnown);
        rows = isKnown ? rows with { Count = rows.Count + 1 } : new(key, 1, IsFound: false);
    }

    public void AddTraining(ReadOnlySpan<float> served, double label, RowKey key)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrNullRef(_heldOut, HashOf(served, label));
        if (Unsafe.IsNullRef(ref rows) || rows.IsFound)
            return;
        rows = rows with { IsFound = true };
        _rows += rows.Count;
        if (_examples.Count < MostExamples)
            _examples.Add(new(rows.Key.ToString(), key.ToString()));
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
            // One of the many that are no number.
            BinaryPrimitives.WriteSingleLittleEndian(
                _bytes.AsSpan(sizeof(double) + (i * sizeof(float))),
                float.IsNaN(features[i]) ? float.NaN : features[i]);
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private readonly record struct HeldOut(RowKey Key, int Count, bool IsFound);
}
