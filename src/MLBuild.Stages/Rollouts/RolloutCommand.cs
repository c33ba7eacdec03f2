using MLBuild.Learning.Contracts;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Store;

namespace MLBuild.Stages.Rollouts;

/// <summary>Directs a rollout from its first server to its end. All that it knows is in the registry: the same command
/// again, also on another machine, goes on where this one was interrupted.</summary>
/// <param name="say">Gets a line whenever something has changed.</param>
public sealed class RolloutCommand(
    IModelRegistry registry, LocalArtifactStore store, TimeProvider clock, Action<string> say)
{
    // After the switch servers need a look at the registry each; whoever does not come is named.
    private static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(60);

    /// <returns>How it ended, in a sentence.</returns>
    /// <exception cref="RolloutException">It was rolled back, or nothing was shown for too long.</exception>
    /// <exception cref="RegistryException">It may not begin, or somebody else changed it.</exception>
    /// <exception cref="UndeployableException">What a server needs of the version is not in the store.</exception>
    public async Task<string> RunAsync(DeployOptions deploy, RolloutOptions options, CancellationToken cancel)
    {
        options.Validate();
        if (registry.Serving(deploy.Model, deploy.Environment) is Served.Version { Model.Number: var serving }
            && serving == deploy.Version)
            return $"'{deploy.Environment}' serves {deploy.Model} version {deploy.Version} already; nothing changed";
        var begun = Begin(deploy, options);
        say(begun switch
        {
            RolledOut.Changed => $"{options.Strategy} rollout of version {deploy.Version} to '{deploy.Environment}', " +
                $"which serves version {begun.Entry.Champion}",
            _ => $"{options.Strategy} rollout of version {deploy.Version} goes on at {begun.Entry.Percent} %",
        });
        return await Direct(deploy, options, cancel);
    }

    /// <summary>Waits until every live server answers with what is deployed.</summary>
    /// <returns>Who does, in a sentence.</returns>
    public async Task<string> Arrive(string model, string environment, int version, CancellationToken cancel)
    {
        var since = clock.GetUtcNow();
        while (true)
        {
            var live = Look(model, environment).Live.ToArray();
            var behind = live.Where(server => server.Status.Version != version).ToArray();
            if (behind.Length == 0)
                return live.Length == 0
                    ? "no server reports"
                    : $"{Figures.Count(live.Length, "server")} {(live.Length == 1 ? "answers" : "answer")} with it";
            if (clock.GetUtcNow() - since > ArrivalPatience)
                return "not yet by " + string.Join(", ", behind.Select(server =>
                    $"{server}, which answers with version {server.Status.Version}" +
                    (server.Status.Fault is { } fault ? $": {fault}" : "")));
            await Task.Delay(TimeSpan.FromSeconds(0.5), clock, cancel);
        }
    }

    private RolledOut Begin(DeployOptions deploy, RolloutOptions options) => registry.RollOut(
        new(deploy.Model, deploy.Environment, deploy.Version, RolloutChange.Started, deploy.Who, "./build.sh Deploy")
        {
            Strategy = options.Strategy,
            Override = deploy.Reason is null ? null : new(deploy.Reason),
            Expected = DeployCommand.Demanded(registry, store, deploy),
        });

    private async Task<string> Direct(DeployOptions deploy, RolloutOptions options, CancellationToken cancel)
    {
        var (model, environment) = (deploy.Model, deploy.Environment);
        var (said, since, look, position) = ("", clock.GetUtcNow(), -1, 0);
        while (true)
        {
            var rollout = registry.Desired(model, environment).Rollout;
            if (rollout?.Candidate != deploy.Version)
                return await Ended(deploy, cancel);
            if (rollout.Last.Position != position)
                (look, position) = (-1, rollout.Last.Position);
            var step = RolloutPlan.Next(rollout, Look(model, environment), options.Canary, look, out look);
            if (step.Why != said)
                say(said = step.Why);
            switch (step)
            {
                case RolloutStep.Share { Percent: var percent }:
                    Change(deploy, rollout, RolloutChange.Shared, step.Why, percent);
                    say($"version {deploy.Version} gets {percent} % of the requests");
                    since = clock.GetUtcNow();
                    break;
                case RolloutStep.Promote:
                    Change(deploy, rollout, RolloutChange.Promoted, step.Why);
                    break;
                case RolloutStep.RollBack:
                    Change(deploy, rollout, RolloutChange.RolledBack, step.Why);
                    break;
                case RolloutStep.Ask { Advice: var advice }:
                    return $"the shadow of version {deploy.Version} says {advice}: {step.Why} It goes on until " +
                        "./build.sh Promote or ./build.sh Rollback";
                case RolloutStep.Wait when clock.GetUtcNow() - since > options.Patience:
                    throw new RolloutException(
                        $"Version {deploy.Version} of {model} is held at {rollout.Percent} % of the requests to " +
                        $"'{environment}', for nothing was shown in {options.Patience.TotalMinutes:0.#} minutes: " +
                        $"{step.Why} Run the same command to go on, or decide: ./build.sh Promote or " +
                        "./build.sh Rollback.");
                default:
                    await Task.Delay(options.PollInterval, clock, cancel);
                    break;
            }
        }
    }

    // Somebody else may have taken the same step; what the log says then counts.
    private void Change(
        DeployOptions deploy, ActiveRollout rollout, RolloutChange change, string why, int percent = 0)
    {
        try
        {
            registry.RollOut(new(deploy.Model, deploy.Environment, deploy.Version, change, deploy.Who, why)
            {
                Percent = percent,
                ExpectedPosition = rollout.Last.Position,
            });
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.RolloutChanged)
        {
            say(e.Message);
        }
    }

    private async Task<string> Ended(DeployOptions deploy, CancellationToken cancel)
    {
        var end = registry.Rollouts(deploy.Model, deploy.Environment)
            .Last(entry => entry.Candidate == deploy.Version && entry.Change is not RolloutChange.Shared);
        if (end.Change == RolloutChange.Promoted)
            return $"'{deploy.Environment}' now serves {deploy.Model} version {deploy.Version} instead of version " +
                $"{end.Champion}; {await Arrive(deploy.Model, deploy.Environment, deploy.Version, cancel)}";
        throw new RolloutException(
            $"Version {deploy.Version} of {deploy.Model} was rolled back by {end.Who}: '{deploy.Environment}' serves " +
            $"version {end.Champion}. {end.Why}");
    }

    private Fleet Look(string model, string environment) =>
        Fleet.Of(registry.Reports(model, environment), clock.GetUtcNow());
}
