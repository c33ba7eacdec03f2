using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Leakage;

/// <summary>What was looked for that a model must not learn from, and what was found. Everything measured is here, also
/// where nothing was found.</summary>
/// <param name="Labels">One for each feature.</param>
/// <param name="Times">One for each feature that says when it was known.</param>
/// <param name="SplitTimes">Null where rows are not held out by time.</param>
public sealed record LeakageReport(
    LeakageLimits Limits,
    IReadOnlyList<LabelLeak> Labels,
    TwinLeak Twins,
    IReadOnlyList<TimeLeak> Times,
    TimeLeak? SplitTimes)
{
    public LeakVerdict Verdict => Findings().Select(finding => finding.Verdict).Append(LeakVerdict.None).Max();

    /// <summary>What was found, one sentence each, the worst first.</summary>
    public IReadOnlyList<string> Sentences =>
        [.. Findings().OrderByDescending(finding => finding.Verdict).Select(finding => finding.Sentence)];

    private IEnumerable<(LeakVerdict Verdict, string Sentence)> Findings()
    {
        foreach (var leak in Labels.Where(leak => leak.Verdict != LeakVerdict.None))
            yield return (leak.Verdict, leak.IsCopy
                ? $"Feature '{leak.Feature}' is the label, or a + b times the label. Remove it."
                : $"Feature '{leak.Feature}' alone tells {Figures.Percent(leak.Told!.Value)} of the label; more than "
                    + $"{Figures.Percent(Limits.WarnSingleFeature)} is suspicious. See whether it is known when a row "
                    + "is predicted.");
        if (Twins.Rows > 0)
            yield return (Twins.Verdict,
                $"{Figures.Count(Twins.Rows)} of {Figures.Count(Twins.HeldOut, "held-out row")} "
                + $"({Figures.Percent((double)Twins.Rows / Twins.HeldOut)}, "
                + $"limit {Figures.Percent(Limits.MaxTwinShare)}) have the features and the label of a "
                + "training row with another key, such as "
                + $"{Twins.Examples[0].HeldOutKey} and {Twins.Examples[0].TrainingKey}. Remove duplicates before the "
                + "split, or give them one key.");
        foreach (var leak in Times.Where(leak => leak.Rows > 0))
            yield return (LeakVerdict.Fail,
                $"Feature '{leak.What}' is known only after the prediction in {Figures.Count(leak.Rows, "row")}, "
                + $"such as {leak.Examples[0]}. Compute it from what is known before.");
        if (SplitTimes is { Rows: > 0 } split)
            yield return (LeakVerdict.Fail,
                $"{Figures.Count(split.Rows, "held-out row")} {(split.Rows == 1 ? "is" : "are")} earlier than the last "
                + "training row, such as "
                + $"{split.Examples[0]}. Hold out what comes after all training rows.");
    }
}

/// <summary>How much one feature tells of the label.</summary>
/// <param name="Told">Null where the label or all is constant, so that there is nothing to tell.</param>
/// <param name="IsCopy">The label is a + b times the feature in nearly all rows.</param>
public sealed record LabelLeak(string Feature, double? Told, bool IsCopy, LeakVerdict Verdict);

/// <summary>Held-out rows with the features and the label of a training row.</summary>
/// <param name="HeldOut">All held-out rows.</param>
/// <param name="Rows">Those of them that have a twin.</param>
public sealed record TwinLeak(long HeldOut, long Rows, IReadOnlyList<Twins> Examples, LeakVerdict Verdict);

public sealed record Twins(string HeldOutKey, string TrainingKey);

/// <summary>Rows whose times are in the wrong order.</summary>
/// <param name="What">The feature, or the split.</param>
public sealed record TimeLeak(string What, long Rows, IReadOnlyList<TimeLeakExample> Examples);

/// <param name="Before">What should have been the earlier one, or the same.</param>
public sealed record TimeLeakExample(string Key, DateTime Before, DateTime After)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Key}: {Before:yyyy-MM-dd HH:mm:ss} after {After:yyyy-MM-dd HH:mm:ss}");
}
