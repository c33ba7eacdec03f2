namespace MLBuild.Learning.Features;

/// <summary>An ordered list of named features, each a function of one raw row and, where it was fitted, of what
/// training rows told. Training and serving compute features through the same object: that leaves no second place where
/// a feature could be computed differently.</summary>
/// <remarks>Immutable: <see cref="Numeric"/> and its siblings return a longer list. Features of
/// <see cref="Encoded"/>, <see cref="Frequency"/> and <see cref="Aggregate"/> are fitted on training rows first
/// (<see cref="BeginFit"/>) and then computed with the state that this gives (<see cref="Using"/>).</remarks>
/// <typeparam name="TRow">The raw row: what a data file has and what a request sends.</typeparam>
public sealed class FeatureSet<TRow>
{
    /// <summary>Whole numbers up to here are exact as <see cref="float"/>; above, two codes could become one.</summary>
    private const int MaxCode = 1 << 24;

    private readonly Feature<TRow>[] _features;
    private readonly FeatureSchema? _schema;

    /// <summary>A list without features, to add some to.</summary>
    public FeatureSet()
        : this([])
    {
    }

    private FeatureSet(Feature<TRow>[] features)
    {
        _features = features;
        _schema = features.Length == 0
            ? null
            : new(features.SelectMany(feature => feature.Names.Select(name => new FeatureColumn(name, feature.Kind))));
    }

    /// <exception cref="InvalidOperationException">No feature was added yet.</exception>
    public FeatureSchema Schema => _schema
        ?? throw new InvalidOperationException(
            $"The features of {typeof(TRow).Name} are empty. Add one with Numeric or Categorical.");

    public IEnumerable<string> Names => _features.SelectMany(feature => feature.Names);

    /// <summary>The number of features.</summary>
    public int Width => _features.Sum(feature => feature.Names.Count);

    /// <summary>True if training rows have to be read before a row can be computed.</summary>
    public bool NeedsFit => _features.Any(feature => feature.Fitting is not null);

    /// <summary>By feature: whether a row that was fitted on has another value than an equal one that is predicted, so
    /// that its own label has no part in it.</summary>
    public IEnumerable<bool> OutOfFold =>
        ByName(feature => feature.Fitting is { IsOutOfFold: true });

    /// <summary>By feature: when what it is computed from was known; null where nobody said.</summary>
    public IEnumerable<Func<TRow, DateTime?>?> KnownAt => ByName(feature => feature.KnownAt);

    /// <summary>Adds a feature whose order and distance have meaning.</summary>
    /// <param name="name">Unique in this list; the slot name in the model.</param>
    /// <param name="of">Pure. Null where the value is absent: it becomes NaN, never zero.</param>
    /// <param name="knownAt">When what it is computed from was known, for the check that nothing was computed from the
    /// future; null where that is no question.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public FeatureSet<TRow> Numeric(
        string name, Func<TRow, double?> of, Func<TRow, DateTime?>? knownAt = null) =>
        With(Feature<TRow>.Plain(name, FeatureKind.Numeric, row => (float)(of(row) ?? double.NaN), knownAt));

    /// <summary>Adds a feature that is a code, of which only equality has meaning.</summary>
    /// <param name="name">Unique in this list; the slot name in the model.</param>
    /// <param name="of">Pure. Null where the code is absent: it becomes NaN, never zero.</param>
    /// <param name="knownAt">As of <see cref="Numeric"/>.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public FeatureSet<TRow> Categorical(
        string name, Func<TRow, int?> of, Func<TRow, DateTime?>? knownAt = null) =>
        With(Feature<TRow>.Plain(
            name, FeatureKind.Categorical, row => of(row) is { } code ? Exact(name, code) : float.NaN, knownAt));

    /// <summary>Adds a feature that is one of some texts: its code is the text's position among
    /// <paramref name="values"/>, and the number of them for every other text.</summary>
    /// <param name="name">Unique in this list; the slot name in the model.</param>
    /// <param name="of">Pure. Null where the text is absent: it becomes NaN. Texts are compared character by
    /// character: <c>Pro</c> is not <c>pro</c>.</param>
    /// <param name="values">At least one, each once. A value that is added at the end leaves the others' codes as they
    /// are, but not the code of every other text.</param>
    /// <param name="knownAt">As of <see cref="Numeric"/>.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the values are not as said.</exception>
    public FeatureSet<TRow> Categorical(
        string name, Func<TRow, string?> of, IReadOnlyList<string> values, Func<TRow, DateTime?>? knownAt = null)
    {
        var codes = new ListedTexts(name, values);
        var coded = Feature<TRow>.Plain(name, FeatureKind.Categorical, row => codes.Of(of(row)) ?? float.NaN, knownAt);
        return With(coded with { Input = of, Meaning = new(null, [.. values]) });
    }

    /// <summary>Adds what words a text has, as <paramref name="slots"/> features of their own: a word counts in the
    /// slot that its hash says, so there is no vocabulary to learn and no unknown word, a text has the same values in
    /// every training and wherever it is served, and several words share a slot.</summary>
    /// <remarks>What a word is, and which slot it has, says <see cref="TextWords"/>. A text without words is zero in
    /// all slots. Where importance is measured they move together: permuted one by one each tells little.</remarks>
    /// <param name="name">Of the text; its slots are called <c>text_00</c>, <c>text_01</c> and so on, each unique in
    /// this list.</param>
    /// <param name="of">Pure. Null where the text is absent: all slots are NaN.</param>
    /// <param name="slots">2 to 4,096, default 256. Fewer are quicker to train and let more words share one: with four
    /// times as many slots as words that matter, three of four of these have one of their own.</param>
    /// <param name="knownAt">As of <see cref="Numeric"/>.</param>
    /// <exception cref="ArgumentException">A name is empty or taken, or the number is out of range.</exception>
    public FeatureSet<TRow> Words(
        string name, Func<TRow, string?> of, int slots = 256, Func<TRow, DateTime?>? knownAt = null) =>
        string.IsNullOrWhiteSpace(name)
            ? throw new ArgumentException($"A text of {typeof(TRow).Name} has no name.")
            : slots is < 2 or > WordSlots.Most
            ? throw new ArgumentException(FormattableString.Invariant(
                $"The words of '{name}' have {slots} slots, expected 2 to {WordSlots.Most}."))
            : With(Feature<TRow>.Of(new WordSlots<TRow>(name, of, slots), knownAt));

    /// <summary>Adds the mean of a target over the training rows of a category, drawn towards the mean of all:
    /// (sum + smoothing × mean of all) / (rows + smoothing). A category that no training row had gets the mean of all.
    /// A training row's own value is computed from the rows in other folds of the key, so its own label is not in
    /// it.</summary>
    /// <param name="name">Unique in this list; the slot name in the model.</param>
    /// <param name="category">Pure. Null where it is absent: the feature is NaN.</param>
    /// <param name="target">Mostly the label; read of training rows only. Null for a row that tells nothing.</param>
    /// <param name="smoothing">As how many rows the mean of all counts. 0 or more, default 20.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the smoothing out of range.</exception>
    public FeatureSet<TRow> Encoded(
        string name, Func<TRow, string?> category, Func<TRow, double?> target, double smoothing = 20) =>
        smoothing >= 0 && double.IsFinite(smoothing)
            ? With(Feature<TRow>.Of(new EncodedFeature<TRow>(name, category, target, smoothing)))
            : throw new ArgumentException(FormattableString.Invariant(
                $"Feature '{name}' has the smoothing {smoothing}, expected 0 or more rows."));

    /// <summary>Adds the share of the training rows that have the row's category: 0 for one that none had.</summary>
    /// <param name="name">Unique in this list; the slot name in the model.</param>
    /// <param name="category">Pure. Null where it is absent: the feature is NaN.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public FeatureSet<TRow> Frequency(string name, Func<TRow, string?> category) =>
        With(Feature<TRow>.Of(new FrequencyFeature<TRow>(name, category)));

    /// <summary>Adds what was known of the events of the row's key at the moment of its prediction: of those that
    /// happened less than <paramref name="over"/> or just that long before it, and that were known before it. What
    /// happens or arrives at that very moment does not count.</summary>
    /// <param name="name">Unique in this list; the slot name in the model.</param>
    /// <param name="history">Events of training rows; features may share it.</param>
    /// <param name="of">How they are summed up.</param>
    /// <param name="over">How far back. Above zero; null for all that is known.</param>
    /// <exception cref="ArgumentException">A name is empty or taken, or the window is not above zero.</exception>
    public FeatureSet<TRow> Aggregate(
        string name, History<TRow> history, Aggregation of, TimeSpan? over = null) =>
        over is { } window && window <= TimeSpan.Zero
            ? throw new ArgumentException($"Feature '{name}' looks back {window}, expected more than zero.")
            : With(Feature<TRow>.Of(new AggregateFeature<TRow>(name, history, of, over), history));

    /// <summary>Begins to read training rows for the features that need it.</summary>
    // A copy: an array that is given away may be changed, and a static set of features would no longer be known to stay
    // what it is, so that all code which might change it counted as a stage's own.
    public FeatureFit<TRow> BeginFit() => new(this, [.. _features.Select(feature => feature)]);

    /// <summary>These features with what training rows told, for rows that were not among them.</summary>
    /// <exception cref="FeatureSchemaException">The state is that of other features.</exception>
    public FeatureComputer<TRow> Using(FeatureState state) =>
        new([.. _features.Select(feature => (feature.Names.Count, feature.Using(state)))]);

    /// <summary>What each feature looks at in a row that is predicted, to tell by which columns change it.</summary>
    public IReadOnlyList<Func<TRow, object?>> Inputs =>
        [.. ByName(feature => feature.Input)];

    /// <summary>By feature: what its numbers are about.</summary>
    public IEnumerable<FeatureMeaning> Meanings => ByName(feature => feature.Meaning);

    /// <summary>The words of a row's texts, each once for each text, and the place of the feature in which it
    /// counts.</summary>
    public IEnumerable<(int Feature, string Word)> WordsOf(TRow row)
    {
        // No iterator, which would keep the array in an object of its own.
        var (words, first) = (new List<(int Feature, string Word)>(), 0);
        foreach (var feature in _features)
        {
            if (feature.Words is { } of)
                words.AddRange(of(row).Select(one => (first + one.Slot, one.Word)));
            first += feature.Names.Count;
        }
        return words;
    }

    /// <summary>Computes one row with a state: all the code that serving features runs, as one function.</summary>
    /// <exception cref="FeatureSchemaException">The state is that of other features.</exception>
    public float[] Serve(FeatureState state, TRow row)
    {
        var values = new float[Width];
        Using(state).Compute(row, values);
        return values;
    }

    private FeatureSet<TRow> With(Feature<TRow> feature)
    {
        if (feature.Names.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException($"A feature of {typeof(TRow).Name} has no name.");
        if (feature.Fitting is { } fitting)
            DemandOwnPart(feature.Names[0], fitting);
        return new([.. _features, feature]);
    }

    private IEnumerable<T> ByName<T>(Func<Feature<TRow>, T> of) =>
        _features.SelectMany(feature => feature.Names.Select(_ => of(feature)));

    // Only features of one and the same history share a part of the state.
    private void DemandOwnPart(string name, FeatureFitting<TRow> fitting)
    {
        if (string.IsNullOrWhiteSpace(fitting.Part))
            throw new ArgumentException($"The history of feature '{name}' has no name.");
        if (_features.Any(other => other.Fitting?.Part == fitting.Part
            && (fitting.History is null || !ReferenceEquals(other.Fitting.History, fitting.History))))
            throw new ArgumentException(
                $"Two things are fitted under the name '{fitting.Part}'. Declare a history once and pass it to each of "
                + "its features, and give others names of their own.");
    }

    private static float Exact(string name, int code) => code is >= -MaxCode and <= MaxCode
        ? code
        : throw new ArgumentOutOfRangeException(
            null,
            $"Feature '{name}' has the code {code}; codes beyond ±{MaxCode} are not exact. Map them to smaller ones.");
}
