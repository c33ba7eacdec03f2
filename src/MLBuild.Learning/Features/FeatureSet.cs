namespace MLBuild.Learning.Features;

/// <summary>An ordered list of named features, each a pure function of one raw row. Training and serving compute
/// features through the same object: that leaves no second place where a feature could be computed
/// differently.</summary>
/// <remarks>Immutable: <see cref="Numeric"/> and <see cref="Categorical"/> return a longer list.</remarks>
/// <typeparam name="TRow">The raw row: what a data file has and what a request sends.</typeparam>
public sealed class FeatureSet<TRow>
{
    /// <summary>Whole numbers up to here are exact as <see cref="float"/>; above, two codes could become one.</summary>
    private const int MaxCode = 1 << 24;

    private readonly Feature[] _features;
    private readonly FeatureSchema? _schema;

    /// <summary>A list without features, to add some to.</summary>
    public FeatureSet()
        : this([])
    {
    }

    private FeatureSet(Feature[] features)
    {
        _features = features;
        _schema = features.Length == 0
            ? null
            : new(features.Select(feature => new FeatureColumn(feature.Name, feature.Kind)));
    }

    /// <exception cref="InvalidOperationException">No feature was added yet.</exception>
    public FeatureSchema Schema => _schema
        ?? throw new InvalidOperationException(
            $"The features of {typeof(TRow).Name} are empty. Add one with Numeric or Categorical.");

    public IEnumerable<string> Names => _features.Select(feature => feature.Name);

    public IEnumerable<FeatureKind> Kinds => _features.Select(feature => feature.Kind);

    /// <summary>The number of features: the length of the span that <see cref="Compute"/> fills.</summary>
    public int Width => _features.Length;

    /// <summary>Adds a feature whose order and distance have meaning.</summary>
    /// <param name="name">Unique in this list; the slot name in the model.</param>
    /// <param name="of">Pure. Null where the value is absent: it becomes NaN, never zero.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public FeatureSet<TRow> Numeric(string name, Func<TRow, double?> of) =>
        With(new(name, FeatureKind.Numeric, row => (float)(of(row) ?? double.NaN)));

    /// <summary>Adds a feature that is a code, of which only equality has meaning.</summary>
    /// <param name="name">Unique in this list; the slot name in the model.</param>
    /// <param name="of">Pure. Null where the code is absent: it becomes NaN, never zero.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public FeatureSet<TRow> Categorical(string name, Func<TRow, int?> of) =>
        With(new(name, FeatureKind.Categorical, row => of(row) is { } code ? Exact(name, code) : float.NaN));

    /// <summary>Computes every feature of a row, in order.</summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> is not <see cref="Width"/> long.</exception>
    public void Compute(TRow row, Span<float> into)
    {
        if (into.Length != _features.Length)
            throw new ArgumentException(
                $"There are {_features.Length} features, but room for {into.Length}.", nameof(into));
        for (var i = 0; i < _features.Length; i++)
            into[i] = _features[i].Of(row);
    }

    private FeatureSet<TRow> With(Feature feature) => string.IsNullOrWhiteSpace(feature.Name)
        ? throw new ArgumentException($"A feature of {typeof(TRow).Name} has no name.")
        : new([.. _features, feature]);

    private static float Exact(string name, int code) => code is >= -MaxCode and <= MaxCode
        ? code
        : throw new ArgumentOutOfRangeException(
            null,
            $"Feature '{name}' has the code {code}; codes beyond ±{MaxCode} are not exact. Map them to smaller ones.");

    private sealed record Feature(string Name, FeatureKind Kind, Func<TRow, float> Of);
}
