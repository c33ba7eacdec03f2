namespace MLBuild.Learning.Contracts;

/// <summary>What becomes of a row: it stays in the data set, or it is set aside.</summary>
public abstract record RowOutcome
{
    private RowOutcome()
    {
    }

    public sealed record Accepted : RowOutcome;

    /// <param name="Rule">The first rule that the row breaks, in the order of the contract.</param>
    public sealed record SetAside(string Rule) : RowOutcome;
}
