namespace MLBuild.Learning.Gates;

/// <summary>Whether a model is judged by rows that it was trained on, or why nobody knows.</summary>
public abstract record HoldOutProof
{
    private HoldOutProof()
    {
    }

    /// <summary>Every row of both sides was looked at. A split deals a key to one side, always: where no row is on the
    /// side of the others, no row is on both.</summary>
    /// <param name="TrainRows">Rows that the challenger was trained on.</param>
    /// <param name="HoldOutRows">Rows that it is judged by.</param>
    /// <param name="TrainedOn">Training rows that the split holds out.</param>
    /// <param name="NotHeldOut">Held-out rows that the split trains on.</param>
    /// <param name="KeysOnBothSides">What the split itself found.</param>
    public sealed record Counted(
        long TrainRows, long HoldOutRows, long TrainedOn, long NotHeldOut, long KeysOnBothSides) : HoldOutProof;

    /// <param name="Reason">A clause: "the split counts 30 held-out rows, the table has 20".</param>
    public sealed record Missing(string Reason) : HoldOutProof;
}
