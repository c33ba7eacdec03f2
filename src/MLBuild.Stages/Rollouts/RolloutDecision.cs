using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Rollouts;

/// <summary>What a person decides of what serves: the end of a rollout, or the way back to what served
/// before.</summary>
public static class RolloutDecision
{
    /// <summary>Gives the candidate all requests, whatever was shown.</summary>
    /// <param name="force">Why it may serve although its gate does not pass now; null where it is not forced.</param>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="RolloutException">No rollout is under way.</exception>
    /// <exception cref="RegistryException">Somebody else continued or ended it, or its gate does not pass.</exception>
    public static string Promote(
        IModelRegistry registry, string model, string environment, string who, string why, string? force = null)
    {
        var rollout = registry.Desired(model, environment).Rollout ?? throw new RolloutException(
            $"There is nothing to promote: no rollout of {model} to '{environment}' is under way. Begin one: " +
            "./build.sh Deploy --model-version N --strategy canary.");
        // Of what the person has seen: not of a step that began meanwhile.
        registry.RollOut(Wish(rollout, RolloutChange.Promoted, who, why) with
        {
            ExpectedPosition = rollout.Last.Position,
            Override = force is null ? null : new(force),
        });
        return $"'{environment}' now serves {model} version {rollout.Candidate} instead of version " +
            $"{rollout.Started.Champion}";
    }

    /// <summary>Ends the rollout under way; where there is none, deploys what served before what serves now. Asking
    /// again goes further back, never forth.</summary>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="RolloutException">There is nothing to go back to, or a rollout was rolled back since the last
    /// deployment: what was meant has happened.</exception>
    /// <exception cref="UndeployableException">What a server needs of the earlier version is not in the
    /// store.</exception>
    public static string Rollback(
        IModelRegistry registry, LocalArtifactStore store, string model, string environment, string who, string why)
    {
        if (registry.Desired(model, environment).Rollout is { } rollout)
        {
            // Whatever step was taken meanwhile: whoever directs it must not be faster than a person in need.
            registry.RollOut(Wish(rollout, RolloutChange.RolledBack, who, why));
            return $"version {rollout.Candidate} was rolled back: '{environment}' serves {model} version " +
                $"{rollout.Started.Champion} alone";
        }
        var history = registry.History(model, environment);
        var served = Stack(history);
        if (RolledBackSince(history, registry.Rollouts(model, environment)) is { } end)
            throw new RolloutException(
                $"Version {end.Candidate} was rolled back already ({Moment.Text(end.RecordedUtc)}, by {end.Who}: " +
                $"{end.Why}), and '{environment}' serves {model} version {end.Champion}. To go further back" +
                (served is [.., var further, _]
                    ? $": ./build.sh Deploy --model-version {further}."
                    : " there is nothing. Deploy another version: ./build.sh Deploy --model-version N."));
        if (served is not [.., var before, var now])
            throw new RolloutException($"There is nothing to go back to: '{environment}' " + history switch
            {
                [] => "serves nothing",
                [var only] => $"has served no other version of {model} than {only.To}",
                _ => $"is back at version {served[^1]} of {model}, the first that it served",
            } + ". Deploy another version: ./build.sh Deploy --model-version N.");
        var version = registry.Find(model, before);
        DeployCommand.DemandLoadable(store, version);
        registry.Deploy(new(model, environment, before, who, why)
        {
            Expected = new ExpectedServing.Version(now),
            Override = version.Evidence.Gate == GateOutcome.Passed ? null : new(
                history.LastOrDefault(entry => entry.To == before && entry.ForcedReason is not null)?.ForcedReason
                ?? $"it served before; rolled back: {why}"),
        });
        return $"'{environment}' serves {model} version {before} again, instead of version {now}";
    }

    // What serves, above what served when it was deployed, and so on. Deploying what is just below the top is going
    // back to it: what was above is forgotten.
    private static List<int> Stack(IReadOnlyList<Deployment> history)
    {
        var served = new List<int>();
        foreach (var deployment in history)
        {
            if (served is [.., var below, _] && below == deployment.To)
                served.RemoveAt(served.Count - 1);
            else
                served.Add(deployment.To);
        }
        return served;
    }

    // Null where something was deployed after it.
    private static RolloutEntry? RolledBackSince(
        IReadOnlyList<Deployment> history, IReadOnlyList<RolloutEntry> rollouts) =>
        history is [.., var last] && rollouts is [.., { Change: RolloutChange.RolledBack } end]
            && end.Champion == last.To && end.RecordedUtc >= last.DeployedUtc
            ? end
            : null;

    private static RolloutRequest Wish(ActiveRollout rollout, RolloutChange change, string who, string why) => new(
        rollout.Started.ModelName, rollout.Started.Environment, rollout.Candidate, change, who, why);
}
