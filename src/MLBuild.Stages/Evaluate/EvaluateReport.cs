using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Stages.Evaluate;

/// <summary>How a model did on held-out rows, against the model that serves, and what its gate says.</summary>
/// <param name="Model">The hash of the model's bytes.</param>
/// <param name="Environment">Where the champion serves.</param>
/// <param name="Champion"><c>none</c>, or the version it was compared with: <c>v3</c>.</param>
/// <param name="Comparison">Why there is or is not a comparison with the champion.</param>
/// <remarks>Who needs no more than what the gate says reads a <see cref="GatedReport"/>, which reports of versions that
/// were registered long ago are too.</remarks>
public sealed record EvaluateReport(
    string Model, string Environment, string Champion, string Comparison, SliceReport Overall,
    IReadOnlyList<SliceReport> Slices, GateReport Gate)
{
    /// <summary>What the model predicts.</summary>
    public LearningTaskKind Task { get; init; }

    /// <summary>The trivial model on the same rows.</summary>
    public BaselineReport? Baseline { get; init; }

    /// <summary>Pairs of subgroups, of different groups, with at least
    /// <see cref="NonInferiority.RowsForABound"/> rows.</summary>
    public IReadOnlyList<SliceReport> Pairs { get; init; } = [];

    /// <summary>Pairs of groups with more than 1,000 combinations, which are not measured: "trip x driver".</summary>
    public IReadOnlyList<string> PairsNotMeasured { get; init; } = [];

    /// <summary>What the label is measured in: <c>dollars</c>; empty where nobody said.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The best of all versions that served, on the same rows.</summary>
    public BestEverReport? BestEver { get; init; }

    /// <summary>What the model needs of its features.</summary>
    public ImportanceReport? Importance { get; init; }

    /// <summary>How the classes are told apart on all rows; null of a regression, and where a row cannot be
    /// measured.</summary>
    public ClassFindings? Classes { get; init; }

    /// <summary>Mean actual values and errors of rows with about the same prediction; of a regression.</summary>
    public IReadOnlyList<PredictionBin> Calibration { get; init; } = [];

    /// <summary>Subgroups that nobody declared in which the mean loss is larger than elsewhere.</summary>
    public SubgroupFindings? Subgroups { get; init; }
}

/// <summary>Permutation importance on a sample of the hold-out.</summary>
/// <param name="Rows">In the sample.</param>
/// <param name="Features">The most important first. Each is permuted alone, but for the slots of a text, and for those
/// that the pipeline says move together: of other features nobody else knows from which raw column they come.</param>
public sealed record ImportanceReport(
    int Rows, int Repetitions, int Seed, IReadOnlyList<FeatureImportance> Features);

/// <summary>The best version that served since a person last forced one.</summary>
/// <param name="Version"><c>none</c>, or the version: <c>v3</c>.</param>
/// <param name="Served">How many versions it is the best of.</param>
/// <param name="Comparison">Why there is or is not a comparison with it.</param>
/// <param name="Metrics">Its own on all rows; null without a comparison.</param>
/// <param name="Difference">Losses, challenger minus best version, row by row; null without a comparison.</param>
public sealed record BestEverReport(
    string Version, int Served, string Comparison, ModelMetrics? Metrics, PairedComparison? Difference);

/// <summary>How predicting the same for each row did on all rows.</summary>
/// <param name="Prediction">What it is: "the mean of the training labels".</param>
/// <param name="Constant">As many scores as a model has for a row.</param>
/// <param name="Metrics">Missing where there is no constant.</param>
public sealed record BaselineReport(string Prediction, IReadOnlyList<MetricValue> Constant, ModelMetrics Metrics);

/// <summary>One subgroup, or all rows.</summary>
/// <param name="ChampionMetrics">The champion's on the same rows, on a subgroup its loss alone; null without a
/// comparison.</param>
/// <param name="Difference">Losses, challenger minus champion, row by row; null without a comparison.</param>
public sealed record SliceReport(
    string Slice, ModelMetrics Metrics, ModelMetrics? ChampionMetrics, PairedComparison? Difference)
{
    /// <summary>How often challenger and champion are right, row by row; null without classes or a
    /// comparison.</summary>
    public PairedAccuracy? Accuracy { get; init; }

    /// <summary>The largest loss first, as people look for it; those that have too few rows for an interval come last,
    /// however large theirs is by chance.</summary>
    internal static IEnumerable<SliceReport> WeakestFirst(IEnumerable<SliceReport> slices) => slices
        .OrderBy(slice => slice.Metrics.Count < Bootstrap.LeastUnits)
        .ThenByDescending(slice => slice.Metrics.Loss is MetricValue.Value { Number: var loss }
            ? loss
            : double.PositiveInfinity)
        .ThenBy(slice => slice.Slice, StringComparer.Ordinal);
}
