using MLBuild.Engine.Code;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Leakage;
using MLBuild.Learning.Models;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Features;

/// <summary>Fits the features on the training side of a split, computes those of both sides with the very functions
/// that serving uses, looks for leaks, and profiles the training side, which monitoring compares with.</summary>
public static class FeaturesStage
{
    public const string Train = "train.features.parquet";
    public const string HoldOut = "holdout.features.parquet";
    public const string Schema = "features.json";
    public const string Profile = "profile.json";

    /// <summary>What training rows told, which serving computes with.</summary>
    public const string State = "features.state";

    /// <summary>What the code of the features is, which serving compares its own with.</summary>
    public const string Code = "features.code.txt";

    /// <summary>What was looked for that a model must not learn from.</summary>
    public const string Leakage = "leakage.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Train, HoldOut, Schema, Profile, State, Code, Leakage];

    /// <summary>What a model is judged by.</summary>
    public static readonly string[] Judged = [HoldOut, Train, Schema, Profile, State, Code];

    /// <summary>What a model is registered with.</summary>
    public static readonly string[] Registered = [Schema, Profile, State, Code];

    /// <param name="limits">When what looks like a leak is said and when it ends the build; null for those of
    /// its task.</param>
    /// <exception cref="ArgumentException">A limit is wrong, or the definition lacks what a check needs.</exception>
    /// <exception cref="LeakageException">Something is a leak; the report has all that was found.</exception>
    public static void Run<TRow>(StageRun run, ModelDefinition<TRow> model, LeakageLimits? limits = null)
        where TRow : class, new()
    {
        limits ??= LeakageLimits.Of(model.Task);
        limits.Validate();
        var tables = new FeatureTables<TRow>(run, model);
        var fitted = Fit(run, model);
        var holdOutRows = tables.ComputeHoldOut(fitted);
        var trainRows = tables.ComputeTraining(fitted);
        File.WriteAllText(run.Output(Schema), model.Features.Schema.ToJson());
        ReportFile.Write(run.Output(Profile), tables.Profile());
        using (var state = File.Create(run.Output(State)))
            fitted.State.Write(state);
        var code = FeatureCode.Of(model);
        File.WriteAllText(run.Output(Code), code.Text);
        foreach (var unknown in ReachabilityFingerprint.NotKnown(code))
            run.Log($"the code of the features {unknown}: a server cannot tell whether its own does the same");
        run.Log(FormattableString.Invariant(
            $"{model.Features.Width} features of {trainRows:N0} + {holdOutRows:N0} rows"));
        var leaks = tables.Leaks(limits);
        ReportFile.Write(run.Output(Leakage), leaks);
        if (leaks.Verdict == LeakVerdict.Fail)
            throw new LeakageException(string.Join('\n', leaks.Sentences));
        foreach (var sentence in leaks.Sentences)
            run.Log(sentence);
    }

    // A set that needs no rows is not read for.
    private static FittedFeatures<TRow> Fit<TRow>(StageRun run, ModelDefinition<TRow> model)
        where TRow : class, new()
    {
        var fit = model.Features.BeginFit();
        if (!model.Features.NeedsFit)
            return fit.Complete();
        foreach (var (i, row) in RowTable.Read<TRow>(run.Input(SplitStage.Train)).Index())
        {
            Watch(run, i);
            fit.Add(row.Row, model.Key(row.Row));
        }
        return fit.Complete();
    }

    internal static void Watch(StageRun run, int row)
    {
        if (row % 4096 == 0)
            run.Cancel.ThrowIfCancellationRequested();
    }
}
