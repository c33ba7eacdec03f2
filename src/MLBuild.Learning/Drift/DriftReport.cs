using System.Text.Json.Serialization;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Drift;

/// <summary>Current data against the data a model was trained on, feature by feature: each statistic with the number
/// of rows behind it and the value that pure chance would give.</summary>
/// <remarks>
/// All features (and the prediction) are one family of tests with a common false discovery rate, so watching more of
/// them raises no more false alarms; what is expected to move is not of the family, for its sure discovery would
/// excuse others. A feature drifts when its adjusted chi-square p is at most <see cref="DriftOptions.Significance"/>
/// and its PSI is by more than <see cref="DriftOptions.MinPsi"/> above what chance gives on average. One that does not
/// is cleared only when chance itself stays below <see cref="DriftOptions.MinPsi"/>.
/// </remarks>
public sealed record DriftReport(DriftOptions Options, IReadOnlyList<FeatureDrift> Features)
{
    /// <summary>Drift if anything drifts, else the all-clear only if everything is clear. A report about nothing is no
    /// all-clear.</summary>
    [JsonPropertyOrder(-1)]
    public DriftVerdict Verdict =>
        Features.Any(feature => feature.Verdict == DriftVerdict.Drift) ? DriftVerdict.Drift
        : Features.Any(feature => feature.Verdict == DriftVerdict.None)
            && Features.All(feature => feature.Verdict is DriftVerdict.None or DriftVerdict.Expected)
            ? DriftVerdict.None
        : DriftVerdict.NotEnoughData;

    /// <summary>One line for each feature, for people.</summary>
    public IEnumerable<string> Sentences() => Features.Select(feature => feature.Sentence());

    /// <param name="current">One counter per feature, from <see cref="FeatureProfile.NewCounter"/>, filled with current
    /// rows; none of them may be a reference row.</param>
    /// <param name="options">What counts as drift.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a change is known of a feature that is not
    /// there.</exception>
    public static DriftReport Compare(IReadOnlyList<BinCounter> current, DriftOptions options)
    {
        options.Validate();
        DemandKnown(current, options);
        var comparisons = current.Where(HasEnoughRows)
            .Select(counter => new FeatureComparison(counter, options)).ToArray();
        var tested = comparisons.Where(comparison => !IsExpected(comparison)).ToArray();
        var adjusted = tested.Zip(BenjaminiHochberg.Adjust([.. tested.Select(comparison => comparison.PValue)]))
            .ToDictionary(pair => pair.First, pair => pair.Second);
        var measured = new Queue<FeatureDrift>(comparisons.Select(comparison =>
            comparison.Judge(adjusted.GetValueOrDefault(comparison, comparison.PValue), options)));
        return new(options, [.. current.Select(counter =>
            HasEnoughRows(counter) ? measured.Dequeue() : TooFewRows(counter, options))]);

        bool IsExpected(FeatureComparison comparison) =>
            options.KnownChanges.Any(change => change.Feature == comparison.Name);

        bool HasEnoughRows(BinCounter counter) =>
            Math.Min(counter.ReferenceRows, counter.CurrentRows) >= options.MinRows;
    }

    private static void DemandKnown(IReadOnlyList<BinCounter> current, DriftOptions options)
    {
        var names = current.Select(counter => counter.Reference.Name).ToArray();
        var unknown = options.KnownChanges.Select(change => change.Feature).Except(names).ToArray();
        if (unknown.Length > 0)
            throw new ArgumentException(
                $"DriftOptions: KnownChanges names {string.Join(", ", unknown.Select(name => $"'{name}'"))}, expected "
                + $"features that are compared: {string.Join(", ", names)}.");
    }

    private static FeatureDrift.TooFewRows TooFewRows(BinCounter counter, DriftOptions options) => new()
    {
        Name = counter.Reference.Name,
        Title = counter.Reference.Title == counter.Reference.Name ? null : counter.Reference.Title,
        Role = counter.Reference.Role,
        Verdict = DriftVerdict.NotEnoughData,
        ReferenceRows = counter.ReferenceRows,
        CurrentRows = counter.CurrentRows,
        RequiredRows = options.MinRows,
    };
}
