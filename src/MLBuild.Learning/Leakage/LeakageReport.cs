using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Leakage;

/// <summary>What was looked for that a model must not learn from, and what was found. Everything measured is here, also
/// where nothing was found.</summary>
/// <param name="Times">One for each feature that says when it was known.</param>
public sealed record LeakageReport(
    LeakageLimits Limits,
    LabelLeakage Labels,
    TwinLeak Twins,
    IReadOnlyList<TimeLeak> Times)
{
    public LeakVerdict Verdict => Findings().Select(finding => finding.Verdict).Append(LeakVerdict.None).Max();

    /// <summary>What was found, one sentence each, the worst first.</summary>
    public IReadOnlyList<string> Sentences =>
        [.. Findings().OrderByDescending(finding => finding.Verdict).Select(finding => finding.Sentence)];

    private IEnumerable<(LeakVerdict Verdict, string Sentence)> Findings()
    {
        foreach (var leak in Labels.Features.Where(leak => leak.Verdict != LeakVerdict.None))
            yield return (leak.Verdict, Sentence(leak));
        if (!Labels.IsEnough)
            yield return (LeakVerdict.Warn,
                $"{Figures.Count(Labels.Rows, "training row")} {(Labels.Rows == 1 ? "is" : "are")} too few to tell "
                + $"whether a feature gives the label away: {LabelLeaks.FewestRows} are needed.");
        if (Twins.Rows > 0)
            yield return (Twins.Verdict,
                $"{Figures.Count(Twins.Rows)} of {Figures.Count(Twins.HeldOut, "held-out row")} "
                + $"({Figures.Percent((double)Twins.Rows / Twins.HeldOut)}, "
                + $"limit {Figures.Percent(Limits.MaxTwinShare)}) have the features and the label of a "
                + "training row with another key, such as "
                + $"{Twins.Examples[0].HeldOutKey} and {Twins.Examples[0].TrainingKey}. Remove duplicates before the "
                + "split, give them one key, or raise LeakageLimits.MaxTwinShare if rows are equal by chance.");
        foreach (var leak in Times.Where(leak => leak.Rows > 0))
            yield return (LeakVerdict.Fail,
                $"Feature '{leak.Feature}' is known only after the prediction in {Figures.Count(leak.Rows, "row")}, "
                + $"such as {leak.Examples[0]}. Compute it from what is known before.");
    }

    private string Sentence(LabelLeak leak) => leak switch
    {
        { IsCopy: true } => $"Feature '{leak.Feature}' is the label, or a + b times the label. Remove it.",
        { Verdict: LeakVerdict.Fail } =>
            $"Feature '{leak.Feature}' alone tells {Figures.Percent(leak.Told!.Value)} of the label; "
            + $"{Figures.Percent(Limits.FailSingleFeature)} or more ends the build. Remove it, or raise "
            + "LeakageLimits.FailSingleFeature if it is known when a row is predicted.",
        _ => $"Feature '{leak.Feature}' alone tells {Figures.Percent(leak.Told!.Value)} of the label; "
            + $"{Figures.Percent(Limits.WarnSingleFeature)} or more is suspicious. See whether it is known when a row "
            + "is predicted.",
    };
}

/// <summary>How much features tell of the label.</summary>
/// <param name="Rows">Training rows that were looked at.</param>
/// <param name="Features">One for each feature.</param>
public sealed record LabelLeakage(long Rows, IReadOnlyList<LabelLeak> Features)
{
    /// <summary>False if there were too few rows to tell: then only copies were looked for.</summary>
    public bool IsEnough => Rows >= LabelLeaks.FewestRows;
}

/// <summary>How much one feature tells of the label.</summary>
/// <param name="Told">Null where all labels are equal, so that there is nothing to tell, or the rows too
/// few.</param>
/// <param name="IsCopy">The label is a + b times the feature in nearly all rows.</param>
public sealed record LabelLeak(string Feature, double? Told, bool IsCopy, LeakVerdict Verdict);

/// <summary>Held-out rows with the features and the label of a training row.</summary>
/// <param name="HeldOut">All held-out rows.</param>
/// <param name="Rows">Those of them that have a twin.</param>
public sealed record TwinLeak(long HeldOut, long Rows, IReadOnlyList<Twins> Examples, LeakVerdict Verdict);

public sealed record Twins(string HeldOutKey, string TrainingKey);

/// <summary>Rows whose feature was known only after they were predicted.</summary>
public sealed record TimeLeak(string Feature, long Rows, IReadOnlyList<TimeLeakExample> Examples);

public sealed record TimeLeakExample(string Key, DateTime KnownAt, DateTime PredictedAt)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Key}: {KnownAt:yyyy-MM-dd HH:mm:ss} after {PredictedAt:yyyy-MM-dd HH:mm:ss}");
}
