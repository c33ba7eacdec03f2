using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Leakage;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Features;

/// <summary>Looks through finished feature tables for what a model must not learn from.</summary>
internal static class FindingLeaks
{
    public static LeakageReport In<TRow>(
        StageRun run, ModelDefinition<TRow> model, TimeTravel<TRow> times, LeakageLimits limits)
    {
        var labels = new LabelLeaks(model.Features.Schema);
        var twins = new SplitTwins(model.Features.Fitted.Select(isFitted => !isFitted));
        var width = model.Features.Width;
        foreach (var batch in FeatureTableReader.Open(run.Output(FeaturesStage.HoldOut)).Read())
        {
            for (var i = 0; i < batch.Count; i++)
                twins.AddHeldOut(batch.Values.AsSpan(i * width, width), batch.Labels[i], batch.Keys[i]);
        }
        foreach (var batch in FeatureTableReader.Open(run.Output(FeaturesStage.Train)).Read())
        {
            run.Cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Count; i++)
            {
                var features = batch.Values.AsSpan(i * width, width);
                twins.AddTraining(features, batch.Labels[i], batch.Keys[i]);
                labels.Add(features, batch.Labels[i], KeyOf(batch.Keys[i]));
            }
        }
        return new(limits, labels.Complete(limits), twins.Complete(limits), times.Complete(),
            times.CompleteSplit(limits));
    }

    private static RowKey KeyOf(string hex) =>
        new(UInt128.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
}
