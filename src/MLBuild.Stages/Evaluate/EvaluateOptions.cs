using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;

namespace MLBuild.Stages.Evaluate;

/// <summary>What a model must reach to pass its gate. Thresholds are for models of one task, or some, as each says:
/// given for another, they are refused. A threshold is judged only where it is given; the first model ever needs one,
/// for nothing else says how good it is.</summary>
/// <remarks>What compares models, and finds weak subgroups, is the mean of one loss (<see cref="RowLoss"/>): the
/// squared error of a regression, and the log loss in nats of the other two, where a probability below 2⁻²⁴ counts as
/// that.</remarks>
public sealed record EvaluateOptions
{
    /// <summary>The threshold of a binary model where none is given.</summary>
    internal const double UsualThreshold = 0.5;

    /// <summary>Whose serving model is the champion to compare with. Default production.</summary>
    public string Environment { get; init; } = "production";

    /// <summary>What the label is measured in, for people: <c>dollars</c>. Empty, the default, where nobody
    /// says.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Of a regression: largest root mean squared error over all held-out rows, in the unit of the label.
    /// Above 0; null, the default, lets all pass.</summary>
    public double? MaxRmse { get; init; }

    /// <summary>Of a regression: smallest R² over all held-out rows. Up to 1; null, the default, lets all
    /// pass.</summary>
    public double? MinR2 { get; init; }

    /// <summary>Of a regression: smallest share of held-out rows within 10 % of the truth. 0 to 1; null, the default,
    /// lets all pass.</summary>
    public double? MinShareWithinTenPercent { get; init; }

    /// <summary>Of a binary or multiclass model: largest log loss over all held-out rows, in nats. Above 0; null, the
    /// default, lets all pass.</summary>
    public double? MaxLogLoss { get; init; }

    /// <summary>Of a binary or multiclass model: largest mean gap between the probability of what is predicted and how
    /// often it happens, in ten bins of about as many held-out rows. Above 0, up to 1; null, the default, lets all
    /// pass. By chance alone a perfect model has about 1/√rows.</summary>
    public double? MaxCalibrationError { get; init; }

    /// <summary>Of a binary model: smallest area under the ROC curve over all held-out rows. 0 to 1, chance is 0.5;
    /// null, the default, lets all pass.</summary>
    public double? MinRocAuc { get; init; }

    /// <summary>Of a binary model: smallest average precision over all held-out rows. 0 to 1, chance is the share of
    /// positive rows; null, the default, lets all pass.</summary>
    public double? MinAveragePrecision { get; init; }

    /// <summary>Of a binary model: smallest share of rows called positive that are. 0 to 1; null, the default, lets all
    /// pass.</summary>
    public double? MinPrecision { get; init; }

    /// <summary>Of a binary model: smallest share of positive rows that are called so. 0 to 1; null, the default, lets
    /// all pass.</summary>
    public double? MinRecall { get; init; }

    /// <summary>Of a binary model: the least probability of a row that is called positive. 0 to 1; null, the default,
    /// is 0.5.</summary>
    public double? DecisionThreshold { get; init; }

    /// <summary>Of a multiclass model: smallest share of held-out rows whose most probable class is theirs. 0 to 1;
    /// null, the default, lets all pass.</summary>
    public double? MinAccuracy { get; init; }

    /// <summary>Of a multiclass model: smallest mean of the classes' F1 over all held-out rows, in which each class
    /// counts the same. 0 to 1; null, the default, lets all pass.</summary>
    public double? MinMacroF1 { get; init; }

    /// <summary>By how much smaller the mean loss must be than that of predicting the same for each row, the mean of
    /// the training labels or the shares of their classes, as a share of it, at 95 % confidence. Above 0, below 1;
    /// default 0.1.</summary>
    public double MinGainOverBaseline { get; init; } = 0.1;

    /// <summary>Fewest held-out rows. From 1, default 500.</summary>
    public long MinRows { get; init; } = 500;

    /// <summary>How much larger than the champion's the mean loss may be, as a share of it, at 95 % confidence. From
    /// 0, default 0.05: an RMSE about 2.5 % larger, or a log loss of 0.315 beside 0.3.</summary>
    public double Margin { get; init; } = 0.05;

    /// <summary>The same for the best version that served since a person last forced one, scored on the same rows: so
    /// much may be lost in all, however many small losses the champions in between were. From 0, default 0.1: an RMSE
    /// about 5 % larger.</summary>
    public double BestEverMargin { get; init; } = 0.1;

    /// <summary>The same for each subgroup with at least <see cref="MinSliceRows"/> rows. From 0, default 0.25:
    /// subgroups are small and losses have long tails.</summary>
    public double SliceMargin { get; init; } = 0.25;

    /// <summary>Fewest rows of a subgroup that the gate judges; smaller ones are only reported. From 30, default
    /// 1,000.</summary>
    public long MinSliceRows { get; init; } = 1_000;

    /// <summary>Fewest rows of a pair of subgroups of two groups that the gate judges as it does a subgroup; smaller
    /// ones are only reported. From 30, default 5,000: pairs are many, and each must be decided.</summary>
    public long MinPairRows { get; init; } = 5_000;

    /// <summary>Fewest rows, inside and elsewhere, of a subgroup that nobody declared for it to be searched. From 30,
    /// default 200.</summary>
    public long MinSubgroupRows { get; init; } = 200;

    /// <summary>How much larger than elsewhere the mean loss may be in a subgroup that nobody declared, as a
    /// share of that: 1 is twice as large. Subgroups are what one feature makes. From 0; null, the default, reports the
    /// weakest and lets all pass: where labels are larger, so are errors.</summary>
    public double? MaxSubgroupExcess { get; init; }

    /// <summary>A larger gain over the champion's RMSE or log loss than this share of it is not believed: it is most
    /// often a leak. Above 0, below 1, for no error falls by more than all of itself; default 0.5.</summary>
    public double MaxGain { get; init; } = 0.5;

    /// <summary>Start of every random choice of the report: which rows are sampled, the resamples of intervals, how
    /// features are permuted. From 0, default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Most held-out rows, drawn by chance, on which the likely best versions ever are chosen, the axes of
    /// plots are found and permutation importance is measured. 100 to 100,000, default 5,000.</summary>
    public int SampleRows { get; init; } = 5_000;

    /// <summary>Throws unless every member is in its range: a limit that is not a number would let everything
    /// pass.</summary>
    /// <exception cref="ArgumentException">The message names every member that is not.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        foreach (var demand in Enum.GetValues<LearningTaskKind>().SelectMany(task => TaskDemand.Of(task, this))
            .DistinctBy(demand => demand.Member))
            Demand(
                demand.Limit is not { } limit || demand.IsRange(limit), demand.Member, demand.Limit ?? 0,
                $"{demand.Expected}, or null");
        Demand(
            MinGainOverBaseline is > 0 and < 1,
            nameof(MinGainOverBaseline), MinGainOverBaseline, "above 0 and below 1");
        Demand(MinRows >= 1, nameof(MinRows), MinRows, "at least 1");
        Demand(Margin is >= 0 and < double.PositiveInfinity, nameof(Margin), Margin, "a finite number from 0");
        Demand(
            BestEverMargin is >= 0 and < double.PositiveInfinity,
            nameof(BestEverMargin), BestEverMargin, "a finite number from 0");
        Demand(
            SliceMargin is >= 0 and < double.PositiveInfinity,
            nameof(SliceMargin), SliceMargin, "a finite number from 0");
        Demand(MinSliceRows >= 30, nameof(MinSliceRows), MinSliceRows, "at least 30");
        Demand(MinPairRows >= 30, nameof(MinPairRows), MinPairRows, "at least 30");
        Demand(MinSubgroupRows >= 30, nameof(MinSubgroupRows), MinSubgroupRows, "at least 30");
        Demand(
            MaxSubgroupExcess is null or (>= 0 and < double.PositiveInfinity),
            nameof(MaxSubgroupExcess), MaxSubgroupExcess ?? 0, "a finite number from 0, or null");
        Demand(MaxGain is > 0 and < 1, nameof(MaxGain), MaxGain, "above 0 and below 1");
        Demand(Seed >= 0, nameof(Seed), Seed, "at least 0");
        Demand(SampleRows is >= 100 and <= 100_000, nameof(SampleRows), SampleRows, "100 to 100000");
        if (faults.Count > 0)
            throw new ArgumentException($"The gate cannot judge: {string.Join("; ", faults)}.");

        void Demand(bool holds, string member, double value, string expected)
        {
            if (!holds)
                faults.Add(FormattableString.Invariant($"{member} is {value}, expected {expected}"));
        }
    }
}
