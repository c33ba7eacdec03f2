using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;

namespace MLBuild.Stages.Evaluate;

/// <summary>A registered model, as far as it can score today's hold-out honestly.</summary>
internal abstract record ComparableModel
{
    private ComparableModel()
    {
    }

    /// <param name="Features">On which it is scored.</param>
    public sealed record Loaded(ScoringModel Model, RivalFeatures Features) : ComparableModel;

    /// <param name="Why">A clause about it: "it takes other features (area)".</param>
    /// <param name="State">What the gate makes of that.</param>
    public sealed record Incomparable(string Why, Func<string, ChampionState> State) : ComparableModel;

    /// <param name="challenger">What it is to be compared with.</param>
    /// <param name="rule">By which the rows were held out.</param>
    /// <exception cref="ChampionException">It cannot be read.</exception>
    public static ComparableModel Of(
        StageRun run, Champion.Serving version, ModelSchema challenger, KeySplit rule, IHeldOutRows rows)
    {
        var itsRule = ReportFile.Read<SplitReport>(version.Open(run, SplitStage.Report)).Rule;
        if (rule != itsRule)
            return new Incomparable(
                $"it was trained with {itsRule}, this hold-out is {rule}, so it may have learned these rows",
                ChampionState.OfAnotherSplit);
        var model = EvaluateStage.Load(version.OpenModel(run));
        if (!model.Schema.Task.Equals(challenger.Task))
            return new Incomparable(
                $"it is a model of {model.Schema.Task}, and this one of {challenger.Task}",
                ChampionState.OfAnotherTask);
        return model.Schema.Features.Equals(challenger.Features)
            ? new Loaded(model, rows.FeaturesOf(version))
            : new Incomparable(
                $"it takes other features ({FeatureNames.InWords(model.Schema.Features.Names)}), and this program has "
                + "the code of today's alone; force a version: comparisons then begin with that one",
                ChampionState.WithOtherFeatures);
    }
}
