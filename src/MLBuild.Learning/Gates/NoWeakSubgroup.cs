using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>No subgroup that one feature makes may have an error much larger than that elsewhere. Where one has for
/// certain, of all that were searched, it fails; where no subgroup has enough rows, it is inconclusive.</summary>
/// <remarks>It asks for a proof of harm and not, as <see cref="NonInferiority"/> does for slices that an author
/// declared, for a proof of its absence: of a hundred subgroups a few always lack the rows for that.</remarks>
public sealed record NoWeakSubgroup : GateRule
{
    /// <param name="metric">The mean of errors that was searched.</param>
    /// <param name="maxExcess">How much larger an error may be than elsewhere, as a share of that: 1 is twice as large.
    /// From 0.</param>
    /// <param name="minRows">A subgroup with fewer rows is not searched. From 30.</param>
    /// <exception cref="ArgumentException">One of them is out of its range.</exception>
    public NoWeakSubgroup(string metric, double maxExcess, long minRows)
        : base(Slice.Overall)
    {
        if (!(maxExcess >= 0 && double.IsFinite(maxExcess)) || minRows < OneSidedTest.LeastRows)
            throw new ArgumentException(FormattableString.Invariant(
                $"The search for weak subgroups allows {maxExcess} more {metric} in subgroups of {minRows} rows. ")
                + $"Give a share from 0, such as 1, and at least {OneSidedTest.LeastRows} rows.");
        (Metric, MaxExcess, MinRows) = (metric, maxExcess, minRows);
    }

    public string Metric { get; }

    public double MaxExcess { get; }

    public long MinRows { get; }

    private protected override RuleKind Kind => RuleKind.NoWeakSubgroup;

    private protected override string? MetricName => Metric;

    internal override RuleResult Judge(GateEvidence evidence, NoChampion noChampion)
    {
        if (SubgroupFindings.Of(evidence.Subgroups, 1 + MaxExcess, MinRows) is not SubgroupFindings.Tested found)
            return Result(
                new Outcome.Fail(FailReason.NotMeasured),
                $"Weak subgroups were not searched: {(evidence.Subgroups as SubgroupEvidence.Missing)?.Reason}.");
        if (found.Worst is not [var worst, ..])
        {
            var more = MoreRowsNeeded(((SubgroupEvidence.Measured)evidence.Subgroups).Subgroups);
            return Result(
                new Outcome.Inconclusive(InconclusiveReason.TooFewRows, more),
                $"{Metric}: no subgroup has the {Figures.Count(MinRows)} rows to be searched"
                + (more is { } rows
                    ? $"; evaluate about {Figures.Count(rows)} more."
                    : "; no number of rows would do."));
        }
        var (lower, upper) = (Figures.Number(worst.Difference.Lower), Figures.Number(worst.Difference.Upper));
        return Result(
            found.Weak == 0 ? new Outcome.Pass() : new Outcome.Fail(FailReason.WeakSubgroup),
            $"{Metric}: {Figures.Count(found.Searched, "subgroup")} searched, {Figures.Count(found.Weak)} certainly "
            + $"more than {Figures.Percent(MaxExcess)} above the rest; {worst.Sentence}, difference to what is allowed "
            + $"{Figures.Number(worst.Difference.Mean)} (95 % bounds {lower} and {upper} for all together).") with
        {
            Value = worst.Error,
            Limit = new(null, (1 + MaxExcess) * worst.ErrorElsewhere),
            Difference = worst.Difference,
            Rows = worst.Rows,
        };
    }

    // So that the largest one has enough, of as many rows elsewhere.
    private long? MoreRowsNeeded(IReadOnlyList<SubgroupErrors> subgroups)
    {
        if (subgroups.MaxBy(one => Math.Min(one.Inside.Count, one.Elsewhere.Count)) is not
            { Inside.Count: > 0 and var inside, Elsewhere.Count: > 0 and var elsewhere })
            return null;
        var rows = inside + elsewhere;
        return (long)Math.Ceiling((double)MinRows * rows / Math.Min(inside, elsewhere)) - rows;
    }
}
