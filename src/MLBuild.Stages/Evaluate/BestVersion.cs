using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Deploy;

namespace MLBuild.Stages.Evaluate;

/// <summary>Of all versions that served, the one with the least error on today's hold-out.</summary>
/// <param name="Name"><c>none</c>, or its version: <c>v3</c>.</param>
/// <param name="Served">How many versions it is the best of.</param>
/// <param name="Model">Null where there is none, or one of them cannot be compared with.</param>
/// <param name="State">What the gate makes of that.</param>
/// <param name="Comparison">Why there is or is not a comparison, for people.</param>
/// <remarks>Errors that were registered are of other hold-outs, so all are scored again, on a sample of today's: what
/// the best of the sample misses of the best of all rows is no more than chance in that sample, and does not add up
/// from version to version.</remarks>
internal sealed record BestVersion(
    string Name, int Served, RegressionModel? Model, ChampionState State, string Comparison)
{
    /// <param name="champion">What serves, which is not loaded twice.</param>
    public static BestVersion Of(
        StageRun run, FeatureSchema schema, KeySplit rule, ComparableChampion champion, HoldOutSample sample)
    {
        // The champion first: of two that are equally good it is the one that is scored anyway.
        var served = ServedVersions.Parse(run.Observed(EvaluateStage.ServedObservation))
            .OrderBy(version => NameOf(version) == champion.Name ? 0 : 1)
            .ToArray();
        if (served is [])
            return new("none", 0, null, ChampionState.None, "Nothing served before: there is no best version ever.");
        var best = (Name: "", Model: (RegressionModel?)null, Error: double.PositiveInfinity);
        var (incomparable, why) = ((ChampionState?)null, new List<string>());
        foreach (var version in served)
        {
            run.Cancel.ThrowIfCancellationRequested();
            var name = NameOf(version);
            switch (Of(run, version, schema, rule, champion))
            {
                case ComparableModel.Loaded { Model: var model }:
                    // One is the best without a look; an error that is no number is never the smaller one.
                    var error = served is [_] ? 0 : sample.MeanSquaredError(model);
                    if (best.Model is null || error < best.Error)
                        best = (name, model, error);
                    break;
                case ComparableModel.Incomparable { Why: var clause, State: var state }:
                    why.Add($"of {name}, {clause}");
                    incomparable ??= state(why[0]);
                    break;
            }
        }
        return incomparable is not null
            ? new("none", served.Length, null, incomparable,
                $"Not compared with the best version ever: {string.Join("; ", why)}.")
            : new(best.Name, served.Length, best.Model, ChampionState.Serving, served is [_]
                ? $"{best.Name} is the best version ever: no other served."
                : $"{best.Name} is the best of the {served.Length} versions that served.");
    }

    private static ComparableModel Of(
        StageRun run, Champion.Serving version, FeatureSchema schema, KeySplit rule, ComparableChampion champion)
    {
        if (NameOf(version) == champion.Name && champion.Model is { } model)
            return new ComparableModel.Loaded(model);
        try
        {
            return ComparableModel.Of(run, version, schema, rule);
        }
        catch (ChampionException e)
        {
            // Unlike that of the champion, for which another one can be deployed, its loss cannot be mended: a gate
            // that fails can be forced, a stage that fails cannot.
            return new ComparableModel.Incomparable(
                $"it cannot be read ({(e.InnerException ?? e).Message.TrimEnd('.')}); use the store in which it was "
                + "registered, or force a version: comparisons then begin with that one",
                ChampionState.Lost);
        }
    }

    private static string NameOf(Champion.Serving version) => $"v{version.Version}";
}
