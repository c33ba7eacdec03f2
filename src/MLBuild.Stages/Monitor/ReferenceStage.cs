using MLBuild.Engine.Stages;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;

namespace MLBuild.Stages.Monitor;

/// <summary>Keeps what later windows of the model are compared with: its errors and the business metrics on held-out
/// rows, and how many of the rows it learned from broke each rule.</summary>
public static class ReferenceStage
{
    public const string Report = "reference.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report];

    /// <exception cref="ArgumentException">A business metric has no name of its own, or a limit that is
    /// none.</exception>
    public static void Run<TRow>(
        StageRun run, ModelDefinition<TRow> definition, IReadOnlyList<BusinessMetric<TRow>> metrics)
        where TRow : class, new()
    {
        BusinessMetrics.Validate(metrics);
        using var file = File.OpenRead(run.Input(TrainStage.Model));
        var model = ScoringModel.Load(file);
        var (task, width) = (model.Schema.Task.Kind, model.Schema.Features.Width);
        var scorer = new RowScorer(model);
        var errors = new ErrorProfileBuilder(task);
        var sums = metrics.Select(_ => new SumCounter()).ToArray();
        var times = (LearnedTimes?)null;
        // Both tables have the held-out rows in one order: business metrics are of rows, and features were computed.
        using var rows = RowTable.Read<TRow>(run.Input(SplitStage.HoldOut)).GetEnumerator();
        foreach (var batch in FeatureTableReader.Open(run.Input(FeaturesStage.HoldOut)).Read())
        {
            run.Cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Count; i++)
            {
                if (!rows.MoveNext() || definition.Key(rows.Current.Row).ToString() != batch.Keys[i])
                    throw new InvalidOperationException(
                        $"BUG: '{FeaturesStage.HoldOut}' and '{SplitStage.HoldOut}' have other rows.");
                var scores = scorer.Score(batch.Values.AsSpan(i * width, width));
                errors.Add(batch.Labels[i], scores);
                if (definition.PredictedAt?.Invoke(rows.Current.Row) is { } at)
                    times = times is null ? new(at, at)
                        : new(at < times.First ? at : times.First, at > times.Last ? at : times.Last);
                var predicted = PredictionError.Predicted(task, scores);
                for (var metric = 0; metric < sums.Length; metric++)
                    sums[metric].Add(metrics[metric].Of(rows.Current.Row, predicted));
            }
        }
        var contract = ReportFile.Read<ValidateReport>(run.Input(ValidateStage.Report)).Contract;
        ReportFile.Write(run.Output(Report), new MonitorReference(
            errors.Build(),
            [.. metrics.Zip(sums, (metric, sum) => new MetricSum(metric.Name, sum.ToTally()))],
            contract.Rules.Where(rule => rule.Share is not null)
                .ToDictionary(rule => rule.Rule, rule => rule.Share!.Value))
        { Times = times });
    }
}
