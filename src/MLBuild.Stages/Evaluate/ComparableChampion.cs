using MLBuild.Engine.Stages;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Deploy;

namespace MLBuild.Stages.Evaluate;

/// <summary>The model that serves, as far as it can be compared with.</summary>
/// <param name="Name"><c>none</c>, or its version: <c>v3</c>.</param>
/// <param name="Version">Null where it cannot be compared with, or nothing serves.</param>
/// <param name="State">What the gate makes of that.</param>
/// <param name="Comparison">Why there is or is not a comparison, for people.</param>
internal sealed record ComparableChampion(
    string Name, ComparableModel.Loaded? Version, ChampionState State, string Comparison)
{
    // One that cannot be compared with is not "no champion": the gate then fails.
    public static ComparableChampion Of(
        StageRun run, ModelSchema challenger, KeySplit rule, IHeldOutRows rows)
    {
        if (Champion.Parse(run.Observed(EvaluateStage.ChampionObservation)) is not Champion.Serving serving)
            return new("none", null, ChampionState.None, "Nothing serves yet: thresholds alone decide.");
        var name = $"v{serving.Version}";
        return ComparableModel.Of(run, serving, challenger, rule, rows) switch
        {
            ComparableModel.Loaded champion => new(name, champion, ChampionState.Serving,
                $"Compared with {name} on the same rows.{champion.Features.Note}"),
            ComparableModel.Incomparable { Why: var why, State: var state } =>
                new(name, null, state(why), $"Not compared with {name}: {why}."),
            var other => throw new InvalidOperationException($"BUG: unknown model {other}."),
        };
    }
}
