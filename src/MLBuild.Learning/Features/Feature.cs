using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Features;

/// <summary>Computes the values of a row, one for each name.</summary>
internal delegate void FeatureValues<TRow>(TRow row, Span<float> into);

/// <summary>Computes the values of a row that was fitted on, one for each name.</summary>
internal delegate void TrainingValues<TRow>(TRow row, RowKey key, Span<float> into);

/// <summary>One feature of a list, or several that are computed together: their names, and how they come from a
/// row.</summary>
/// <param name="Input">What it looks at in a row that is predicted: rows with equal inputs have equal values.</param>
/// <param name="Using">Gives the function for rows that were not fitted on. Throws
/// <see cref="FeatureSchemaException"/> where the state is that of other features.</param>
/// <param name="KnownAt">When what it is computed from was known; null where nobody said.</param>
/// <param name="Fitting">Null for a pure function of the row.</param>
internal sealed record Feature<TRow>(
    IReadOnlyList<string> Names,
    FeatureKind Kind,
    Func<TRow, object?> Input,
    Func<FeatureState, FeatureValues<TRow>> Using,
    Func<TRow, DateTime?>? KnownAt,
    FeatureFitting<TRow>? Fitting)
{
    /// <summary>What the numbers are about.</summary>
    public FeatureMeaning Meaning { get; init; } = FeatureMeaning.Itself;

    /// <summary>The words of a row that count in it, each once and with its place among the names; null where none
    /// do.</summary>
    // Functions and values only: a static set of features is known to stay what it is by the types it is made of.
    public Func<TRow, IEnumerable<(int Slot, string Word)>>? Words { get; init; }

    public static Feature<TRow> Plain(
        string name, FeatureKind kind, Func<TRow, float> of, Func<TRow, DateTime?>? knownAt) =>
        new([name], kind, row => of(row), _ => One(of), knownAt, Fitting: null);

    public static Feature<TRow> Of(WordSlots<TRow> words, Func<TRow, DateTime?>? knownAt) =>
        new(words.Names, FeatureKind.Numeric, words.Text, _ => words.Count, knownAt, Fitting: null)
        { Meaning = new(words.Name, []), Words = words.Of };

    public static Feature<TRow> Of(FittedFeature<TRow> fitted, History<TRow>? history = null) =>
        new([fitted.Name], FeatureKind.Numeric, fitted.Input, state => One(fitted.Using(state)), KnownAt: null,
            new(fitted.Part, history, fitted.IsOutOfFold, fitted.Begin, fitted.UsingFit));

    /// <summary>The values of rows that were fitted on.</summary>
    public TrainingValues<TRow> UsingFit(FeatureFitPart<TRow>? part, FeatureState state)
    {
        if (part is not null && Fitting is { } fitting)
        {
            var of = fitting.Using(part, state);
            return (row, key, into) => into[0] = of(row, key);
        }
        var values = Using(state);
        return (row, _, into) => values(row, into);
    }

    private static FeatureValues<TRow> One(Func<TRow, float> of) => (row, into) => into[0] = of(row);
}

/// <summary>How training rows are read for a feature.</summary>
/// <param name="Part">What its part of the state is called.</param>
/// <param name="History">What it shares with others; null for nothing.</param>
/// <param name="IsOutOfFold">True if a row that is fitted on has another value than an equal one that is not.</param>
/// <param name="Using">Gives the function for rows that were fitted on.</param>
internal sealed record FeatureFitting<TRow>(
    string Part,
    History<TRow>? History,
    bool IsOutOfFold,
    Func<FeatureFitPart<TRow>> Begin,
    Func<FeatureFitPart<TRow>, FeatureState, Func<TRow, RowKey, float>> Using);

/// <summary>A feature that training rows have to be read for first.</summary>
internal abstract class FittedFeature<TRow>(string name, string part)
{
    public string Name => name;

    public string Part => part;

    public virtual bool IsOutOfFold => false;

    public abstract object? Input(TRow row);

    public abstract Func<TRow, float> Using(FeatureState state);

    public abstract FeatureFitPart<TRow> Begin();

    public virtual Func<TRow, RowKey, float> UsingFit(FeatureFitPart<TRow> fit, FeatureState state)
    {
        var of = Using(state);
        return (row, _) => of(row);
    }

    protected T PartOf<T>(FeatureState state)
        where T : FeatureStatePart => state.Find(Part) as T ?? throw new FeatureSchemaException(
            $"Feature '{Name}' needs '{Part}' of training rows, and the state that came with the model has "
            + $"{(state.Names.Count == 0 ? "nothing" : string.Join(", ", state.Names.Select(each => $"'{each}'")))}. "
            + "Train again, or use the feature code that the model was trained with.");
}

/// <summary>The mean of a target over the training rows of a category.</summary>
internal sealed class EncodedFeature<TRow>(
    string name, Func<TRow, string?> category, Func<TRow, double?> target, double smoothing)
    : FittedFeature<TRow>(name, name)
{
    public override bool IsOutOfFold => true;

    public override object? Input(TRow row) => category(row);

    public override FeatureFitPart<TRow> Begin() => new CategoryFit<TRow>(Name, category, target);

    public override Func<TRow, float> Using(FeatureState state)
    {
        var table = PartOf<FeatureStatePart.Categories>(state);
        return row => category(row) is { } of
            ? Mean(table.Figures.GetValueOrDefault(of), table.Rows, table.Sum)
            : float.NaN;
    }

    public override Func<TRow, RowKey, float> UsingFit(FeatureFitPart<TRow> fit, FeatureState state)
    {
        var folds = (CategoryFit<TRow>)fit;
        return (row, key) => category(row) is { } of && folds.Without(key) is var (rows, sum)
            ? Mean(folds.Without(of, key), rows, sum)
            : float.NaN;
    }

    private float Mean(CategoryFigures? of, long rows, double sum)
    {
        var prior = sum / rows;
        return (float)(of is null or { Rows: 0 } ? prior : (of.Sum + (smoothing * prior)) / (of.Rows + smoothing));
    }
}

/// <summary>The share of the training rows that have the row's category.</summary>
internal sealed class FrequencyFeature<TRow>(string name, Func<TRow, string?> category)
    : FittedFeature<TRow>(name, name)
{
    public override object? Input(TRow row) => category(row);

    public override FeatureFitPart<TRow> Begin() => new CountFit<TRow>(category);

    public override Func<TRow, float> Using(FeatureState state)
    {
        var table = PartOf<FeatureStatePart.Categories>(state);
        return row => category(row) is { } of
            ? (float)((double)(table.Figures.GetValueOrDefault(of)?.Rows ?? 0) / table.Rows)
            : float.NaN;
    }
}

/// <summary>What is known of the events of the row's key at the moment of its prediction.</summary>
/// <param name="over">How far back; null for all.</param>
internal sealed class AggregateFeature<TRow>(
    string name, History<TRow> history, Aggregation aggregation, TimeSpan? over)
    : FittedFeature<TRow>(name, history.Name)
{
    public override object Input(TRow row) => (history.Key(row), history.At(row));

    public override FeatureFitPart<TRow> Begin() => new HistoryFit<TRow>(history);

    public override Func<TRow, float> Using(FeatureState state)
    {
        var lists = PartOf<FeatureStatePart.Events>(state).Lists;
        var none = new EventList([]);
        return row =>
        {
            if (history.Key(row) is not { } key)
                return float.NaN;
            var moment = history.At(row).Ticks;
            var from = over is { } window ? Math.Max(moment - window.Ticks, 0) : 0;
            return (float)lists.GetValueOrDefault(key, none).Aggregate(aggregation, from, moment);
        };
    }
}
