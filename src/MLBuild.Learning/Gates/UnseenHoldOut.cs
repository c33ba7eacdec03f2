using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>The challenger must be judged by rows that it was not trained on: on others every metric says how well it
/// remembers. One such row fails, and so does a hold-out of which nobody knows.</summary>
public sealed record UnseenHoldOut() : GateRule(Slice.Overall)
{
    private protected override RuleKind Kind => RuleKind.UnseenHoldOut;

    internal override RuleResult Judge(GateEvidence evidence, NoChampion noChampion)
    {
        if (evidence.HoldOut is not HoldOutProof.Counted counted)
            return Unproven($"{(evidence.HoldOut as HoldOutProof.Missing)?.Reason}");
        if (counted.TrainRows <= 0 || counted.HoldOutRows <= 0)
            return Unproven(
                $"there are {Figures.Count(counted.TrainRows)} training and {Figures.Count(counted.HoldOutRows)} "
                + "held-out rows, and both are needed");
        if (evidence.Find(Slice) is { Rows: var judged } && judged != counted.HoldOutRows)
            return Unproven(
                $"the model was judged by {Figures.Count(judged, "row")}, and {Figures.Count(counted.HoldOutRows)} "
                + "were looked at");
        var seen = counted.TrainedOn + counted.NotHeldOut + counted.KeysOnBothSides;
        var rows = Figures.Count(counted.HoldOutRows, "held-out row");
        return Result(
            seen == 0 ? new Outcome.Pass() : new Outcome.Fail(FailReason.TrainedOnHoldOut),
            seen == 0
                ? $"None of {rows} is one of {Figures.Count(counted.TrainRows, "training row")}."
                : $"{Figures.Count(counted.TrainedOn)} of {Figures.Count(counted.TrainRows, "training row")} should be "
                    + $"held out, {Figures.Count(counted.NotHeldOut)} of {rows} should be trained on, and "
                    + $"{Figures.Count(counted.KeysOnBothSides, "key")} are on both sides: the model may be judged by "
                    + "what it has learned. Split by the key that the model definition gives its rows, and train "
                    + "again.") with
        {
            Value = seen,
            Limit = new(null, 0),
            Rows = counted.HoldOutRows,
        };
    }

    private RuleResult Unproven(string why) => Result(
        new Outcome.Fail(FailReason.HoldOutNotProven),
        $"Nobody knows whether the model was trained on rows that it is judged by: {why}.");
}
