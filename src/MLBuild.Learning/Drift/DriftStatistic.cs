using System.Text.Json.Serialization;

namespace MLBuild.Learning.Drift;

/// <summary>The ways in which two samples of a feature are compared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftMeasure>))]
public enum DriftMeasure
{
    Psi,
    ChiSquare,
    JensenShannon,
    KolmogorovSmirnov,
    Wasserstein,
}

/// <summary>One comparison of two samples, with what it takes to read it: how many rows there were, and what chance
/// alone gives of so many.</summary>
/// <param name="Value">As <see cref="Definition"/> says.</param>
/// <param name="Chance95">The value that chance alone exceeds in 5 % of all comparisons of so many rows without drift.
/// </param>
/// <param name="EffectSize">How far the samples are apart, however many rows they have: see
/// <see cref="EffectSizeIs"/>.</param>
/// <param name="ReferenceRows">n.</param>
/// <param name="CurrentRows">m.</param>
public sealed record DriftStatistic(
    DriftMeasure Measure, double Value, double Chance95, double EffectSize, long ReferenceRows, long CurrentRows)
{
    /// <summary>What was computed, for people.</summary>
    public string Definition => Measure switch
    {
        DriftMeasure.Psi => "population stability index: sum of (q - p) ln(q / p) over the bins, an empty one counted "
            + "as half a row; chance: chi-square quantile (1/n + 1/m)",
        DriftMeasure.ChiSquare => "two-sample chi-square of homogeneity over the bins; chance: its quantile",
        DriftMeasure.JensenShannon => "Jensen-Shannon distance over the bins: the root of the divergence in base 2, "
            + "0 to 1; chance: to the second order, root of (PSI by chance / (8 ln 2))",
        DriftMeasure.KolmogorovSmirnov => "two-sided Kolmogorov-Smirnov distance of the distribution functions at the "
            + "edges of the profile's grid; chance: Kolmogorov's limit with Stephens' correction, an upper bound "
            + "where values are tied",
        DriftMeasure.Wasserstein => "Wasserstein-1 distance in the feature's unit, linear within a cell of the "
            + "profile's grid, values beyond it moved to its ends; chance: simulated on the reference",
        _ => throw new InvalidOperationException($"BUG: unknown measure {Measure}."),
    };

    /// <summary>What <see cref="EffectSize"/> is, for people.</summary>
    public string EffectSizeIs => Measure switch
    {
        DriftMeasure.Psi => "the index less what chance gives on average, (bins - 1)(1/n + 1/m); from 0",
        DriftMeasure.ChiSquare => "w = root of (chi-square (1/n + 1/m)), after Cohen; from 0",
        DriftMeasure.JensenShannon or DriftMeasure.KolmogorovSmirnov => "the distance itself, 0 to 1",
        DriftMeasure.Wasserstein => "the distance in standard deviations of the reference; 0 where it has none",
        _ => throw new InvalidOperationException($"BUG: unknown measure {Measure}."),
    };
}
