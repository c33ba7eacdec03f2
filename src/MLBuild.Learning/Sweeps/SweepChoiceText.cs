using MLBuild.Learning.Contracts;
using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Sweeps;

/// <summary>A choice for the person who watches.</summary>
public static class SweepChoiceText
{
    private const int MostPoints = 10;

    /// <summary>The best points with mean and standard error, which one won and why.</summary>
    public static IEnumerable<string> Lines(SweepChoice choice)
    {
        var scored = choice.Points.Where(point => point.Mean is MetricValue.Value).ToArray();
        var shown = scored.Take(MostPoints)
            .Union(scored.Where(point => point.Point == choice.Winner)).ToArray();
        var width = shown.Max(point => point.Measure.Length);
        foreach (var point in shown)
            yield return $"{point.Measure.PadRight(width)}  {point.Point}"
                + (point.Point == choice.Winner ? "  chosen" : "");
        if (scored.Length > shown.Length)
            yield return $"{Figures.Count(scored.Length - shown.Length, "other point")} did worse";
        foreach (var point in choice.Points.Except(scored))
            yield return $"{point.Point} has no score: {((MetricValue.Missing)point.Mean).Reason}";
        yield return choice.Because;
    }
}
