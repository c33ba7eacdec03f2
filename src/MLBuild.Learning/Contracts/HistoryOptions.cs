namespace MLBuild.Learning.Contracts;

/// <summary>When a batch differs from the accepted ones before it: by more than chance, and by more than a
/// little.</summary>
public sealed record HistoryOptions
{
    /// <summary>Batches that must have been accepted before one can be judged. 3 to 1,000, default 5.</summary>
    public int LeastBatches { get; init; } = 5;

    /// <summary>The last batches that a batch is compared with, so that history forgets. At least
    /// <see cref="LeastBatches"/>, default 24.</summary>
    public int MostBatches { get; init; } = 24;

    /// <summary>How often a batch is to be reported by chance, all comparisons of the contract together. Above 0, below
    /// 1, default 0.01: one good batch of a hundred.</summary>
    public double FalseAlarms { get; init; } = 0.01;

    /// <summary>Up to so many standard deviations a mean may move. At least 0, default 0.1.</summary>
    public double LeastMove { get; init; } = 0.1;

    /// <summary>Up to this ratio a count, a standard deviation and a cardinality may change. At least 0, default 0.1: a
    /// tenth more or less.</summary>
    public double LeastRatio { get; init; } = 0.1;

    /// <summary>Up to this share of rows may change where shares are compared: without a value, in a new or vanished
    /// category. 0..1, default 0.01.</summary>
    public double LeastShare { get; init; } = 0.01;

    /// <summary>Up to this share of rows may move across a quantile. 0..1, default 0.05.</summary>
    public double LeastRank { get; init; } = 0.05;

    /// <exception cref="ArgumentException">A member is out of its range; all such are named.</exception>
    public void Validate()
    {
        IEnumerable<string> faults =
        [
            .. Fault(LeastBatches is >= 3 and <= 1_000, nameof(LeastBatches), LeastBatches, "3 to 1,000"),
            .. Fault(MostBatches >= LeastBatches, nameof(MostBatches), MostBatches, "at least LeastBatches"),
            .. Fault(FalseAlarms is > 0 and < 1, nameof(FalseAlarms), FalseAlarms, "above 0 and below 1"),
            .. Fault(LeastMove >= 0 && double.IsFinite(LeastMove), nameof(LeastMove), LeastMove, "a number from 0 on"),
            .. Fault(
                LeastRatio >= 0 && double.IsFinite(LeastRatio), nameof(LeastRatio), LeastRatio, "a number from 0 on"),
            .. Fault(LeastShare is >= 0 and <= 1, nameof(LeastShare), LeastShare, "0 to 1"),
            .. Fault(LeastRank is >= 0 and <= 1, nameof(LeastRank), LeastRank, "0 to 1"),
        ];
        if (faults.ToArray() is { Length: > 0 } all)
            throw new ArgumentException($"HistoryOptions: {string.Join("; ", all)}.");
    }

    private static string[] Fault(bool holds, string name, double value, string expected) =>
        holds ? [] : [$"{name} is {Figures.Number(value)}, expected {expected}"];
}
