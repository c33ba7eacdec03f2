using MLBuild.Learning.Splits;
using MLBuild.Learning.Sweeps;

namespace MLBuild.Stages.Sweep;

/// <summary>What a sweep tries and how it chooses: what its two stages, trials and choice, are declared with.</summary>
public sealed record SweepPlan<TOptions> where TOptions : class
{
    /// <summary>What is tried. Of equally good points the first wins.</summary>
    public required IReadOnlyList<SweepPoint<TOptions>> Points { get; init; }

    /// <summary>What points are ranked by.</summary>
    public required SweepMetric Metric { get; init; }

    /// <summary>Default Best.</summary>
    public ChoiceRule Rule { get; init; } = ChoiceRule.Best;

    /// <summary>How training rows are dealt for cross-validation.</summary>
    public KeyFolds Folds { get; init; } = new();

    /// <summary>On how many of the folds each point is scored, every time learning from all others. 1 to the number of
    /// folds, default all. With 1 a sweep takes the least time, and knows no standard errors.</summary>
    public int? ScoredFolds { get; init; }

    /// <summary>The training rows that the sweep takes at all; default all.</summary>
    public KeySample Sample { get; init; } = new();

    /// <summary>Every point on every fold that is scored: the partitions of the stage of trials.</summary>
    /// <exception cref="ArgumentException">The plan cannot be meant.</exception>
    public IEnumerable<TrialOptions<TOptions>> Trials()
    {
        Validate();
        return Points.SelectMany(point => Enumerable.Range(0, Scored),
            (point, fold) => new TrialOptions<TOptions>(point.Name, point.Options, Folds, fold, Sample));
    }

    /// <summary>The options of the stage that chooses.</summary>
    /// <exception cref="ArgumentException">The plan cannot be meant.</exception>
    public SweepOptions Choice()
    {
        Validate();
        return new([.. Points.Select(point => new SweepCandidate(point.Name, point.Complexity))],
            Metric, Rule, Folds, Scored, Sample);
    }

    /// <summary>The options of the stage that decides who goes on from a rung of a halving.</summary>
    /// <param name="rung">From 1 on.</param>
    /// <exception cref="ArgumentException">The plan cannot be meant.</exception>
    public RungOptions Rung(Halving halving, int rung) => new(Choice().Points, Metric, halving, rung);

    private int Scored => ScoredFolds ?? Folds.Count;

    private void Validate()
    {
        Folds.Validate();
        Sample.Validate();
        if (Points.Count == 0)
            throw new ArgumentException("A sweep without points has no winner. Give it one or more.");
        var twice = Points.GroupBy(point => point.Name, StringComparer.Ordinal).Where(same => same.Count() > 1)
            .Select(same => same.Key).ToArray();
        if (twice.Length > 0)
            throw new ArgumentException(
                $"The sweep has a point more than once: {string.Join("; ", twice)}. Give it each point once.");
        if (Scored < 1 || Scored > Folds.Count)
            throw new ArgumentException(FormattableString.Invariant(
                $"The sweep scores {Scored} folds of {Folds.Count}, expected 1 to {Folds.Count}."));
        if (Rule == ChoiceRule.OneStandardError && Scored == 1)
            throw new ArgumentException(
                "The rule of one standard error needs the spread over folds, and the sweep scores 1. Score 2 or " +
                "more, or choose the best.");
        if (Rule == ChoiceRule.OneStandardError && Points.FirstOrDefault(point => point.Complexity is null) is { } one)
            throw new ArgumentException(
                $"The rule of one standard error takes the simplest point, and the sweep does not say how complex " +
                $"{one.Name} is. Declare it with SimplestFirst, or choose the best.");
    }
}
