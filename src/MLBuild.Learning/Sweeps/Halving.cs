using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Sweeps;

/// <summary>Successive halving: all points are trained a little, the best of them more, the best of those fully. Each
/// time one in <see cref="Eta"/> goes on, with <see cref="Eta"/> times the budget, so that each rung costs about as
/// much.</summary>
/// <remarks>Source: Jamieson, Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization",
/// AISTATS 2016. A point that is slow to become good, such as one of a small learning rate, can be stopped too
/// soon.</remarks>
/// <param name="MostBudget">What a point of the last rung is trained with: the number of trees, for example.</param>
public sealed record Halving(int MostBudget)
{
    /// <summary>How often points are trained, 2 or more. Default 3.</summary>
    public int Rungs { get; init; } = 3;

    /// <summary>One point in so many goes on. 2 or more, default 3.</summary>
    public int Eta { get; init; } = 3;

    /// <summary>What points of a rung are trained with; rounded down.</summary>
    /// <param name="rung">From 1 to <see cref="Rungs"/>.</param>
    /// <exception cref="ArgumentException">A member is out of its range, or there is no such rung.</exception>
    public int Budget(int rung)
    {
        Validate();
        return rung >= 1 && rung <= Rungs
            ? (int)(MostBudget / Math.Pow(Eta, Rungs - rung))
            : throw new ArgumentException($"There is no rung {rung}, expected 1 to {Rungs}.");
    }

    /// <summary>The points that go on from a rung, the best first: of equal ones the first that was declared, and none
    /// without a score.</summary>
    /// <param name="points">All that were trained in this rung, in the order of their declaration.</param>
    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    /// <exception cref="SweepException">No point has a score.</exception>
    public IReadOnlyList<string> Survivors(IReadOnlyList<PointScores> points, SweepMetric metric)
    {
        Validate();
        var ranked = SweepChoice.DemandScores(SweepChoice.Ranked(points, metric), metric);
        return [.. ranked.Where(point => point.Mean is MetricValue.Value).Take(Math.Max(1, points.Count / Eta))
            .Select(point => point.Point)];
    }

    private void Validate()
    {
        if (Eta < 2)
            throw new ArgumentException($"One point in {Eta} is to go on to the next rung, expected 2 or more.");
        if (Rungs < 2)
            throw new ArgumentException($"Rungs is {Rungs}, expected 2 or more.");
        if (MostBudget / Math.Pow(Eta, Rungs - 1) < 1)
            throw new ArgumentException(FormattableString.Invariant(
                $"A budget of {MostBudget} is less than {Math.Pow(Eta, Rungs - 1)}, so that the first of {Rungs} ")
                + "rungs would have none. Give it more, or fewer rungs.");
    }
}
