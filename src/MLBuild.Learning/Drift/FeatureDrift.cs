using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MLBuild.Learning.Drift;

/// <summary>What a comparison with the reference says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftVerdict>))]
public enum DriftVerdict
{
    /// <summary>There were enough rows to see a change that matters, and there is none.</summary>
    None,

    /// <summary>A change that matters and that chance does not explain.</summary>
    Drift,

    /// <summary>A change that matters could be there and not be seen: this is not an all-clear.</summary>
    NotEnoughData,

    /// <summary>The pipeline's author expects the feature to move: nothing is raised, whatever it does.</summary>
    Expected,
}

/// <summary>How far one feature, or the model's score, moved away from its reference.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "Kind")]
[JsonDerivedType(typeof(Measured), "Measured")]
[JsonDerivedType(typeof(TooFewRows), "TooFewRows")]
public abstract record FeatureDrift
{
    private FeatureDrift()
    {
    }

    [JsonPropertyOrder(-5)]
    public required string Name { get; init; }

    /// <summary>What it is called for people; null, also in reports from before there was one, where that is its
    /// name.</summary>
    [JsonPropertyOrder(-5)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    /// <summary>The title, or else the name.</summary>
    [JsonIgnore]
    public string ShownName => Title ?? Name;

    [JsonPropertyOrder(-4)]
    public required FeatureRole Role { get; init; }

    [JsonPropertyOrder(-3)]
    public required DriftVerdict Verdict { get; init; }

    /// <summary>n: the reference rows that were compared.</summary>
    [JsonPropertyOrder(-2)]
    public required long ReferenceRows { get; init; }

    /// <summary>m: the current rows that were compared.</summary>
    [JsonPropertyOrder(-1)]
    public required long CurrentRows { get; init; }

    /// <summary>The finding in one line, for people.</summary>
    public string Sentence() => Role switch
    {
        FeatureRole.Feature => $"{ShownName}: {Finding()}",
        FeatureRole.Prediction => $"{ShownName} (prediction): {Finding()}",
        _ => throw new InvalidOperationException($"BUG: unknown role {Role}."),
    };

    private protected abstract string Finding();

    /// <summary>One side has fewer than <see cref="DriftOptions.MinRows"/> rows; nothing was computed.</summary>
    public sealed record TooFewRows : FeatureDrift
    {
        /// <summary>The rows that each side needs.</summary>
        public required long RequiredRows { get; init; }

        private protected override string Finding() =>
            $"not enough data; n={ReferenceRows} reference and m={CurrentRows} current rows, "
            + $"each side needs {RequiredRows}.";
    }

    /// <summary>Both sides had enough rows. The statistics are over <see cref="Bins"/> bins: those of the profile, the
    /// rarest put together.</summary>
    public sealed record Measured : FeatureDrift
    {
        public required int Bins { get; init; }

        /// <summary>Bins of the profile that hold rows.</summary>
        public required int BinsBeforePooling { get; init; }

        /// <summary>What decides, beside <see cref="AdjustedPValue"/>.</summary>
        public required DriftStatistic Psi { get; init; }

        public required DriftStatistic ChiSquare { get; init; }

        public required DriftStatistic JensenShannon { get; init; }

        /// <summary>Null for categories, and where a side has no finite value or the profile no grid.</summary>
        public required DriftStatistic? KolmogorovSmirnov { get; init; }

        /// <summary>Null as <see cref="KolmogorovSmirnov"/>, and where values are as far apart as numbers go.</summary>
        public required DriftStatistic? Wasserstein { get; init; }

        /// <summary>The p of the two-sample chi-square test.</summary>
        public required double PValue { get; init; }

        /// <summary>The same, adjusted for all features that were tested together (Benjamini and Hochberg).</summary>
        public required double AdjustedPValue { get; init; }

        /// <summary>Why the feature is expected to move; null where it is not.</summary>
        public required string? ExpectedBecause { get; init; }

        public required BinMove LargestMove { get; init; }

        /// <summary>The most frequent categories that the reference does not have, up to five, as people read
        /// them.</summary>
        public required ImmutableArray<CategoryCount> NewCategories { get; init; }

        public required RowsNeeded RowsNeeded { get; init; }

        /// <summary>Current rows in each bin of the profile.</summary>
        public required ImmutableArray<long> Counts { get; init; }

        [JsonIgnore]
        public IEnumerable<DriftStatistic> Statistics =>
            new[] { Psi, KolmogorovSmirnov, JensenShannon, ChiSquare, Wasserstein }.OfType<DriftStatistic>();

        private string New => NewCategories.IsEmpty
            ? ""
            : $"; new: {string.Join(", ", NewCategories.Select(one => $"{one.Category} ({one.Rows})"))}";

        private protected override string Finding()
        {
            var numbers =
                FormattableString.Invariant($"PSI {Psi.Value:F3}, chance alone up to {Psi.Chance95:F3} ")
                + FormattableString.Invariant($"(n={ReferenceRows}, m={CurrentRows}), adjusted p {AdjustedPValue:G2}");
            return Verdict switch
            {
                DriftVerdict.None => $"no drift; {numbers}.",
                DriftVerdict.Drift => $"drift; {numbers}; most moved: {LargestMove}{New}.",
                DriftVerdict.NotEnoughData => $"not enough data; {numbers}; {RowsNeeded}.",
                DriftVerdict.Expected => $"expected to move ({ExpectedBecause}); {numbers}.",
                _ => throw new InvalidOperationException($"BUG: unknown verdict {Verdict}."),
            };
        }
    }
}

/// <summary>The bin whose share of rows changed the most. Shares are 0..1.</summary>
public sealed record BinMove(string Bin, double ReferenceShare, double CurrentShare)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Bin} {ReferenceShare * 100:F1} % -> {CurrentShare * 100:F1} %");
}

/// <summary>About how many rows it takes for chance alone to stay below <see cref="DriftOptions.MinPsi"/>: current rows
/// against the present reference, or the same number on both sides where the reference itself is too small.</summary>
public sealed record RowsNeeded(long Reference, long Current)
{
    public override string ToString() => $"needs about {Reference} reference and {Current} current rows";
}
