using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
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

    public static void Run<TRow>(
        StageRun run, ModelDefinition<TRow> definition, IReadOnlyList<BusinessMetric<TRow>> metrics)
        where TRow : class, new()
    {
        using var file = File.OpenRead(run.Input(TrainStage.Model));
        var model = ScoringModel.Load(file);
        var task = model.Schema.Task.Kind;
        var computer = definition.Features.Using(State(run, definition.Features));
        var (features, scorer) = (new float[definition.Features.Width], new RowScorer(model));
        var errors = new ErrorProfileBuilder(task);
        var sums = metrics.Select(_ => new SumCounter()).ToArray();
        foreach (var (at, row) in RowTable.Read<TRow>(run.Input(SplitStage.HoldOut)).Index())
        {
            FeaturesStage.Watch(run, at);
            computer.Compute(row.Row, features);
            var scores = scorer.Score(features);
            errors.Add(definition.Label(row.Row), scores);
            for (var i = 0; i < sums.Length; i++)
                sums[i].Add(metrics[i].Of(row.Row, PredictionError.Predicted(task, scores)));
        }
        var contract = ReportFile.Read<ValidateReport>(run.Input(ValidateStage.Report)).Contract;
        ReportFile.Write(run.Output(Report), new MonitorReference(
            errors.Build(),
            [.. metrics.Zip(sums, (metric, sum) => new MetricSum(metric.Name, sum.ToTally()))],
            contract.Rules.Where(rule => rule.Share is not null)
                .ToDictionary(rule => rule.Rule, rule => rule.Share!.Value)));
    }

    private static FeatureState State<TRow>(StageRun run, FeatureSet<TRow> features)
    {
        if (!features.NeedsFit)
            return FeatureState.None;
        using var state = File.OpenRead(run.Input(FeaturesStage.State));
        return FeatureState.Read(state);
    }
}
