using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Sweeps;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Sweep;

/// <summary>Trains one point of a sweep on all folds of the training rows but one, and scores it on that one. No
/// held-out row is read.</summary>
/// <remarks>Encodings of categories are those of all training rows: a row's own label is in none of its own features,
/// but labels of the scored fold are in features of other rows, for all points alike.</remarks>
public static class TrialStage
{
    public const string Score = "score.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Score];

    /// <summary>The same in a later rung of a halving, for a point that goes on; of one that was stopped it says
    /// so.</summary>
    /// <exception cref="SweepException">A side has no rows.</exception>
    public static void RunIfGoingOn<TOptions>(
        StageRun run, TrialOptions<TOptions> trial, TrialScorer<TOptions> score)
        where TOptions : class
    {
        var decision = ReportFile.Read<TrialDecision>(run.Input(CutStage.Decision));
        if (decision.StoppedAfter is null)
            Run(run, trial, score);
        else
            ReportFile.Write(run.Output(Score),
                new TrialScore<TOptions>(
                    trial.Point, trial.Fold, trial.Options, 0, 0, new Dictionary<string, MetricValue>())
                {
                    StoppedAfter = decision.StoppedAfter,
                });
    }

    /// <exception cref="SweepException">A side has no rows.</exception>
    public static void Run<TOptions>(
        StageRun run, TrialOptions<TOptions> trial, TrialScorer<TOptions> score)
        where TOptions : class
    {
        var schema = FeatureSchema.FromJson(File.ReadAllText(run.Input(FeaturesStage.Schema)));
        var rows = TrialRows.Read(FeatureTableReader.Open(run.Input(FeaturesStage.Train)), schema,
            trial.Sample, trial.Folds, trial.Fold, run.Cancel);
        var (trainRows, scoredRows) = (rows.Training.RowCount, rows.Scored.RowCount);
        if (trainRows == 0 || scoredRows == 0)
            throw new SweepException(FormattableString.Invariant(
                $"Fold {trial.Fold} of {trial.Folds.Count} leaves {trainRows:N0} rows to train on and ") +
                FormattableString.Invariant($"{scoredRows:N0} ") +
                "to score by; both need some. Give the sweep more data, a larger share of it, or fewer folds.");
        var metrics = score(rows.Training, rows.Scored, trial.Options, run.Cancel);
        run.Log(string.Join(", ", metrics.Select(metric => metric.Value is MetricValue.Value { Number: var number }
            ? FormattableString.Invariant($"{metric.Key} {number:0.0000}")
            : $"{metric.Key} {metric.Value}")));
        ReportFile.Write(run.Output(Score),
            new TrialScore<TOptions>(trial.Point, trial.Fold, trial.Options, trainRows, scoredRows, metrics));
    }
}
