using MLBuild.Engine.Stages;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Monitor;

/// <summary>The model that serves, as monitoring sees it: what it was registered with, and what its rows are counted
/// by.</summary>
internal sealed class ServingModel
{
    private readonly Champion.Serving _champion;

    private ServingModel(Champion.Serving champion, StageRun run)
    {
        _champion = champion;
        Features = ReportFile.Read<ModelProfile>(champion.Open(run, FeaturesStage.Profile)).Features;
        Predictions = ReportFile.Read<ModelProfile>(champion.Open(run, EvaluateStage.Scores)).Features;
        Reference = ReportFile.Read<MonitorReference>(champion.Open(run, ReferenceStage.Report));
    }

    public int Version => _champion.Version;

    /// <summary>The profile of each feature.</summary>
    public IReadOnlyList<FeatureProfile> Features { get; }

    /// <summary>The profile of the predictions.</summary>
    public IReadOnlyList<FeatureProfile> Predictions { get; }

    public MonitorReference Reference { get; }

    /// <returns>Null where nothing serves.</returns>
    /// <exception cref="ChampionException">What serves cannot be read.</exception>
    public static ServingModel? Of(StageRun run) =>
        Champion.Parse(run.Observed(EvaluateStage.ChampionObservation)) is Champion.Serving serving
            ? new(serving, run)
            : null;

    /// <summary>The features that it takes.</summary>
    public FeatureSchema Schema(StageRun run) =>
        FeatureSchema.FromJson(File.ReadAllText(_champion.Open(run, FeaturesStage.Schema)));

    /// <exception cref="ChampionException">It is of another task than the definition's labels.</exception>
    public ScoringModel Load<TRow>(StageRun run, ModelDefinition<TRow> definition)
    {
        using var file = File.OpenRead(_champion.OpenModel(run));
        var model = ScoringModel.Load(file);
        return definition.Task.Equals(model.Schema.Task)
            ? model
            : throw new ChampionException($"Version {Version}, which serves, is a model of {model.Schema.Task}, and "
                + $"the definition of '{definition.Name}' is one of {definition.Task}: its labels say nothing of that "
                + "version's predictions. Deploy a model of this code.");
    }

    /// <summary>Computes features with what the model's training rows told.</summary>
    /// <exception cref="FeatureSchemaException">The model takes other features than this code computes.</exception>
    public FeatureComputer<TRow> Computer<TRow>(StageRun run, FeatureSet<TRow> features)
    {
        Schema(run).Demand(features.Schema);
        var state = _champion.State(run, features);
        if (state.HistoryUntil is { } until)
            run.Log(FormattableString.Invariant(
                $"the histories of version {Version} end at {until:yyyy-MM-dd HH:mm:ss}: what happened ") +
                "later is in no feature until a model that learned from it serves");
        return features.Using(state);
    }
}
