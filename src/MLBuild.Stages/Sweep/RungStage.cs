using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Sweep;

/// <summary>Decides which points of a rung go on.</summary>
/// <remarks>The decision over all is one piece of work, and <see cref="CutStage"/> gives each trial its own: another
/// point changes the first, and the second of those alone that now go on, or no longer do.</remarks>
public static class RungStage
{
    public const string Survivors = "survivors.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Survivors];

    /// <exception cref="SweepException">No point has a score.</exception>
    public static void Run<TOptions>(StageRun run, RungOptions options)
    {
        var scores = TrialScores<TOptions>.Of(run);
        var taking = options.Points.Where(point => scores.StoppedAfter(point.Point) is null).ToArray();
        var survivors = options.Halving.Survivors(
            [.. taking.Select(point => scores.Of(point, options.Metric))], options.Metric);
        var stopped = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var point in options.Points.Where(point => !survivors.Contains(point.Point)))
            stopped[point.Point] = scores.StoppedAfter(point.Point) ?? options.Rung;
        ReportFile.Write(run.Output(Survivors), new RungReport(options.Rung, survivors, stopped));
        run.Log(string.Create(CultureInfo.InvariantCulture,
            $"{survivors.Count} of {taking.Length} points go on from rung {options.Rung}"));
    }
}
