namespace MLBuild.Learning.Drift;

/// <summary>What counts as drift. Both must hold: chance is an unlikely explanation, and the change is large enough
/// to matter.</summary>
public sealed record DriftOptions
{
    /// <summary>The share of false alarms tolerated among the alarms, over all features together (false discovery
    /// rate): where nothing has changed, how often a report alarms at all. Above 0, below 1, no unit, default 0.01: one
    /// a day is wrong three or four times a year.</summary>
    public double Significance { get; init; } = 0.01;

    /// <summary>The effect size from which on a change matters, however sure it is: the population stability index
    /// above what chance gives on average. Above 0, no unit, default 0.1.</summary>
    public double MinPsi { get; init; } = 0.1;

    /// <summary>Rows that reference and current data each need to be compared at all. At least 30, default 100: below
    /// it the distributions behind the p-values are poor approximations.</summary>
    public long MinRows { get; init; } = 100;

    /// <summary>What is expected to move. Default none.</summary>
    public IReadOnlyList<KnownChange> KnownChanges { get; init; } = [];

    /// <exception cref="ArgumentException">A member is out of its range; all of them are named.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Significance is not (> 0 and < 1))
            faults.Add(FormattableString.Invariant($"Significance is {Significance}, expected above 0 and below 1"));
        if (MinPsi is not (> 0 and < double.PositiveInfinity))
            faults.Add(FormattableString.Invariant($"MinPsi is {MinPsi}, expected a finite number above 0"));
        if (MinRows < 30)
            faults.Add(FormattableString.Invariant($"MinRows is {MinRows}, expected at least 30"));
        faults.AddRange(KnownChanges.Where(change => string.IsNullOrWhiteSpace(change.Because))
            .Select(change => $"KnownChanges has no reason for '{change.Feature}', expected one"));
        if (faults.Count > 0)
            throw new ArgumentException($"DriftOptions: {string.Join("; ", faults)}.");
    }
}
