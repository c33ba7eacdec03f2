using System.Globalization;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Store;

namespace MLBuild.Stages.Rollouts;

/// <summary>Directs a rollout from its first server to its end. All that it knows but the looks that it took is in the
/// registry: the same command again, also on another machine, goes on where this one was interrupted, and takes the
/// looks of that step anew.</summary>
/// <param name="say">Gets a line whenever something has changed.</param>
/// <param name="labels">What requests turned out to be; null where nobody brings that.</param>
public sealed class RolloutCommand(
    IModelRegistry registry, LocalArtifactStore store, TimeProvider clock, Action<string> say,
    IArrivingLabels? labels = null)
{
    // After the switch servers need a look at the registry each; whoever does not come is named.
    private static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(60);

    // A number of requests that grows is said now and then.
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(30);

    // In so long every server reports again, once the registry can be reached.
    private static readonly TimeSpan ReportsWithin = TimeSpan.FromSeconds(10);

    /// <returns>How it ended, in a sentence.</returns>
    /// <exception cref="RolloutException">It was rolled back, or nothing changed for too long.</exception>
    /// <exception cref="RegistryException">It may not begin, or the registry did not answer for too long.</exception>
    /// <exception cref="UndeployableException">What a server needs of the version is not in the store.</exception>
    public async Task<string> RunAsync(DeployOptions deploy, RolloutOptions options, CancellationToken cancel)
    {
        options.Validate();
        if (labels is not null && options.Strategy != RolloutStrategy.Canary)
            throw new RolloutException(
                $"Labels judge a canary, and this rollout is {options.Strategy}: no answer of the candidate is " +
                "logged in it. Leave out --canary-labels, or choose --strategy canary.");
        if (registry.Serving(deploy.Model, deploy.Environment) is Served.Version { Model.Number: var serving }
            && serving == deploy.Version)
            return $"'{deploy.Environment}' serves {deploy.Model} version {deploy.Version} already; nothing changed; " +
                await ArriveAsync(deploy, options, cancel);
        var begun = Begin(deploy, options);
        say(begun switch
        {
            RolledOut.Changed => $"{options.Strategy} rollout of version {deploy.Version} to '{deploy.Environment}', " +
                $"which serves version {begun.Entry.Champion}",
            _ => $"{options.Strategy} rollout of version {deploy.Version} goes on at {begun.Entry.Percent} %",
        });
        return await DirectAsync(deploy, options, cancel);
    }

    private RolledOut Begin(DeployOptions deploy, RolloutOptions options) => registry.RollOut(
        new(deploy.Model, deploy.Environment, deploy.Version, RolloutChange.Started, deploy.Who, deploy.Why)
        {
            Strategy = options.Strategy,
            Override = deploy.Reason is null ? null : new(deploy.Reason),
            Expected = DeployCommand.Demanded(registry, store, deploy),
        });

    private async Task<string> DirectAsync(DeployOptions deploy, RolloutOptions options, CancellationToken cancel)
    {
        var (position, looks, evidence, since) = (0, CanaryLooks.None, 0L, clock.GetUtcNow());
        var (awaited, said, saidAt) = ((Awaited?)null, "", since);
        var slowSince = (DateTimeOffset?)null;
        while (true)
        {
            var asked = clock.GetUtcNow();
            var (rollout, fleet) = await AnsweredAsync(() => (
                registry.Desired(deploy.Model, deploy.Environment).Rollout, Look(deploy)), options, cancel);
            var now = clock.GetUtcNow();
            if (rollout?.Candidate != deploy.Version)
                return await EndedAsync(deploy, options, cancel);
            if (now - asked > ReportsWithin)
            {
                // Servers could not report either: they are not lost.
                slowSince ??= asked;
                if (now - slowSince > options.Patience)
                    throw Held(
                        deploy, rollout,
                        $"looks at the registry have taken longer than {Duration(ReportsWithin)} for " +
                        $"{Duration(options.Patience)}, the last {Duration(now - asked)}.");
                await Task.Delay(ReportsWithin, clock, cancel);
                continue;
            }
            slowSince = null;
            if (rollout.Last.Position != position)
                (position, looks, evidence, since, awaited) =
                    (rollout.Last.Position, CanaryLooks.None, 0, now, null);
            var quality = labels?.Counts(
                rollout, await AnsweredAsync(() => ChampionSince(deploy, rollout), options, cancel));
            var counted = (fleet.Counts(rollout)?.Candidate.Requests ?? 0) + (quality?.Candidate.Count ?? 0);
            if (counted > evidence)
                (evidence, since) = (counted, now);
            var step = RolloutPlan.Next(rollout, fleet, quality, options.Canary, looks, out looks);
            if (step is not RolloutStep.Wait { For: var what } || what != awaited
                || (step.Why != said && now - saidAt >= SaidEvery))
            {
                say(step.Why);
                (awaited, said, saidAt) = ((step as RolloutStep.Wait)?.For, step.Why, now);
            }
            switch (step)
            {
                case RolloutStep.Share { Percent: var percent }:
                    if (await ChangeAsync(deploy, options, rollout, RolloutChange.Shared, step.Why, cancel, percent))
                        say($"version {deploy.Version} gets {percent} % of the requests");
                    break;
                case RolloutStep.Promote:
                    await PromoteAsync(deploy, options, rollout, step.Why, cancel);
                    break;
                case RolloutStep.RollBack:
                    await ChangeAsync(deploy, options, rollout, RolloutChange.RolledBack, step.Why, cancel);
                    break;
                case RolloutStep.Ask { Advice: var advice }:
                    return $"the shadow of version {deploy.Version} says {advice}: {step.Why} It goes on until " +
                        "./build.sh Promote or ./build.sh Rollback";
                case RolloutStep.Wait when now - since > options.Patience:
                    throw Held(
                        deploy, rollout, $"nothing has changed in {Duration(options.Patience)}: {step.Why}");
                default:
                    await Task.Delay(options.PollInterval, clock, cancel);
                    break;
            }
        }
    }

    private static RolloutException Held(DeployOptions deploy, ActiveRollout rollout, string because) => new(
        $"Version {deploy.Version} of {deploy.Model} is held at {rollout.Percent} % of the requests to " +
        $"'{deploy.Environment}', for {because} It keeps its share, and nobody watches it now. Run the same command " +
        "to go on, or decide: ./build.sh Promote or ./build.sh Rollback.");

    // Its gate may have found something since it began, which no request shows.
    private async Task PromoteAsync(
        DeployOptions deploy, RolloutOptions options, ActiveRollout rollout, string why, CancellationToken cancel)
    {
        try
        {
            await ChangeAsync(deploy, options, rollout, RolloutChange.Promoted, why, cancel);
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.GateNotPassed)
        {
            await ChangeAsync(deploy, options, rollout, RolloutChange.RolledBack, e.Message, cancel);
        }
    }

    /// <returns>False where somebody else has changed the rollout, perhaps likewise: what the log says then
    /// counts.</returns>
    private async Task<bool> ChangeAsync(
        DeployOptions deploy, RolloutOptions options, ActiveRollout rollout, RolloutChange change, string why,
        CancellationToken cancel, int percent = 0)
    {
        var request = new RolloutRequest(deploy.Model, deploy.Environment, deploy.Version, change, deploy.Who, why)
        {
            Percent = percent,
            ExpectedPosition = rollout.Last.Position,
        };
        try
        {
            return await AnsweredAsync(() => registry.RollOut(request), options, cancel) is RolledOut.Changed;
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.RolloutChanged)
        {
            say(e.Message);
            return false;
        }
    }

    private async Task<string> EndedAsync(DeployOptions deploy, RolloutOptions options, CancellationToken cancel)
    {
        var log = await AnsweredAsync(() => registry.Rollouts(deploy.Model, deploy.Environment), options, cancel);
        var end = log.Last(entry => entry.Candidate == deploy.Version && entry.Change is not RolloutChange.Shared);
        if (end.Change == RolloutChange.Promoted)
            return $"'{deploy.Environment}' now serves {deploy.Model} version {deploy.Version} instead of version " +
                $"{end.Champion}; {await ArriveAsync(deploy, options, cancel)}";
        throw new RolloutException(
            $"Version {deploy.Version} of {deploy.Model} was rolled back by {end.Who}: '{deploy.Environment}' serves " +
            $"version {end.Champion}. {end.Why}");
    }

    // Waits until every live server answers with what is deployed, and says who does.
    private async Task<string> ArriveAsync(DeployOptions deploy, RolloutOptions options, CancellationToken cancel)
    {
        var since = clock.GetUtcNow();
        while (true)
        {
            var fleet = await AnsweredAsync(() => Look(deploy), options, cancel);
            var (arrived, behind) = fleet.Arrivals(deploy.Version);
            if (behind.Count == 0)
                return arrived.Count == 0
                    ? "no server reports"
                    : $"{Figures.Count(arrived.Count, "server")} {(arrived.Count == 1 ? "answers" : "answer")} with it";
            if (clock.GetUtcNow() - since > ArrivalPatience)
                return "not yet by " + string.Join(", ", behind.Select(server => $"{server}, which " +
                    (server.Status.Version is { } version ? $"answers with version {version}" : "stands by") +
                    (server.Status.Fault is { } fault ? $": {fault}" : "")));
            await Task.Delay(TimeSpan.FromSeconds(0.5), clock, cancel);
        }
    }

    // Once a rollout has begun, a registry that is busy or away for a moment does not leave it alone.
    private async Task<T> AnsweredAsync<T>(Func<T> ask, RolloutOptions options, CancellationToken cancel)
    {
        var since = clock.GetUtcNow();
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                return ask();
            }
            catch (RegistryException e) when (e.Fault is RegistryFault.Busy or RegistryFault.Unreachable
                && clock.GetUtcNow() - since < options.Patience)
            {
                if (isFirst)
                    say($"The registry is asked again for up to {Duration(options.Patience)}. {e.Message}");
            }
            await Task.Delay(options.PollInterval, clock, cancel);
        }
    }

    // Of who answers nothing at 100 % it is known what it answered in the step before.
    private DateTimeOffset ChampionSince(DeployOptions deploy, ActiveRollout rollout) => rollout.Percent < 100
        ? rollout.Last.RecordedUtc
        : registry.Rollouts(deploy.Model, deploy.Environment)
            .Last(entry => entry.Position < rollout.Last.Position).RecordedUtc;

    private Fleet Look(DeployOptions deploy) =>
        Fleet.Of(registry.Reports(deploy.Model, deploy.Environment), clock.GetUtcNow());

    private static string Duration(TimeSpan time)
    {
        var (number, unit) = time < TimeSpan.FromMinutes(1)
            ? (time.TotalSeconds, "second")
            : (time.TotalMinutes, "minute");
        var text = number.ToString("0.#", CultureInfo.InvariantCulture);
        return $"{text} {unit}{(text == "1" ? "" : "s")}";
    }
}
