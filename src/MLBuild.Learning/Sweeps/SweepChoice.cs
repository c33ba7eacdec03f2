using System.Text.Json.Serialization;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Statistics;

namespace MLBuild.Learning.Sweeps;

/// <summary>Which point of a sweep wins.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChoiceRule>))]
public enum ChoiceRule
{
    /// <summary>That of the best mean over folds; of equal ones the first that was declared.</summary>
    Best,

    /// <summary>The simplest whose mean is within one standard error of the best mean: what is not surely better is not
    /// worth being more complex. Of equally simple ones the better.</summary>
    /// <remarks>Source: Breiman, Friedman, Olshen, Stone, "Classification and Regression Trees", 1984, 3.4.3. The
    /// standard error is that of the best point.</remarks>
    OneStandardError,
}

/// <summary>What was measured of one point.</summary>
/// <param name="Complexity">Lower is simpler; null where nobody said.</param>
/// <param name="Folds">The metric on each fold that was scored.</param>
public sealed record PointScores(string Point, double? Complexity, IReadOnlyList<MetricValue> Folds);

/// <summary>A point among the others.</summary>
/// <param name="Mean">Of the metric over folds; missing if it is on one of them, and then the point never wins.</param>
/// <param name="StandardError">Of the mean: the standard deviation over folds / √folds. Missing with one fold.</param>
public sealed record RankedPoint(
    string Point, double? Complexity, MetricValue Mean, MetricValue StandardError, IReadOnlyList<MetricValue> Folds)
{
    /// <summary>For people: <c>2.512 ± 0.010</c>.</summary>
    internal string Measure => Mean is not MetricValue.Value { Number: var mean }
        ? $"{Mean}"
        : StandardError is MetricValue.Value { Number: var error }
            ? FormattableString.Invariant($"{mean:0.0000} ± {error:0.0000}")
            : FormattableString.Invariant($"{mean:0.0000}");
}

/// <summary>Which point of a sweep won, why, and how all of them did.</summary>
/// <param name="Because">A sentence for people.</param>
/// <param name="Points">The best first, those without a score last; equal ones in the order of their
/// declaration.</param>
public sealed record SweepChoice(
    SweepMetric Metric, ChoiceRule Rule, string Winner, string Because, IReadOnlyList<RankedPoint> Points)
{
    /// <param name="points">In the order of their declaration.</param>
    /// <exception cref="SweepException">No point has a score, or the rule needs what was not declared or
    /// measured.</exception>
    public static SweepChoice Of(IReadOnlyList<PointScores> points, SweepMetric metric, ChoiceRule rule)
    {
        var ranked = DemandScores(Ranked(points, metric), metric);
        var scored = ranked.Where(point => point.Mean is MetricValue.Value).ToArray();
        var (winner, because) = rule switch
        {
            ChoiceRule.Best => (scored[0], Best(scored, metric)),
            ChoiceRule.OneStandardError => Simplest(scored, metric),
            _ => throw new InvalidOperationException($"BUG: unknown rule {rule}."),
        };
        return new(metric, rule, winner.Point, because, ranked);
    }

    /// <summary>The points, the best first.</summary>
    public static IReadOnlyList<RankedPoint> Ranked(IReadOnlyList<PointScores> points, SweepMetric metric) =>
    [
        // Stable, so that of equal ones the first declared stays first.
        .. points.Select(Measured).OrderBy(point => point.Mean is MetricValue.Value { Number: var mean }
            ? metric.Direction.Worsening(mean) : double.PositiveInfinity),
    ];

    /// <exception cref="SweepException">No point has a score.</exception>
    internal static IReadOnlyList<RankedPoint> DemandScores(IReadOnlyList<RankedPoint> ranked, SweepMetric metric) =>
        ranked.Any(point => point.Mean is MetricValue.Value)
            ? ranked
            : throw new SweepException(NoScore(ranked, metric));

    private static RankedPoint Measured(PointScores point)
    {
        var moments = new RunningMoments();
        foreach (var (i, fold) in point.Folds.Index())
        {
            if (fold is not MetricValue.Value { Number: var number })
                return Without($"fold {i}: {((MetricValue.Missing)fold).Reason}");
            moments.Add(number);
        }
        if (moments.Count == 0)
            return Without("it was scored on no fold");
        return new(point.Point, point.Complexity, MetricValue.Of(moments.Mean),
            moments.Count > 1
                ? MetricValue.Of(Math.Sqrt(moments.Variance / moments.Count))
                : new MetricValue.Missing("one fold has no spread; at least 2 are needed"),
            point.Folds);

        RankedPoint Without(string reason)
        {
            var missing = new MetricValue.Missing(reason);
            return new(point.Point, point.Complexity, missing, missing, point.Folds);
        }
    }

    private static string Best(RankedPoint[] scored, SweepMetric metric) =>
        $"{scored[0].Point} has the {Best(metric)} mean {metric.Name} of {Counted(scored.Length)}: {scored[0].Measure}";

    private static (RankedPoint Winner, string Because) Simplest(RankedPoint[] scored, SweepMetric metric)
    {
        var best = scored[0];
        if (best.StandardError is not MetricValue.Value { Number: var error })
            throw new SweepException(
                "The rule of one standard error needs the spread over folds, and there is none: "
                + $"{((MetricValue.Missing)best.StandardError).Reason}. Score more folds, or choose the best.");
        if (scored.FirstOrDefault(point => point.Complexity is null) is { } unknown)
            throw new SweepException(
                "The rule of one standard error takes the simplest point, and the sweep does not say how complex "
                + $"{unknown.Point} is. Declare it with SimplestFirst, or choose the best.");
        var worst = metric.Direction.Worsening(Number(best)) + error;
        var within = scored.Where(point => metric.Direction.Worsening(Number(point)) <= worst).ToArray();
        var winner = within.MinBy(point => point.Complexity!.Value)!;
        return (winner, $"{winner.Point} is the simplest of {Counted(within.Length)} within one standard error of the "
            + $"{Best(metric)} mean {metric.Name}: {winner.Measure}; the best is {best.Point}: {best.Measure}");

        static double Number(RankedPoint point) => ((MetricValue.Value)point.Mean).Number;
    }

    private static string NoScore(IReadOnlyList<RankedPoint> ranked, SweepMetric metric) => ranked switch
    {
        [] => "A sweep without points has no winner. Give it one or more.",
        [var first, ..] => $"No point of the sweep has a finite {metric.Name}, so none can win: {first.Point}: "
            + $"{((MetricValue.Missing)first.Mean).Reason}"
            + $"{(ranked.Count > 1 ? $"; and {Counted(ranked.Count - 1)} more" : "")}. Look at the scores and the "
            + "ranges of the sweep.",
    };

    private static string Best(SweepMetric metric) =>
        metric.Direction == Direction.LowerIsBetter ? "smallest" : "largest";

    private static string Counted(int points) => points == 1 ? "1 point" : $"{points} points";
}

/// <summary>A sweep cannot choose.</summary>
public sealed class SweepException(string message) : Exception(message);
