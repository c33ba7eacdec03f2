using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Features;

/// <summary>Reads training rows, in any order, for the features that need it.</summary>
public sealed class FeatureFit<TRow>
{
    private readonly FeatureSet<TRow> _set;
    private readonly Feature<TRow>[] _features;
    private readonly SortedDictionary<string, FeatureFitPart<TRow>> _parts = new(StringComparer.Ordinal);

    internal FeatureFit(FeatureSet<TRow> set, Feature<TRow>[] features)
    {
        (_set, _features) = (set, features);
        foreach (var fitting in features.Select(feature => feature.Fitting).OfType<FeatureFitting<TRow>>())
        {
            // A name is that of one feature, or of one history that several share.
            if (!_parts.ContainsKey(fitting.Part))
                _parts[fitting.Part] = fitting.Begin();
        }
    }

    /// <param name="key">Names the row; rows of one key never tell of each other's targets.</param>
    /// <exception cref="ArgumentException">A target or value is not finite.</exception>
    public void Add(TRow row, RowKey key)
    {
        foreach (var part in _parts.Values)
            part.Add(row, key);
    }

    /// <summary>Ends the reading.</summary>
    public FittedFeatures<TRow> Complete()
    {
        var state = new FeatureState(_parts.Select(part => KeyValuePair.Create(part.Key, part.Value.Complete())));
        return new(state, _set.Using(state),
        [
            .. _features.Select(feature => (feature.Names.Count, feature.UsingFit(
                feature.Fitting is { } fitting ? _parts[fitting.Part] : null, state))),
        ]);
    }
}

/// <summary>Features that were fitted: what the training rows told, and the values of those very rows.</summary>
public sealed class FittedFeatures<TRow>
{
    private readonly (int Width, TrainingValues<TRow> Of)[] _ofTraining;

    internal FittedFeatures(
        FeatureState state, FeatureComputer<TRow> others, (int Width, TrainingValues<TRow> Of)[] ofTraining) =>
        (State, Others, _ofTraining) = (state, others, ofTraining);

    /// <summary>What travels with the model.</summary>
    public FeatureState State { get; }

    /// <summary>For rows that were not fitted on: held-out and served ones.</summary>
    public FeatureComputer<TRow> Others { get; }

    /// <summary>Computes every feature of a row that was fitted on, in order.</summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> has not one place for each feature.</exception>
    public void ComputeTraining(TRow row, RowKey key, Span<float> into)
    {
        FeatureComputer<TRow>.DemandRoom(Others.Width, into.Length);
        var at = 0;
        foreach (var (width, of) in _ofTraining)
        {
            of(row, key, into.Slice(at, width));
            at += width;
        }
    }
}
