using MLBuild.Registry;

namespace MLBuild.Stages.Rollouts;

/// <summary>What a person decides of what serves: the end of a rollout, or the way back to what served
/// before.</summary>
public static class RolloutDecision
{
    /// <summary>Gives the candidate all requests, whatever was shown.</summary>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="RolloutException">No rollout is under way.</exception>
    public static string Promote(IModelRegistry registry, string model, string environment, string who, string why)
    {
        var rollout = registry.Desired(model, environment).Rollout ?? throw new RolloutException(
            $"There is nothing to promote: no rollout of {model} to '{environment}' is under way. Begin one: " +
            "./build.sh Deploy --model-version N --strategy canary.");
        End(registry, rollout, RolloutChange.Promoted, who, why);
        return $"'{environment}' now serves {model} version {rollout.Candidate} instead of version " +
            $"{rollout.Started.Champion}";
    }

    /// <summary>Ends the rollout under way; where there is none, deploys what served before.</summary>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="RolloutException">There is nothing to go back to.</exception>
    public static string Rollback(IModelRegistry registry, string model, string environment, string who, string why)
    {
        if (registry.Desired(model, environment).Rollout is { } rollout)
        {
            End(registry, rollout, RolloutChange.RolledBack, who, why);
            return $"version {rollout.Candidate} was rolled back: '{environment}' serves {model} version " +
                $"{rollout.Started.Champion} alone";
        }
        var history = registry.History(model, environment);
        if (history is not [.., { From: { } before } last])
            throw new RolloutException(
                $"There is nothing to go back to: '{environment}' {(history.Count == 0 ? "serves nothing"
                    : $"has served no other version of {model} than {history[0].To}")}. Deploy another version: " +
                "./build.sh Deploy --model-version N.");
        // It served, so somebody answered for its gate.
        var forced = history.Last(deployment => deployment.To == before).ForcedReason;
        registry.Deploy(new(model, environment, before, who, why)
        {
            Expected = new ExpectedServing.Version(last.To),
            Override = forced is null ? null : new(forced),
        });
        return $"'{environment}' serves {model} version {before} again, instead of version {last.To}";
    }

    private static void End(
        IModelRegistry registry, ActiveRollout rollout, RolloutChange change, string who, string why) =>
        registry.RollOut(new(
            rollout.Started.ModelName, rollout.Started.Environment, rollout.Candidate, change, who, why)
        {
            ExpectedPosition = rollout.Last.Position,
        });
}
