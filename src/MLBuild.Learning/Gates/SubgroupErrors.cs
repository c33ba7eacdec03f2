namespace MLBuild.Learning.Gates;

/// <summary>A model's errors on the rows of a subgroup, and on all others.</summary>
public sealed record SubgroupErrors(Slice Subgroup, ErrorMoments Inside, ErrorMoments Elsewhere);

/// <summary>Count, mean and squares of errors; they add up in any grouping.</summary>
/// <param name="SumOfSquares">Σ (error − mean)².</param>
/// <remarks>Source: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances",
/// 1979.</remarks>
public readonly record struct ErrorMoments(long Rows, double Mean, double SumOfSquares)
{
    /// <summary>Of the sample (n - 1); 0 with fewer than two rows.</summary>
    public double Variance => Rows < 2 ? 0 : SumOfSquares / (Rows - 1);

    /// <summary>With one row more.</summary>
    public ErrorMoments And(double error) => And(new ErrorMoments(1, error, 0));

    /// <summary>With other rows.</summary>
    public ErrorMoments And(ErrorMoments others)
    {
        if (Rows == 0 || others.Rows == 0)
            return Rows == 0 ? others : this;
        var rows = Rows + others.Rows;
        var distance = others.Mean - Mean;
        var share = (double)others.Rows / rows;
        return new(
            rows, Mean + (distance * share),
            SumOfSquares + others.SumOfSquares + (distance * distance * share * Rows));
    }
}

/// <summary>The subgroups that a search looked at, or why it did not.</summary>
public abstract record SubgroupEvidence
{
    private SubgroupEvidence()
    {
    }

    /// <param name="Subgroups">All of them, the small ones too: how many rows are enough is for the test to
    /// say.</param>
    public sealed record Measured(IReadOnlyList<SubgroupErrors> Subgroups) : SubgroupEvidence;

    /// <param name="Reason">A clause: "3 of 100 rows have an error that is not finite".</param>
    public sealed record Missing(string Reason) : SubgroupEvidence;
}
