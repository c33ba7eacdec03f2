using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Gates;

/// <summary>All measurements that a gate judges: of the challenger, and of the champion on the same rows.</summary>
public sealed record GateEvidence
{
    /// <exception cref="ArgumentException">Two entries for one slice: one of them would be ignored.</exception>
    public GateEvidence(ChampionState champion, IReadOnlyList<SliceEvidence> slices)
    {
        if (slices.GroupBy(slice => slice.Slice).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new ArgumentException($"The evaluation has the slice '{twice}' twice. Measure each slice once.");
        (Champion, Slices) = (champion, slices);
    }

    public ChampionState Champion { get; }

    public IReadOnlyList<SliceEvidence> Slices { get; }

    /// <summary>Whether there is a best version ever, and whether the challenger can be compared with it. One that
    /// nobody looked for cannot.</summary>
    public ChampionState BestEver { get; init; } = ChampionState.Unknown("nobody looked for it");

    /// <summary>What is known of whether the challenger was trained on rows that it is judged by.</summary>
    public HoldOutProof HoldOut { get; init; } = new HoldOutProof.Missing("nobody looked");

    /// <summary>The challenger's errors in subgroups that nobody declared.</summary>
    public SubgroupEvidence Subgroups { get; init; } = new SubgroupEvidence.Missing("nobody searched");

    internal SliceEvidence? Find(Slice slice) => Slices.FirstOrDefault(evidence => evidence.Slice == slice);
}

/// <summary>The measurements on one slice.</summary>
public sealed record SliceEvidence
{
    /// <param name="slice">Which rows.</param>
    /// <param name="rows">How many rows the slice has.</param>
    /// <param name="metrics">Each metric once.</param>
    /// <exception cref="ArgumentException">Two entries for one metric: one of them would be ignored.</exception>
    public SliceEvidence(Slice slice, long rows, IReadOnlyList<MetricEvidence> metrics)
    {
        if (metrics.GroupBy(metric => metric.Metric).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new ArgumentException($"The evaluation has '{twice}' of '{slice}' twice. Measure each metric once.");
        (Slice, Rows, Metrics) = (slice, rows, metrics);
    }

    public Slice Slice { get; }

    public long Rows { get; }

    public IReadOnlyList<MetricEvidence> Metrics { get; }

    /// <summary>How many rows each class has, in the order of the task; empty where there are none or nobody
    /// counted.</summary>
    public IReadOnlyList<long> RowsOfClasses { get; init; } = [];

    internal MetricEvidence? Find(string metric) => Metrics.FirstOrDefault(evidence => evidence.Metric == metric);
}

/// <summary>One metric on one slice.</summary>
/// <param name="Difference">Challenger against champion row by row; <see cref="PairedDifference.Missing"/> where the
/// metric is no mean over rows or nobody compared.</param>
public sealed record MetricEvidence(string Metric, MetricValue Challenger, MetricValue Champion,
    PairedDifference Difference)
{
    /// <summary>The challenger beside a trivial model, for the rule that demands to beat one.</summary>
    public BaselineComparison Baseline { get; init; } = new BaselineComparison.Missing("nobody compared");

    /// <summary>The best version ever on the same rows.</summary>
    public RivalEvidence BestEver { get; init; } = RivalEvidence.Missing("not compared");

    /// <summary>A metric that only thresholds judge.</summary>
    public MetricEvidence(string metric, MetricValue challenger)
        : this(metric, challenger, new MetricValue.Missing("not compared"), PairedDifference.Missing("not compared"))
    {
    }
}

/// <summary>One metric of a rival on one slice.</summary>
/// <param name="Value">The rival's.</param>
/// <param name="Difference">Challenger against rival row by row.</param>
public sealed record RivalEvidence(MetricValue Value, PairedDifference Difference)
{
    /// <param name="reason">A clause: "not compared".</param>
    public static RivalEvidence Missing(string reason) =>
        new(new MetricValue.Missing(reason), PairedDifference.Missing(reason));
}

/// <summary>The mean over rows of the metric of the challenger minus that of the champion, both on the same
/// row.</summary>
/// <param name="Rows">Independent rows that were compared. Rows that depend on each other (trips of one day) make the
/// standard error too small unless it is clustered by what they share.</param>
/// <param name="Mean">In the unit of the metric.</param>
/// <param name="StandardError">Of the mean, in the unit of the metric.</param>
public sealed record PairedDifference(long Rows, MetricValue Mean, MetricValue StandardError)
{
    /// <param name="reason">A clause: "the champion cannot score these rows".</param>
    public static PairedDifference Missing(string reason) =>
        new(0, new MetricValue.Missing(reason), new MetricValue.Missing(reason));
}
