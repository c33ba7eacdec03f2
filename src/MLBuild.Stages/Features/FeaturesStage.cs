using MLBuild.Engine.Stages;
using MLBuild.Learning.Models;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Features;

/// <summary>Computes the features of both sides of a split, with the very functions that serving uses, and profiles
/// those of the training side, which monitoring compares with.</summary>
public static class FeaturesStage
{
    public const string Train = "train.features.parquet";
    public const string HoldOut = "holdout.features.parquet";
    public const string Schema = "features.json";
    public const string Profile = "profile.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Train, HoldOut, Schema, Profile];

    public static void Run<TRow>(StageRun run, ModelDefinition<TRow> model)
        where TRow : class, new()
    {
        var profiler = new FeatureProfiler(model.Features.Schema);
        var trainRows = Compute(run, model, SplitStage.Train, Train, profiler.Add);
        var holdOutRows = Compute(run, model, SplitStage.HoldOut, HoldOut, _ => { });
        File.WriteAllText(run.Output(Schema), model.Features.Schema.ToJson());
        ReportFile.Write(run.Output(Profile), profiler.Build());
        run.Log(FormattableString.Invariant(
            $"{model.Features.Width} features of {trainRows:N0} + {holdOutRows:N0} rows"));
    }

    private delegate void Seen(ReadOnlySpan<float> features);

    private static long Compute<TRow>(StageRun run, ModelDefinition<TRow> model, string from, string to, Seen seen)
        where TRow : class, new()
    {
        var features = new float[model.Features.Width];
        var groups = new string[model.Groups.Count];
        var rows = 0L;
        using var table = new FeatureTableWriter(
            run.Output(to), [.. model.Features.Names], [.. model.Groups.Select(group => group.Name)]);
        foreach (var row in RowTable.Read<TRow>(run.Input(from)))
        {
            if (rows++ % 4096 == 0)
                run.Cancel.ThrowIfCancellationRequested();
            model.Features.Compute(row.Row, features);
            for (var i = 0; i < groups.Length; i++)
                groups[i] = model.Groups[i].Of(row.Row);
            table.Add(features, model.Label(row.Row), model.Key(row.Row).ToString(), groups);
            seen(features);
        }
        table.Complete();
        return rows;
    }
}
