using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Skew;

/// <summary>Compares the features that a server computed with those of the rows that models learn from, for the rows
/// that both have. Both are computed with what the serving model was registered with, so only what other versions
/// served is left out.</summary>
public static class SkewStage
{
    public const string Report = "skew.json";
    public const string Text = "skew.txt";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report, Text];

    /// <summary>What the model that serves must have been registered with.</summary>
    public static readonly string[] ChampionAttachments =
        [FeaturesStage.Schema, FeaturesStage.State, FeaturesStage.Code];

    /// <exception cref="SkewException">A feature differs, or no row could be compared.</exception>
    /// <exception cref="ChampionException">Nothing serves, or what serves cannot be read.</exception>
    /// <exception cref="FeatureSchemaException">The serving model takes other features than this code
    /// computes.</exception>
    /// <exception cref="TableException">The log has other features.</exception>
    public static void Run<TRow>(StageRun run, ModelDefinition<TRow> model)
        where TRow : class, new()
    {
        if (Champion.Parse(run.Observed(EvaluateStage.ChampionObservation)) is not Champion.Serving serving)
            throw new ChampionException("No model serves yet, so there is nothing to compare served features with. " +
                "Deploy one with ./build.sh Deploy --model-version N.");
        var schema = FeatureSchema.FromJson(File.ReadAllText(serving.Open(run, FeaturesStage.Schema)));
        schema.Demand(model.Features.Schema);
        DemandSameCode(run, model, serving);
        var check = new SkewCheck(schema, serving.Version);
        foreach (var served in run.Inputs(PredictionsStage.Rows)
            .SelectMany(file => ServedRows.Read(file.Path, file.Partition ?? file.Output)))
        {
            if (served.Version == serving.Version)
                check.AddServed(served.Key, served.FeaturesOf(schema));
            else
                check.AddServedByOther();
        }
        AddTraining(run, model, check, model.Features.Using(serving.State(run, model.Features)));
        var report = check.Complete();
        var text = SkewReportText.Render(report);
        ReportFile.Write(run.Output(Report), report);
        File.WriteAllText(run.Output(Text), text);
        if (report.Verdict != SkewVerdict.Same)
            throw new SkewException(text.TrimEnd());
        foreach (var line in text.TrimEnd().Split('\n'))
            run.Log(line.Trim());
    }

    // What other code computes differs for a reason that is no fault of a request.
    private static void DemandSameCode<TRow>(StageRun run, ModelDefinition<TRow> model, Champion.Serving serving)
    {
        var trainedWith = Recipe.Parse(File.ReadAllText(serving.Open(run, FeaturesStage.Code)));
        var here = FeatureCode.Of(model);
        if (trainedWith.Fingerprint != here.Fingerprint)
            throw new SkewException(
                $"Version {serving.Version}, which serves, was trained with feature code " +
                $"{trainedWith.Fingerprint.Short}, and this build computes features with {here.Fingerprint.Short}: " +
                $"{RecipeDiff.Sentence(RecipeDiff.Between(trainedWith, here))}. " +
                "Compare in a checkout of its revision, or deploy a model that was trained with this code.");
    }

    private static void AddTraining<TRow>(
        StageRun run, ModelDefinition<TRow> model, SkewCheck check, FeatureComputer<TRow> computer)
        where TRow : class, new()
    {
        var key = model.ServedKey ?? model.Key;
        var features = new float[model.Features.Width];
        foreach (var side in (string[])[SplitStage.Train, SplitStage.HoldOut])
        {
            foreach (var (at, row) in RowTable.Read<TRow>(run.Input(side)).Index())
            {
                FeaturesStage.Watch(run, at);
                computer.Compute(row.Row, features);
                check.AddTraining(key(row.Row).ToString(), features);
            }
        }
    }
}

/// <summary>What is served is not what was learned from, or nobody can tell.</summary>
public sealed class SkewException(string message) : Exception(message);
