using System.Text.Json.Serialization;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Drift;

/// <summary>Current data against the data a model was trained on, feature by feature: each statistic with the number
/// of rows behind it and the value that pure chance would give.</summary>
/// <remarks>
/// All features (and the prediction) are one family of tests with a common false discovery rate, so watching more of
/// them raises no more false alarms. A feature drifts when its adjusted chi-square p is at most <see
/// cref="DriftOptions.Significance"/> and its PSI is above both <see cref="DriftOptions.MinPsi"/> and chance. One
/// that does not is cleared only when chance itself stays below <see cref="DriftOptions.MinPsi"/>.
/// </remarks>
public sealed record DriftReport(DriftOptions Options, IReadOnlyList<FeatureDrift> Features)
{
    /// <summary>Drift if anything drifts, else the all-clear only if everything is clear. A report about nothing is no
    /// all-clear.</summary>
    [JsonPropertyOrder(-1)]
    public DriftVerdict Verdict =>
        Features.Any(feature => feature.Verdict == DriftVerdict.Drift) ? DriftVerdict.Drift
        : Features.Count > 0 && Features.All(feature => feature.Verdict == DriftVerdict.None) ? DriftVerdict.None
        : DriftVerdict.NotEnoughData;

    /// <summary>One line for each feature, for people.</summary>
    public IEnumerable<string> Sentences() => Features.Select(feature => feature.Sentence());

    /// <param name="current">One counter per feature, from <see cref="FeatureProfile.NewCounter"/>, filled with current
    /// rows; none of them may be a reference row.</param>
    /// <param name="options">What counts as drift.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static DriftReport Compare(IReadOnlyList<BinCounter> current, DriftOptions options)
    {
        options.Validate();
        var comparisons = current.Where(HasEnoughRows).Select(counter => new FeatureComparison(counter)).ToArray();
        var adjusted = BenjaminiHochberg.Adjust([.. comparisons.Select(comparison => comparison.PValue)]);
        var measured = new Queue<FeatureDrift>(
            comparisons.Zip(adjusted, (comparison, adjustedPValue) => comparison.Judge(adjustedPValue, options)));
        return new(options, [.. current.Select(counter =>
            HasEnoughRows(counter) ? measured.Dequeue() : TooFewRows(counter, options))]);

        bool HasEnoughRows(BinCounter counter) =>
            Math.Min(counter.ReferenceRows, counter.CurrentRows) >= options.MinRows;
    }

    private static FeatureDrift.TooFewRows TooFewRows(BinCounter counter, DriftOptions options) => new()
    {
        Name = counter.Reference.Name,
        Role = counter.Reference.Role,
        Verdict = DriftVerdict.NotEnoughData,
        ReferenceRows = counter.ReferenceRows,
        CurrentRows = counter.CurrentRows,
        RequiredRows = options.MinRows,
    };
}
