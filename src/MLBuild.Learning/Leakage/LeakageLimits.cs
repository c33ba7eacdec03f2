using System.Text.Json.Serialization;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Leakage;

/// <summary>When what looks like a leak is said, and when it ends the build.</summary>
public sealed record LeakageLimits
{
    /// <summary>A single feature that tells at least this much of the label is said. 0..1, default 0.95. See
    /// <see cref="LabelLeaks"/> for what is measured.</summary>
    public double WarnSingleFeature { get; init; } = 0.95;

    /// <summary>A single feature that tells at least this much ends the build. 0..1, default 0.99; 1 for never, but for
    /// copies of the label.</summary>
    public double FailSingleFeature { get; init; } = 0.99;

    /// <summary>Largest share of held-out rows that have a twin among the training rows: equal features and an equal
    /// label under another key. 0..1, default 0.01. Any are said.</summary>
    public double MaxTwinShare { get; init; } = 0.01;

    /// <summary>The limits of a task where nobody says others. Twins end the build of a regression only: many rows have
    /// the same class, so that of equal features most have an equal label, and nothing has leaked.</summary>
    public static LeakageLimits Of(LearningTask task) =>
        task.Kind == LearningTaskKind.Regression ? new() : new() { MaxTwinShare = 1 };

    /// <exception cref="ArgumentException">A limit is out of its range, or one is said only beyond where it ends the
    /// build; all such are named.</exception>
    public void Validate()
    {
        var faults = new (string Name, double Value)[]
        {
            (nameof(WarnSingleFeature), WarnSingleFeature), (nameof(FailSingleFeature), FailSingleFeature),
            (nameof(MaxTwinShare), MaxTwinShare),
        }.Where(limit => limit.Value is not (>= 0 and <= 1))
            .Select(limit => FormattableString.Invariant($"{limit.Name} is {limit.Value}, expected 0..1")).ToList();
        if (WarnSingleFeature > FailSingleFeature)
            faults.Add(FormattableString.Invariant(
                $"WarnSingleFeature is {WarnSingleFeature}, expected at most FailSingleFeature, {FailSingleFeature}"));
        if (faults.Count > 0)
            throw new ArgumentException($"{string.Join("; ", faults)}.");
    }
}

/// <summary>How bad something is that looks like a leak.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LeakVerdict>))]
public enum LeakVerdict
{
    None,
    Warn,
    Fail,
}
