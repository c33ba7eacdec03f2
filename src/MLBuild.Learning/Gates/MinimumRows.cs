using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>The evaluation must have the slice, with so many rows. A slice with fewer is inconclusive; a slice that is
/// missing or empty fails, for its metrics say nothing.</summary>
public sealed record MinimumRows : GateRule
{
    /// <param name="slice">The slice that must be there.</param>
    /// <param name="min">From 1.</param>
    /// <exception cref="ArgumentException"><paramref name="min"/> is below 1.</exception>
    public MinimumRows(Slice slice, long min)
        : base(slice) => Min = min >= 1
            ? min
            : throw new ArgumentException($"A minimum of {min} rows of {slice} demands nothing. Give a number from 1.");

    public long Min { get; }

    private protected override RuleKind Kind => RuleKind.MinimumRows;

    internal override RuleResult Judge(GateEvidence evidence, NoChampion noChampion)
    {
        if (evidence.Find(Slice) is not { Rows: var rows })
            return Result(
                new Outcome.Fail(FailReason.SliceMissing), $"{Slice} is missing: {NoSuchSlice(evidence)}.");
        var expected = $"{Slice} has {Figures.Count(rows, "row")}, expected at least {Figures.Count(Min)}";
        var missing = Min - rows;
        var (outcome, sentence) = rows switch
        {
            <= 0 => (new Outcome.Fail(FailReason.SliceEmpty), $"{expected}."),
            _ when missing > 0 => (
                (Outcome)new Outcome.Inconclusive(InconclusiveReason.TooFewRows, missing),
                $"{expected}; evaluate {Figures.Count(missing)} more."),
            _ => (new Outcome.Pass(), $"{expected}."),
        };
        return Result(outcome, sentence) with { Value = rows, Limit = new(Min, null), Rows = rows };
    }
}
