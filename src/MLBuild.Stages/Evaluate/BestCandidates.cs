using MLBuild.Engine.Stages;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Deploy;

namespace MLBuild.Stages.Evaluate;

/// <summary>The versions that served of which one is the best on today's hold-out.</summary>
/// <param name="Models">Those to be scored on all rows; none where nothing served, or one that did cannot be compared
/// with.</param>
/// <param name="Served">How many served.</param>
/// <param name="State">What the gate makes of them.</param>
/// <param name="Why">Why there is no comparison, for people; empty where there is one.</param>
/// <remarks>Losses that were registered are of other hold-outs, so all versions are scored again. A sample of the rows
/// says which are the likely ones, and all rows which of these it is: on the sample alone, chance chose a version whose
/// mean squared error was 2 % larger than the best one's.</remarks>
internal sealed record BestCandidates(
    IReadOnlyList<BestCandidate> Models, int Served, ChampionState State, string Why)
{
    private const int MostScored = 4;

    /// <param name="champion">What serves, which is not loaded twice.</param>
    public static BestCandidates Of(
        StageRun run, ModelSchema schema, KeySplit rule, ComparableChampion champion, HoldOutSample sample,
        IHeldOutRows rows)
    {
        // The champion first: of two that are equally good it is the one that is scored anyway.
        var served = ServedVersions.Parse(run.Observed(EvaluateStage.ServedObservation))
            .OrderBy(version => NameOf(version) == champion.Name ? 0 : 1)
            .ToArray();
        if (served is [])
            return new([], 0, ChampionState.None, "Nothing served before: there is no best version ever.");
        var likely = new List<(BestCandidate Candidate, double Loss)>();
        var (incomparable, why) = ((ChampionState?)null, new List<string>());
        foreach (var version in served)
        {
            run.Cancel.ThrowIfCancellationRequested();
            var name = NameOf(version);
            switch (Of(run, version, schema, rule, champion, rows))
            {
                case ComparableModel.Loaded model:
                    // A loss that is no number is never the smaller one.
                    var loss = served.Length <= MostScored ? 0 : sample.MeanLoss(model, rows);
                    likely.Add((new(name, model), double.IsNaN(loss) ? double.PositiveInfinity : loss));
                    // Models that are not likely any more need no memory.
                    if (likely.Count > MostScored)
                        likely.Remove(likely.MaxBy(one => one.Loss));
                    break;
                case ComparableModel.Incomparable { Why: var clause, State: var state }:
                    why.Add($"of {name}, {clause}");
                    incomparable ??= state(why[0]);
                    break;
            }
        }
        return incomparable is not null
            ? new([], served.Length, incomparable,
                $"Not compared with the best version ever: {string.Join("; ", why)}.")
            : new([.. likely.Select(one => one.Candidate)], served.Length, ChampionState.Serving, "");
    }

    private static ComparableModel Of(
        StageRun run, Champion.Serving version, ModelSchema schema, KeySplit rule, ComparableChampion champion,
        IHeldOutRows rows)
    {
        if (NameOf(version) == champion.Name && champion.Version is { } loaded)
            return loaded;
        try
        {
            return ComparableModel.Of(run, version, schema, rule, rows);
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

/// <param name="Name">Its version: <c>v3</c>.</param>
internal sealed record BestCandidate(string Name, ComparableModel.Loaded Version);
