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
        FeatureRole.Feature => $"{Name}: {Finding()}",
        FeatureRole.Prediction => $"{Name} (prediction): {Finding()}",
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

        /// <summary>Population stability index (natural logarithm) of current against reference.</summary>
        public required double Psi { get; init; }

        /// <summary>The index that chance alone exceeds in 5 % of all comparisons of n and m rows without
        /// drift.</summary>
        public required double PsiNull95 { get; init; }

        /// <summary>The p of the two-sample chi-square test.</summary>
        public required double PValue { get; init; }

        /// <summary>The same, adjusted for all features that were tested together (Benjamini and Hochberg).</summary>
        public required double AdjustedPValue { get; init; }

        /// <summary>The effect size: Jensen–Shannon distance in base 2, 0 (equal) .. 1 (nothing in common).</summary>
        public required double JensenShannonDistance { get; init; }

        public required BinMove LargestMove { get; init; }

        public required RowsNeeded RowsNeeded { get; init; }

        private protected override string Finding()
        {
            var numbers =
                FormattableString.Invariant($"PSI {Psi:F3}, chance alone up to {PsiNull95:F3} ")
                + FormattableString.Invariant($"(n={ReferenceRows}, m={CurrentRows}), adjusted p {AdjustedPValue:G2}");
            return Verdict switch
            {
                DriftVerdict.None => $"no drift; {numbers}.",
                DriftVerdict.Drift => $"drift; {numbers}; most moved: {LargestMove}.",
                DriftVerdict.NotEnoughData => $"not enough data; {numbers}; {RowsNeeded}.",
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
