using MLBuild.Engine.Inspection;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>A rollout from its first server to its end, with servers that only say what they would do.</summary>
public sealed class DirectingRollouts(TwoVersions versions) : IClassFixture<TwoVersions>, IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.1);

    private readonly string _environment = versions.NewEnvironment();
    private readonly WaitingClock _clock = new();
    private readonly List<string> _said = [];
    private readonly CancellationTokenSource _end = new();

    private IModelRegistry Registry => versions.Registry;

    private LocalArtifactStore Store => versions.Space.Workspace.Artifacts;

    public void Dispose() => _end.Cancel();

    [Fact]
    public async Task AGoodCandidateGoesThroughAllStepsAndServes()
    {
        var servers = Task.WhenAll(Serve("one"), Serve("two"));
        await Reported(servers, count: 2);

        var end = await Deploy(RolloutStrategy.Canary);

        Assert.Equal(
            $"'{_environment}' now serves sales version 2 instead of version 1; 2 servers answer with it", end);
        Assert.Equal(
            [
                $"Canary rollout of version 2 to '{_environment}', which serves version 1",
                "version 2 gets 5 % of the requests", "version 2 gets 25 % of the requests",
                "version 2 gets 50 % of the requests", "version 2 gets 100 % of the requests",
            ],
            _said.Where(line => line.Contains("version 2 gets") || line.Contains("rollout of")));
        Assert.Equal(
            [0, 5, 25, 50, 100, 100], Registry.Rollouts("sales", _environment).Select(entry => entry.Percent));
        Assert.Equal(2, ((Served.Version)Registry.Serving("sales", _environment)).Model.Number);
        // Deploying it again is no second deployment.
        Assert.Equal(
            $"'{_environment}' serves sales version 2 already; nothing changed; 2 servers answer with it",
            await Deploy(RolloutStrategy.Canary));
        await Stop(servers);
    }

    [Fact]
    public async Task ABadCandidateIsRolledBackAtItsFirstStep()
    {
        var servers = Serve("one", failing: _ => true);

        var error = await Assert.ThrowsAsync<RolloutException>(() => Deploy(RolloutStrategy.Canary));

        Assert.StartsWith(
            $"Version 2 of sales was rolled back by ann: '{_environment}' serves version 1. Failed requests: ",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(
            [RolloutChange.Started, RolloutChange.Shared, RolloutChange.RolledBack],
            Registry.Rollouts("sales", _environment).Select(entry => entry.Change));
        Assert.Equal(5, Registry.Rollouts("sales", _environment).Max(entry => entry.Percent));
        await Stop(servers);
    }

    [Fact]
    public async Task ACandidateThatFailsWhereItAnswersAllIsRolledBack()
    {
        var servers = Serve("one", failing: percent => percent == 100);

        var error = await Assert.ThrowsAsync<RolloutException>(() => Deploy(RolloutStrategy.Canary));

        Assert.StartsWith(
            $"Version 2 of sales was rolled back by ann: '{_environment}' serves version 1. Failed requests: ",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(100, Registry.Rollouts("sales", _environment)[^2].Percent);
        await Stop(servers);
    }

    // As if every server had been started anew at the moment of the step.
    [Fact]
    public async Task WhereNoServerKnowsOfTheChampionTheStepBeforeIsTakenAgain()
    {
        var forgotten = false;
        var servers = Serve("one", forgets: step =>
        {
            var forgets = step is { Percent: 100, Position: 5 };
            forgotten |= forgets;
            return forgets;
        });

        await Deploy(RolloutStrategy.Canary);

        Assert.True(forgotten);
        Assert.Equal(
            [0, 5, 25, 50, 100, 50, 100, 100],
            Registry.Rollouts("sales", _environment).Select(entry => entry.Percent));
        Assert.Contains(
            "The servers know of 0 requests of the champion in the step before, expected 200 to compare with, and at " +
            "100 % it gets no more: back to 50 %, to compare anew.",
            _said);
        await Stop(servers);
    }

    [Fact]
    public async Task ADeployThatWasInterruptedAtAHundredPercentGoesOnThere()
    {
        Registry.RollOut(Wish(RolloutChange.Started));
        Registry.RollOut(Wish(RolloutChange.Shared) with { Percent = 100 });
        var servers = Serve("one");
        Assert.StartsWith(
            $"'{_environment}' now serves", await Deploy(RolloutStrategy.Canary), StringComparison.Ordinal);
        Assert.Contains("Canary rollout of version 2 goes on at 100 %", _said);
        Assert.Equal([0, 100, 100], Registry.Rollouts("sales", _environment).Select(entry => entry.Percent));
        await Stop(servers);
    }

    [Fact]
    public async Task ACanaryWithoutTrafficIsHeldAndGoesOnLater()
    {
        var servers = Serve("one", requests: 0, reported: step =>
        {
            if (step.Percent == 5)
                _clock.Speed = 50;
        });
        var error = await Assert.ThrowsAsync<RolloutException>(() => Deploy(RolloutStrategy.Canary));
        _clock.Speed = 1;
        Assert.Equal(
            $"Version 2 of sales is held at 5 % of the requests to '{_environment}', for nothing has changed in 1 " +
            "minute: The candidate got 0 requests of different keys, expected 200 before anything is decided. It " +
            "keeps its share, and nobody watches it now. Run the same command to go on, or decide: ./build.sh " +
            "Promote or ./build.sh Rollback.",
            error.Message);
        await Stop(servers);

        servers = Serve("two");
        Assert.StartsWith(
            $"'{_environment}' now serves", await Deploy(RolloutStrategy.Canary), StringComparison.Ordinal);
        Assert.Contains("Canary rollout of version 2 goes on at 5 %", _said);
        await Stop(servers);
    }

    [Fact]
    public async Task ARegistryThatIsBusyForAMomentEndsNothing()
    {
        var servers = Serve("one");
        var calls = new Dictionary<string, int>();
        var busy = EventfulRegistry.Of(Registry, before: call =>
        {
            var count = calls[call] = calls.GetValueOrDefault(call) + 1;
            // Not the first, with which the rollout begins.
            if (count is 2 or 3 && call is nameof(IModelRegistry.RollOut) or nameof(IModelRegistry.Reports))
                throw new RegistryException(RegistryFault.Busy, $"Somebody holds it at {call}.");
        });

        Assert.StartsWith(
            $"'{_environment}' now serves", await Deploy(RolloutStrategy.Canary, registry: busy),
            StringComparison.Ordinal);

        Assert.Equal(
            [
                "The registry is asked again for up to 1 minute. Somebody holds it at RollOut.",
                "The registry is asked again for up to 1 minute. Somebody holds it at Reports.",
            ],
            _said.Where(line => line.Contains("asked again")).Order().Reverse().Distinct());
        await Stop(servers);
    }

    [Fact]
    public async Task ARegistryThatStaysAwayIsNamedAfterAWhile()
    {
        var servers = Serve("one", requests: 0);
        var away = EventfulRegistry.Of(Registry, before: call =>
        {
            if (call == nameof(IModelRegistry.Reports))
                throw new RegistryException(RegistryFault.Unreachable, "Nobody is there.");
        });
        var error = await Assert.ThrowsAsync<RegistryException>(() =>
            Deploy(RolloutStrategy.Canary, TimeSpan.FromSeconds(0.5), away));
        Assert.Equal("Nobody is there.", error.Message);
        Assert.Contains("The registry is asked again for up to 0.5 seconds. Nobody is there.", _said);
        await Stop(servers);
    }

    [Fact]
    public async Task ARegistryThatStaysSlowIsNamedAfterAWhile()
    {
        _clock.WaitsAreOverAtOnce = true;
        var slow = EventfulRegistry.Of(Registry, before: call =>
        {
            if (call == nameof(IModelRegistry.Reports))
                _clock.Pass(TimeSpan.FromSeconds(11));
        });
        var error = await Assert.ThrowsAsync<RolloutException>(() =>
            new RolloutCommand(slow, Store, _clock, _said.Add).RunAsync(
                new("sales", 2, _environment, "ann", null),
                new() { Strategy = RolloutStrategy.Canary, Patience = TimeSpan.FromMinutes(1) }, _end.Token)
                .WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal(
            $"Version 2 of sales is held at 0 % of the requests to '{_environment}', for looks at the registry have " +
            "taken longer than 10 seconds for 1 minute, the last 11 seconds. It keeps its share, and nobody watches " +
            "it now. Run the same command to go on, or decide: ./build.sh Promote or ./build.sh Rollback.",
            error.Message);
    }

    [Fact]
    public async Task WhatIsAwaitedIsSaidOnceHoweverOftenItsNumbersChange()
    {
        Registry.RollOut(Wish(RolloutChange.Started));
        var requests = 0;
        // A server that has one request more at each look, for 25 looks.
        var registry = EventfulRegistry.Of(Registry, before: call =>
        {
            if (call != nameof(IModelRegistry.Reports) || requests > 25)
                return;
            var rollout = Registry.Desired("sales", _environment).Rollout!;
            Report("one", new("one", 1, 1, null)
            {
                Candidate = Counted(rollout.Id, rollout.Last.Position, requests++, 0),
                HasEnded = requests > 25,
            });
        });

        // Each of them is a change: patience begins anew, which is for 20 looks.
        await Assert.ThrowsAsync<RolloutException>(() =>
            Deploy(RolloutStrategy.Canary, TimeSpan.FromSeconds(2), registry));

        Assert.True(requests > 25);
        Assert.Single(
            _said.SkipWhile(line => line != "version 2 gets 5 % of the requests").Skip(1),
            line => !line.StartsWith("No server reports", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ACandidateThatNoLongerPassesItsGateIsRolledBackInsteadOfPromoted()
    {
        var candidate = Registry.Register(new(
            "sales", Registry.Find("sales", 2).Evidence.Attachments["golden.json"],
            Registry.Find("sales", 2).Evidence, "ann")).Version;
        var servers = Serve("one");
        // The register of another build, just before the promotion.
        var registry = EventfulRegistry.Of(Registry, before: call =>
        {
            if (call == nameof(IModelRegistry.RollOut) && Registry.Desired("sales", _environment).Rollout is not null)
                Registry.Register(new(
                    "sales", candidate.ModelHash, candidate.Evidence with { Gate = GateOutcome.Failed }, "bob"));
        });

        var error = await Assert.ThrowsAsync<RolloutException>(() =>
            Deploy(RolloutStrategy.BlueGreen, registry: registry, version: candidate.Number));

        Assert.StartsWith(
            $"Version {candidate.Number} of sales was rolled back by ann: '{_environment}' serves version 1. Version " +
            $"{candidate.Number} of model 'sales' was not promoted in '{_environment}': its gate outcome is Failed " +
            "now, expected Passed (evaluation ",
            error.Message, StringComparison.Ordinal);
        await Stop(servers);
    }

    [Fact]
    public async Task BlueGreenSwitchesAtOnceAndHasAWayBack()
    {
        var servers = Serve("one");

        await Deploy(RolloutStrategy.BlueGreen);

        Assert.Equal([0, 100], Registry.Rollouts("sales", _environment).Select(entry => entry.Percent));
        Assert.Equal(
            $"'{_environment}' serves sales version 1 again, instead of version 2",
            Rollback("slow"));
        Assert.Equal(("bob", "slow"), Last(Registry.History("sales", _environment)));
        await Stop(servers);

        static (string, string) Last(IReadOnlyList<Deployment> history) => (history[^1].Who, history[^1].Why);
    }

    [Fact]
    public async Task APersonDecidesOfAShadow()
    {
        var servers = Serve("one");

        Assert.StartsWith(
            "the shadow of version 2 says Promote: ", await Deploy(RolloutStrategy.Shadow), StringComparison.Ordinal);
        Assert.Equal(
            $"'{_environment}' now serves sales version 2 instead of version 1",
            RolloutDecision.Promote(Registry, "sales", _environment, "bob", "looks good"));
        await Stop(servers);
    }

    [Fact]
    public void WithoutARolloutThereIsNothingToPromoteAndMaybeNothingToGoBackTo()
    {
        Assert.Equal(
            $"There is nothing to promote: no rollout of sales to '{_environment}' is under way. Begin one: " +
            "./build.sh Deploy --model-version N --strategy canary.",
            Assert.Throws<RolloutException>(() =>
                RolloutDecision.Promote(Registry, "sales", _environment, "bob", "now")).Message);
        Assert.Equal(
            $"There is nothing to go back to: '{_environment}' has served no other version of sales than 1. Deploy " +
            "another version: ./build.sh Deploy --model-version N.",
            Assert.Throws<RolloutException>(() => Rollback("now")).Message);
        Assert.Equal(
            "There is nothing to go back to: 'staging' serves nothing. Deploy another version: ./build.sh Deploy " +
            "--model-version N.",
            Assert.Throws<RolloutException>(() =>
                RolloutDecision.Rollback(Registry, Store, "sales", "staging", "bob", "now")).Message);
    }

    [Fact]
    public void TheStatusNamesVersionsAndServers()
    {
        var now = DateTimeOffset.UtcNow;
        Registry.RollOut(Wish(RolloutChange.Started));
        Registry.RollOut(Wish(RolloutChange.Shared) with { Percent = 5 });
        Report("one", new("web1", 12, 1, null) { Candidate = Counted(1, 2, 300, 0) });
        Report("two", new("web2", 7, 1, "The registry cannot be reached.") { Candidate = null });

        var lines = StatusText.Lines(Registry, "sales", _environment, now, Page.Endless).ToArray();

        Assert.Equal(
            $"'{_environment}' serves sales version 1 since 2019-04-01 12:00Z, deployed by ann.", lines[0]);
        Assert.Matches(@"^version 2 is being rolled out \(Canary\): 5 % since .*Z, by ann: deployed$", lines[1]);
        Assert.Equal(
            "since then 300 requests of the candidate (0 failed), 3,000 of the champion (0 failed)", lines[2]);
        Assert.Equal(
            [
                "", "server             version  candidate  last said  fault",
                "web1 (process 12)  1        ready      now",
                "web2 (process 7)   1        not yet    now        The registry cannot be reached.",
            ],
            lines[3..]);
        Registry.RollOut(Wish(RolloutChange.Shared) with { Percent = 100 });
        Report("one", new("web1", 12, 1, null) { Candidate = Counted(1, 3, 300, 0) });
        Assert.Equal(
            "since then 300 requests of the candidate (0 failed), 3,000 of the champion in the step before (0 failed)",
            StatusText.Lines(Registry, "sales", _environment, now, Page.Endless).ElementAt(2));
        Assert.Equal(
            ["'staging' serves nothing of sales."], StatusText.Lines(Registry, "sales", "staging", now, Page.Endless));
    }

    [Fact]
    public async Task AVersionOfOtherCodeIsPromotedOnceAServerOfItsRevisionHasItReady()
    {
        var servers = Task.WhenAll(ServeRevision(1), ServeRevision(2));
        await Reported(servers, count: 2);

        var end = await Deploy(RolloutStrategy.BlueGreen);

        Assert.Equal(
            $"'{_environment}' now serves sales version 2 instead of version 1; 1 server answers with it", end);
        Assert.Equal(
            "1 server has version 2 loaded, and its golden rows score as they did where it was registered. " +
            "1 server of other feature code is not waited for.",
            Registry.Rollouts("sales", _environment)[^1].Why);
        // And back: the old one answers again.
        Rollback("slower");
        Assert.Equal(
            $"'{_environment}' serves sales version 1 already; nothing changed; 1 server answers with it",
            await Deploy(RolloutStrategy.BlueGreen, version: 1));
        await Stop(servers);
    }

    [Theory]
    [InlineData(RolloutStrategy.Canary)]
    [InlineData(RolloutStrategy.Shadow)]
    public async Task AVersionOfOtherCodeGetsNoPartOfTheRequests(RolloutStrategy strategy)
    {
        var servers = ServeRevision(1);

        var error = await Assert.ThrowsAsync<RolloutException>(() => Deploy(strategy));

        Assert.Equal(
            $"Version 2 of sales was rolled back by ann: '{_environment}' serves version 1. No server can have " +
            "version 2 beside version 1: they were trained with different feature code. Use --strategy blue-green, " +
            "with servers of the new revision beside those of the old.",
            error.Message);
        await Stop(servers);
    }

    [Fact]
    public void TheStatusNamesWhoStandsByAndWhoIsOfOtherCode()
    {
        Registry.RollOut(Wish(RolloutChange.Started) with { Strategy = RolloutStrategy.BlueGreen });
        var candidate = Counted(1, 1, 0, 0);
        Report("a", new("web1", 12, 1, null) { Candidate = candidate with { IsOfOtherCode = true } });
        Report("b", new("web2", 7, null, null) { Candidate = candidate, StandsBy = true });
        Report("c", new("web3", 9, 3, null)
        {
            Candidate = candidate with { IsOfOtherCode = true },
            StandsBy = true,
        });

        Assert.Equal(
            [
                "server             version       candidate      last said  fault",
                "web1 (process 12)  1             of other code  now",
                "web2 (process 7)   stands by     ready          now",
                "web3 (process 9)   3, stands by  of other code  now",
            ],
            StatusText.Lines(Registry, "sales", _environment, DateTimeOffset.UtcNow, Page.Endless).TakeLast(4));

        Report("a", new("web1", 12, 1, null) { HasEnded = true });
        Assert.Equal(
            "No server can answer with version 1: all stand by for a version of their own feature code. Start one of " +
            "the revision that trained it: ./build.sh Serve.",
            StatusText.Lines(Registry, "sales", _environment, DateTimeOffset.UtcNow, Page.Endless).Last());
    }

    private RolloutRequest Wish(RolloutChange change) =>
        new("sales", _environment, 2, change, "ann", "deployed");

    private Task<string> Deploy(
        RolloutStrategy strategy, TimeSpan? patience = null, IModelRegistry? registry = null, int version = 2) =>
        new RolloutCommand(registry ?? Registry, Store, _clock, _said.Add).RunAsync(
            new("sales", version, _environment, "ann", null),
            new() { Strategy = strategy, PollInterval = Moment, Patience = patience ?? TimeSpan.FromMinutes(1) },
            _end.Token);

    private string Rollback(string why) =>
        RolloutDecision.Rollback(Registry, Store, "sales", _environment, "bob", why);

    private async Task Reported(Task servers, int count)
    {
        while (Registry.Reports("sales", _environment).Count < count)
        {
            Assert.False(servers.IsCompleted);
            await Task.Delay(Moment);
        }
    }

    private async Task Stop(Task servers)
    {
        _stopped = true;
        await servers;
        _stopped = false;
    }

    private volatile bool _stopped;

    // Looks at the registry and says that it did what that wants, of so many requests a look.
    private async Task Serve(
        string name, int requests = 3_000, Func<int, bool>? failing = null, Func<RolloutEntry, bool>? forgets = null,
        Action<RolloutEntry>? reported = null)
    {
        await Task.Yield();
        while (!_stopped && !_end.IsCancellationRequested)
        {
            var desired = Registry.Desired("sales", _environment);
            var status = new ServerStatus(
                name, 1, ((Served.Version)desired.Serving).Model.Number, null);
            if (desired.Rollout is { } rollout)
            {
                var candidate = Counted(
                    rollout.Id, rollout.Last.Position, requests,
                    failing?.Invoke(rollout.Percent) == true ? requests / 3 : 0);
                status = status with
                {
                    Candidate = forgets?.Invoke(rollout.Last) == true
                        ? candidate with { Champion = Counts(0, 0) }
                        : candidate,
                };
            }
            Report(name, status);
            if (desired.Rollout is { Last: var step })
                reported?.Invoke(step);
            await Task.Delay(Moment);
        }
        Report(name, new(name, 1, 1, null) { HasEnded = true });
    }

    // A server of the revision that trained the version of that number, and no other.
    private async Task ServeRevision(int own)
    {
        await Task.Yield();
        int? answersWith = null;
        while (!_stopped && !_end.IsCancellationRequested)
        {
            var desired = Registry.Desired("sales", _environment);
            var standsBy = ((Served.Version)desired.Serving).Model.Number != own;
            answersWith = standsBy ? answersWith : own;
            Report($"{own}", new($"web{own}", 1, answersWith, null)
            {
                StandsBy = standsBy,
                Candidate = desired.Rollout is not { } rollout
                    ? null
                    : Counted(rollout.Id, rollout.Last.Position, 0, 0) with
                    {
                        IsOfOtherCode = rollout.Candidate != own,
                    },
            });
            await Task.Delay(Moment);
        }
    }

    private static CandidateStatus Counted(int rollout, int step, int requests, int failed) =>
        new(rollout, 2, null, step, Counts(requests * 10, 0), Counts(requests, failed));

    private static TrafficCounts Counts(int requests, int failed)
    {
        var (latencies, scores) = (new long[LatencyBins.Count], new long[10]);
        latencies[12] = requests - failed;
        scores[4] = requests - failed;
        return new(requests - failed, failed, [.. latencies], [.. scores]);
    }

    private void Report(string name, ServerStatus status) =>
        Registry.Report("sales", _environment, name, status.ToJson());
}
