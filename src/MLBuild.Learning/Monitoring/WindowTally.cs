using MLBuild.Learning.Drift;

namespace MLBuild.Learning.Monitoring;

/// <summary>Where the labels of recent rows come from.</summary>
public enum LabelSource
{
    /// <summary>The rows have them.</summary>
    Rows,

    /// <summary>Other rows have them, which are found by the key; they may be late.</summary>
    Joined,

    /// <summary>Nobody waits for any: performance is only estimated.</summary>
    None,
}

/// <summary>A business metric's sum.</summary>
public sealed record MetricSum(string Name, SumTally Sum);

/// <summary>All that was counted in the part of a window that one file has. It does not grow with rows, so what was
/// counted of a file once is kept, and windows of many files add up.</summary>
/// <param name="Rows">That satisfy the contract; the others are only in <paramref name="Quality"/>.</param>
/// <param name="Features">In the order of the model's, then its predictions.</param>
public sealed record WindowTally(
    Window Window, long Rows, QualityTally Quality, IReadOnlyList<FeatureTally> Features, ErrorTally Errors,
    IReadOnlyList<MetricSum> Metrics);
