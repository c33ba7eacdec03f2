using System.Globalization;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Sweep;

/// <summary>Ranks the points of a sweep by their scores, and keeps the options of the one that wins.</summary>
public static class SweepStage
{
    /// <summary>The options of the point that won.</summary>
    public const string Options = "options.json";
    public const string Report = "sweep.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Options, Report];

    /// <exception cref="SweepException">No point has a score, there is no such metric, or the rule needs what was not
    /// declared.</exception>
    public static void Run<TOptions>(StageRun run, SweepOptions options)
    {
        var scores = TrialScores<TOptions>.Of(run);
        var points = options.Points.ToLookup(point => scores.StoppedAfter(point.Point));
        var choice = SweepChoice.Of(
            [.. points[null].Select(point => scores.Of(point, options.Metric))], options.Metric, options.Rule);
        var winner = scores.First(choice.Winner);
        var report = new SweepReport(
            choice, winner.TrainRows + winner.ScoredRows, options.Folds, options.ScoredFolds, options.Sample)
        {
            Stopped = new SortedDictionary<string, int>(
                points.Where(rung => rung.Key is not null).SelectMany(rung => rung,
                    (rung, point) => KeyValuePair.Create(point.Point, rung.Key!.Value)).ToDictionary(),
                StringComparer.Ordinal),
        };
        ReportFile.Write(run.Output(Options), winner.Options);
        ReportFile.Write(run.Output(Report), report);
        run.Log(Rows(report));
        foreach (var line in SweepChoiceText.Lines(choice))
            run.Log(line);
    }

    /// <summary>The options that the last sweep chose, for a training that takes them.</summary>
    /// <param name="stage">The stage whose code is <see cref="Run"/>.</param>
    /// <exception cref="SweepException">There was no sweep, or its result is no longer in the store.</exception>
    public static TOptions LastChosen<TOptions>(Workspace workspace, string stage)
    {
        var chosen = workspace.Last(stage)?.Outputs.FirstOrDefault(output => output.Name == Options)
            ?? throw new SweepException($"There are no options to take from a sweep: '{stage}' has no result. Run " +
                $"{stage} first, or train with options of your own.");
        try
        {
            return ReportFile.Read<TOptions>(workspace.Artifacts.Verified(chosen.Artifact.Hash));
        }
        catch (Exception e) when (e is LostArtifactException or FormatException)
        {
            throw new SweepException(
                $"The options that '{stage}' chose cannot be read. Run {stage} again. {e.Message}");
        }
    }

    private static string Rows(SweepReport report)
    {
        var points = report.Choice.Points.Count == 1 ? "1 point" : $"{report.Choice.Points.Count} points";
        var share = report.Sample.Share < 1
            ? FormattableString.Invariant($", a share of {report.Sample.Share} of them all")
            : "";
        var stopped = report.Stopped.Count > 0 ? $"; {report.Stopped.Count} were stopped before" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{points}, each scored on {report.ScoredFolds} of {report.Folds.Count} folds " +
            $"of {report.Rows:N0} training rows{share}{stopped}");
    }
}
