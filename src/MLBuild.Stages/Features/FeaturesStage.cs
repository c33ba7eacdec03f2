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

    /// <summary>What a model is registered with.</summary>
    public static readonly string[] Registered = [Schema, Profile, State, Code];

    /// <param name="limits">When what looks like a leak is said and when it ends the build; null for the
    /// defaults.</param>
    /// <exception cref="LeakageException">Something is a leak; the report has all that was found.</exception>
    public static void Run<TRow>(StageRun run, ModelDefinition<TRow> model, LeakageLimits? limits = null)
        where TRow : class, new()
    {
        limits ??= new();
        limits.Validate();
        var times = new TimeTravel<TRow>(model.Features, model.PredictedAt);
        var profiler = new FeatureProfiler(model.Features.Schema);
        var fitted = Fit(run, model);
        var trainRows = Compute(run, model, fitted, times, SplitStage.Train, Train, profiler);
        var holdOutRows = Compute(run, model, fitted, times, SplitStage.HoldOut, HoldOut, training: null);
        File.WriteAllText(run.Output(Schema), model.Features.Schema.ToJson());
        ReportFile.Write(run.Output(Profile), profiler.Build());
        File.WriteAllBytes(run.Output(State), fitted.State.ToBytes());
        File.WriteAllText(run.Output(Code), FeatureCode.Of(model).Text);
        run.Log(FormattableString.Invariant(
            $"{model.Features.Width} features of {trainRows:N0} + {holdOutRows:N0} rows"));
        var leaks = FindingLeaks.In(run, model, times, limits);
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

    /// <param name="training">Profiles the rows, which are those that were fitted on; null for others.</param>
    private static long Compute<TRow>(
        StageRun run, ModelDefinition<TRow> model, FittedFeatures<TRow> fitted, TimeTravel<TRow> times, string from,
        string to, FeatureProfiler? training)
        where TRow : class, new()
    {
        var features = new float[model.Features.Width];
        var outOfFold = model.Features.OutOfFold.Contains(true);
        var served = outOfFold ? new float[features.Length] : features;
        var groups = new string[model.Groups.Count];
        using var table = new FeatureTableWriter(
            run.Output(to), [.. model.Features.Names], [.. model.Groups.Select(group => group.Name)]);
        foreach (var (at, row) in RowTable.Read<TRow>(run.Input(from)).Index())
        {
            Watch(run, at);
            var key = model.Key(row.Row);
            if (training is null)
            {
                fitted.Others.Compute(row.Row, features);
                times.AddHeldOut(row.Row, key);
            }
            else
            {
                fitted.ComputeTraining(row.Row, key, features);
                times.AddTraining(row.Row, key);
                // Later rows are compared with the profile, and none of them is computed out of fold.
                if (outOfFold)
                    fitted.Others.Compute(row.Row, served);
                training.Add(served);
            }
            for (var i = 0; i < groups.Length; i++)
                groups[i] = model.Groups[i].Of(row.Row);
            table.Add(features, model.Label(row.Row), key.ToString(), groups);
        }
        return table.Complete();
    }

    private static void Watch(StageRun run, int row)
    {
        if (row % 4096 == 0)
            run.Cancel.ThrowIfCancellationRequested();
    }
}
