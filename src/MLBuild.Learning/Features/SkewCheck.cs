using System.Globalization;

namespace MLBuild.Learning.Features;

/// <summary>Joins rows that were served with training rows of the same keys, and compares them bit for bit, feature by
/// feature. Both are computed with the state of one model. The served rows are added first; they are held in memory,
/// with the training rows that join them.</summary>
/// <param name="version">Of that model.</param>
public sealed class SkewCheck(FeatureSchema schema, int version)
{
    private const int MostExamples = 5;

    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);
    private long _onlyInTraining;
    private long _servedByOthers;

    public void AddServed(string key, ReadOnlySpan<float> values)
    {
        if (!_keys.TryGetValue(key, out var known))
            _keys[key] = known = new();
        known.Served.Add(values.ToArray());
    }

    /// <summary>Adds a row that another version served: it is counted only.</summary>
    public void AddServedByOther() => _servedByOthers++;

    public void AddTraining(string key, ReadOnlySpan<float> values)
    {
        if (!_keys.TryGetValue(key, out var known))
            _onlyInTraining++;
        else if (known.Training is null)
            known.Training = values.ToArray();
        else
            known.IsAmbiguous |= !AreSame(known.Training, values);
    }

    public SkewReport Complete()
    {
        var features = schema.Names.Select(name => new Tally(name)).ToArray();
        var (joined, mismatched, onlyInServing, ambiguous) = (0L, 0L, 0L, 0L);
        foreach (var (key, known) in _keys.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (known.Training is null)
                onlyInServing += known.Served.Count;
            else if (known.IsAmbiguous)
                ambiguous += known.Served.Count;
            else
            {
                joined += known.Served.Count;
                mismatched += known.Served.Count(served => Compare(key, known, served, features));
            }
        }
        return new(
            version, joined == 0 ? SkewVerdict.NothingJoined : mismatched == 0 ? SkewVerdict.Same : SkewVerdict.Skewed,
            joined, mismatched, _onlyInTraining, onlyInServing, ambiguous, _servedByOthers,
            [.. features.Select(feature => new FeatureSkew(feature.Name, feature.Mismatches, feature.Examples))]);
    }

    private bool Compare(string key, Key known, float[] served, Tally[] features)
    {
        var differs = false;
        for (var i = 0; i < features.Length; i++)
        {
            if (IsSame(known.Training![i], served[i]))
                continue;
            differs = true;
            if (features[i].Mismatches++ < MostExamples)
                features[i].Examples.Add(new(key, Text(known.Training[i]), Text(served[i])));
        }
        return differs;
    }

    private static bool AreSame(float[] one, ReadOnlySpan<float> other)
    {
        for (var i = 0; i < one.Length; i++)
        {
            if (!IsSame(one[i], other[i]))
                return false;
        }
        return true;
    }

    // The bits of a NaN say nothing, and no text keeps them.
    private static bool IsSame(float one, float other) => float.IsNaN(one)
        ? float.IsNaN(other)
        : BitConverter.SingleToInt32Bits(one) == BitConverter.SingleToInt32Bits(other);

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private sealed class Key
    {
        public List<float[]> Served { get; } = [];

        public float[]? Training { get; set; }

        public bool IsAmbiguous { get; set; }
    }

    private sealed class Tally(string name)
    {
        public string Name => name;

        public long Mismatches { get; set; }

        public List<SkewExample> Examples { get; } = [];
    }
}
