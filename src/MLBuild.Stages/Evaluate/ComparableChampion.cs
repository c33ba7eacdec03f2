using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;

namespace MLBuild.Stages.Evaluate;

/// <summary>The model that serves, as far as it can be compared with.</summary>
/// <param name="Name"><c>none</c>, or its version: <c>v3</c>.</param>
/// <param name="Model">Null where it cannot be compared with, or nothing serves.</param>
/// <param name="State">What the gate makes of that.</param>
/// <param name="Comparison">Why there is or is not a comparison, for people.</param>
internal sealed record ComparableChampion(string Name, RegressionModel? Model, ChampionState State, string Comparison)
{
    // One that cannot be compared with is not "no champion": the gate then fails.
    public static ComparableChampion Of(StageRun run, FeatureSchema schema, KeySplit rule)
    {
        if (Champion.Parse(run.Observed(EvaluateStage.ChampionObservation)) is not Champion.Serving serving)
            return new("none", null, ChampionState.None, "Nothing serves yet: thresholds alone decide.");
        var name = $"v{serving.Version}";
        var itsRule = ReportFile.Read<SplitReport>(serving.Open(run, SplitStage.Report)).Rule;
        if (rule != itsRule)
            return Not(ChampionState.OfAnotherSplit,
                $"it was trained with {itsRule}, this hold-out is {rule}, so it may have learned these rows");
        var champion = EvaluateStage.Load(serving.OpenModel(run));
        return champion.Schema.Features.Equals(schema)
            ? new(name, champion, ChampionState.Serving, $"Compared with {name} on the same rows.")
            : Not(ChampionState.WithOtherFeatures,
                $"it takes other features ({string.Join(", ", champion.Schema.Features.Names)})");

        ComparableChampion Not(Func<string, ChampionState> state, string why) =>
            new(name, null, state(why), $"Not compared with {name}: {why}.");
    }
}
