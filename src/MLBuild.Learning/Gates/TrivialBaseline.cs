using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>The challenger's error must be smaller than that of a trivial model by a share of it, with one-sided 95 %
/// confidence: a model that is no better than a constant has learned nothing, whatever the thresholds and however bad
/// the champion. Three outcomes, as <see cref="NonInferiority"/>. It is a floor, not a judgement of quality: a gate
/// needs a threshold or a comparison besides.</summary>
public sealed record TrivialBaseline : MetricRule
{
    /// <param name="metric">A mean of errors over rows, 0 for a perfect model, with a
    /// <see cref="BaselineComparison"/>.</param>
    /// <param name="slice">The rows to compare on.</param>
    /// <param name="minGain">The share of the baseline's error that must be gone: 0.1 is 10 %. Above 0, below
    /// 1.</param>
    /// <exception cref="ArgumentException"><paramref name="minGain"/> is out of its range.</exception>
    public TrivialBaseline(string metric, Slice slice, double minGain)
        : base(metric, slice) => MinGain = minGain is > 0 and < 1
            ? minGain
            : throw new ArgumentException(FormattableString.Invariant(
                $"The gain over the baseline on {Subject} is {minGain}. Give a share above 0 and below 1, such as ")
                + "0.1: at 0 a constant would pass, and no model reaches 1.");

    public double MinGain { get; }

    private protected override RuleKind Kind => RuleKind.TrivialBaseline;

    private protected override RuleResult Judge(
        double value, long rows, MetricEvidence metric, GateEvidence evidence, NoChampion noChampion)
    {
        if (metric.Baseline is not BaselineComparison.Measured measured)
            return NotJudged(
                FailReason.BaselineNotMeasured,
                $"the baseline was not measured: {(metric.Baseline as BaselineComparison.Missing)?.Reason}");
        if (measured.Rows != rows || !Agreement.Between(value, measured.Challenger, scale: 0))
            return NotJudged(
                FailReason.MeasurementsDisagree,
                $"it is {Figures.Number(value)} on {Figures.Count(rows, "row")}, and "
                + $"{Figures.Number(measured.Challenger)} on {Figures.Count(measured.Rows, "row")} beside the baseline"
                + "; measure both on the same rows in the same unit");
        if (measured.Challenger < 0 || measured.Baseline < 0)
            return NotJudged(FailReason.BaselineNotMeasured, "an error below 0 is no error");

        var allowed = (1 - MinGain) * measured.Baseline;
        var (mean, error) = measured.Difference(1 - MinGain);
        var interval = OneSidedTest.Interval(mean, error);
        if (!double.IsFinite(interval.Lower) || !double.IsFinite(interval.Upper))
            return NotJudged(FailReason.BaselineNotMeasured, "the numbers are too large to compare");
        // Even a perfect model gains nothing there.
        var outcome = measured.Baseline > 0
            ? OneSidedTest.Decide(measured.Rows, mean, error, limit: 0, FailReason.BaselineNotBeaten)
            : new Outcome.Fail(FailReason.BaselineNotBeaten);
        return Result(outcome,
            $"{Subject}: {Figures.Number(value)} against a constant prediction's {Figures.Number(measured.Baseline)}, "
            + $"expected at most {Figures.Number(allowed)}, {Figures.Percent(MinGain)} less; difference to that "
            + $"{Figures.Number(mean)} (95 % bounds {Figures.Number(interval.Lower)} and "
            + $"{Figures.Number(interval.Upper)}) ({Figures.Count(measured.Rows, "row")})"
            + (measured.Baseline > 0 ? OneSidedTest.WayOut(outcome) : "; all labels are equal to the constant.")) with
        {
            Limit = new(null, allowed),
            Difference = interval,
        };
    }
}
