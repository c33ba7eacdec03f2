using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Stages.Rollouts;

namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>What comes next in a rollout, decided from what the registry and the servers say.</summary>
public sealed class PlanningRollouts
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void WithoutServersNothingIsKnown()
    {
        const string nothing =
            "No server reports, so nothing is known of the candidate. Start one: ./build.sh Serve.";
        Assert.Equal(new RolloutStep.Wait(Awaited.Server, nothing), Next(Rollout()));
        // One that fell silent is none.
        Assert.Equal(
            new RolloutStep.Wait(Awaited.Server, nothing), Next(Rollout(), Reported("a", secondsAgo: 31, Ready(1))));
    }

    [Fact]
    public void AllServersMustHaveTheCandidateReady()
    {
        Assert.Equal(
            new RolloutStep.Wait(Awaited.Readiness, "1 of 2 servers have version 2 ready beside version 1."),
            Next(Rollout(), Reported("a", 1, Ready(1)), Reported("b", 1, candidate: null)));
        // Nor has one that does not answer with the champion yet.
        Assert.Equal(
            new RolloutStep.Wait(Awaited.Readiness, "1 of 2 servers have version 2 ready beside version 1."),
            Next(Rollout(), Reported("a", 1, Ready(1)), Reported("b", 1, Ready(1), version: 3)));
        // What it has of an earlier rollout is not this one.
        Assert.IsType<RolloutStep.Wait>(
            Next(Rollout(), Reported("a", 1, Ready(1) with { Rollout = 7 })));
        var share = Assert.IsType<RolloutStep.Share>(
            Next(Rollout(), Reported("a", 1, Ready(1)), Reported("b", 1, Ready(1))));
        Assert.Equal(5, share.Percent);
        Assert.StartsWith("2 servers have version 2 loaded, ", share.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void ACandidateThatOneServerCannotLoadIsRolledBack() => Assert.Equal(
        new RolloutStep.RollBack("b (process 4711) cannot serve version 2: golden row 3 differs"),
        Next(
            Rollout(), Reported("a", 1, Ready(1)),
            Reported("b", 1, Ready(1) with { Fault = "golden row 3 differs" })));

    [Theory]
    [InlineData(5, 25)]
    [InlineData(25, 50)]
    [InlineData(50, 100)]
    public void AGoodCandidateGetsTheNextPart(int percent, int next) => Assert.Equal(
        next,
        Assert.IsType<RolloutStep.Share>(Next(Rollout(percent), Reported("a", 1, Ready(1, 1_000)))).Percent);

    [Fact]
    public void AfterTheLastPartItIsPromoted()
    {
        Assert.IsType<RolloutStep.Promote>(Next(Rollout(100), Reported("a", 1, Ready(1, 1_000))));
        // Also by whoever goes on with other steps.
        Assert.IsType<RolloutStep.Promote>(RolloutPlan.Next(
            Rollout(100), new([Reported("a", 1, Ready(1, 1_000))], Now), null, new() { Steps = [5, 50] },
            CanaryLooks.None, out _));
    }

    [Fact]
    public void ABadCandidateIsRolledBackWhereItAnswersAllToo() =>
        Assert.IsType<RolloutStep.RollBack>(Next(Rollout(100), Reported("a", 1, Ready(1, 1_000, failed: 300))));

    [Fact]
    public void WhereNoServerKnowsOfTheChampionAnyMoreItIsComparedAnew()
    {
        CandidateStatus Knowing(int champion) => Ready(1, 1_000) with { Champion = Counts(champion, 0) };
        Assert.Equal(
            new RolloutStep.Share(50,
                "The servers know of 0 requests of the champion in the step before, expected 200 to compare with, " +
                "and at 100 % it gets no more: back to 50 %, to compare anew."),
            Next(Rollout(100), Reported("a", 1, Knowing(0)), Reported("b", 1, Knowing(0))));
        Assert.Equal(
            50, Assert.IsType<RolloutStep.Share>(Next(
                Rollout(100), Reported("a", 1, Knowing(100)), Reported("b", 1, Knowing(99)))).Percent);
        // Before the candidate has any requests: it would be for nothing.
        Assert.IsType<RolloutStep.Share>(Next(
            Rollout(100), Reported("a", 1, Ready(1, 0) with { Champion = Counts(0, 0) })));
        // One of them is enough, also one that has ended.
        Assert.IsType<RolloutStep.Promote>(
            Next(Rollout(100), Reported("a", 1, Knowing(0)), Reported("b", 1, Knowing(1_000))));
        Assert.IsType<RolloutStep.Promote>(
            Next(Rollout(100), Reported("a", 1, Knowing(0)), Reported("b", secondsAgo: 500, Knowing(1_000))));
        // One that has not taken up the step may know of more.
        Assert.IsType<RolloutStep.Wait>(
            Next(Rollout(100), Reported("a", 1, Knowing(0)), Reported("b", 1, Knowing(1_000) with { Step = 1 })));
        // At other parts more requests come.
        Assert.IsType<RolloutStep.Wait>(Next(Rollout(50), Reported("a", 1, Knowing(0))));
    }

    [Fact]
    public void WhereServersCountNoMoreThatIsSaid()
    {
        var fleet = new Fleet([Reported("a", 1, Ready(1, TrafficCounts.MostKeys, failed: 5_700))], Now);
        var options = new CanaryOptions { MaxErrorIncrease = 0.0435 };
        Assert.IsType<RolloutStep.Wait>(RolloutPlan.Next(
            Rollout(5), fleet, null, options, CanaryLooks.None, out var looks));
        Assert.Equal(
            "131,072 requests of the candidate; the next look is at 204,800. Each server has counted 131,072 keys of " +
            "the candidate in this step, and counts no more.",
            RolloutPlan.Next(Rollout(5), fleet, null, options, looks, out _).Why);
    }

    [Fact]
    public void WhoNamesLabelsWaitsForThemAndTheyDecide()
    {
        RolloutStep Labelled(int rows, double mean) => RolloutPlan.Next(
            Rollout(5), new([Reported("a", 1, Ready(1, 1_000))], Now),
            new("mean absolute error", new(5_000, 1, 2_500), new(rows, mean, rows / 2.0)), new(), CanaryLooks.None,
            out _);
        Assert.Equal(
            new RolloutStep.Wait(
                Awaited.Labels,
                "30 rows of the candidate and 5,000 of the champion have labels, expected 100 of each before their " +
                "mean absolute error is compared."),
            Labelled(30, 9));
        Assert.Equal(25, Assert.IsType<RolloutStep.Share>(Labelled(3_000, 1)).Percent);
        Assert.StartsWith(
            "Mean absolute error: 2 of 100 rows with labels, the champion's 1 of 5,000; may be 10 % more (bounds ",
            Assert.IsType<RolloutStep.RollBack>(Labelled(100, 2)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void ABadCandidateIsRolledBackAtItsFirstStep()
    {
        var step = Assert.IsType<RolloutStep.RollBack>(
            Next(Rollout(5), Reported("a", 1, Ready(1, 1_000, failed: 300))));
        Assert.StartsWith("Failed requests: ", step.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void ABadCandidateIsRolledBackWhoeverIsStillToCome()
    {
        var failing = Ready(1, 1_000, failed: 300);
        Assert.IsType<RolloutStep.RollBack>(
            Next(Rollout(5), Reported("a", 1, failing), Reported("b", 1, candidate: null)));
        Assert.IsType<RolloutStep.RollBack>(Next(Rollout(5), Reported("a", secondsAgo: 31, failing)));
        Assert.Equal(
            CanaryDecision.RollBack,
            Assert.IsType<RolloutStep.Ask>(Next(
                Rollout(strategy: RolloutStrategy.Shadow), Reported("a", 1, failing with { Step = 1 }),
                Reported("b", 1, candidate: null))).Advice);
        // A good one waits for the others.
        Assert.Equal(
            new RolloutStep.Wait(Awaited.Readiness, "1 of 2 servers have version 2 ready beside version 1."),
            Next(Rollout(5), Reported("a", 1, Ready(1, 1_000)), Reported("b", 1, candidate: null)));
    }

    [Fact]
    public void ACandidateAfterWhichTwoServersFellSilentIsRolledBack()
    {
        Server Silent(string name, bool hasEnded = false)
        {
            var server = Reported(name, secondsAgo: 31, Ready(1, 10));
            return server with { Status = server.Status with { HasEnded = hasEnded } };
        }
        Assert.Equal(
            new RolloutStep.RollBack(
                "2 servers fell silent without having ended since the rollout of version 2 began: a (process 4711), " +
                "b (process 4711)."),
            Next(Rollout(5), Silent("a"), Silent("b"), Reported("c", 1, Ready(1, 10))));
        Assert.IsType<RolloutStep.RollBack>(Next(Rollout(5), Silent("a"), Silent("b")));
        // One may fail by itself, others were told to end, or were gone before.
        Assert.IsType<RolloutStep.Wait>(
            Next(Rollout(5), Silent("a"), Silent("b", hasEnded: true), Reported("c", 1, Ready(1, 10))));
        Assert.IsType<RolloutStep.Wait>(
            Next(Rollout(5), Silent("a"), Reported("b", 4_000, null), Reported("c", 1, Ready(1, 10))));
    }

    [Fact]
    public void WhatWasCountedBesideAnotherChampionDoesNotCount() => Assert.Equal(
        new RolloutStep.Wait(Awaited.Requests, "No server has counted a request since the step began."),
        Next(Rollout(5), Reported("a", 1, Ready(1)), Reported("b", 500, Ready(1, 1_000, 300), version: 3)));

    [Fact]
    public void ACandidateWithoutTrafficIsHeld() => Assert.Equal(
        new RolloutStep.Wait(
            Awaited.Requests,
            "The candidate got 0 requests of different keys, expected 200 before anything is decided."),
        Next(Rollout(5), Reported("a", 1, Ready(1, 0))));

    [Fact]
    public void ServersThatHaveEndedStillCount()
    {
        var alone = Next(Rollout(5), Reported("a", 1, Ready(1, 150)));
        Assert.IsType<RolloutStep.Wait>(alone);
        Assert.IsType<RolloutStep.Share>(
            Next(Rollout(5), Reported("a", 1, Ready(1, 150)), Reported("b", secondsAgo: 500, Ready(1, 150))));
    }

    [Fact]
    public void WhatWasCountedInAnEarlierStepDoesNot() => Assert.IsType<RolloutStep.Wait>(
        Next(Rollout(25), Reported("a", 1, Ready(1, 5_000) with { Step = 0 })));

    [Fact]
    public void EachLookIsTakenOnce()
    {
        var options = new CanaryOptions { MaxErrorIncrease = 0 };
        var fleet = new Fleet([Reported("a", 1, Ready(1, 300))], Now);
        Assert.Equal(
            Awaited.Requests,
            Assert.IsType<RolloutStep.Wait>(RolloutPlan.Next(
                Rollout(5), fleet, null, options, CanaryLooks.None, out var looks)).For);
        Assert.Equal(0, looks.Requests);
        Assert.Equal(
            new RolloutStep.Wait(Awaited.Requests, "300 requests of the candidate; the next look is at 400."),
            RolloutPlan.Next(Rollout(5), fleet, null, options, looks, out looks));
        Assert.Equal(0, looks.Requests);
    }

    // Its look was taken while another server was still to come.
    [Fact]
    public void WhatALookHasShownIsNotForgotten()
    {
        var counted = Reported("a", 1, Ready(1, 1_000));
        RolloutPlan.Next(
            Rollout(5), new([counted, Reported("b", 1, candidate: null)], Now), null, new(), CanaryLooks.None,
            out var looks);
        Assert.IsType<RolloutStep.Share>(
            RolloutPlan.Next(Rollout(5), new([counted], Now), null, new(), looks, out _));
    }

    [Fact]
    public void BlueGreenIsPromotedWhenAllAreReady()
    {
        var rollout = Rollout(strategy: RolloutStrategy.BlueGreen);
        Assert.IsType<RolloutStep.Wait>(Next(rollout, Reported("a", 1, candidate: null)));
        Assert.IsType<RolloutStep.Promote>(Next(rollout, Reported("a", 1, Ready(1))));
    }

    [Fact]
    public void BlueGreenToOtherCodeNeedsAStandbyThatHasItReady()
    {
        var rollout = Rollout(strategy: RolloutStrategy.BlueGreen);
        Assert.Equal(
            new RolloutStep.Wait(
                Awaited.Readiness,
                "2 servers have other feature code than version 2 was trained with. Start servers of its revision " +
                "beside them: ./build.sh Serve."),
            Next(rollout, Reported("a", 1, OfOtherCode), Reported("b", 1, OfOtherCode)));
        Assert.Equal(
            new RolloutStep.Wait(Awaited.Readiness, "0 of 1 servers have version 2 ready beside version 1."),
            Next(rollout, Reported("a", 1, OfOtherCode), Standby("new", candidate: null)));
        // It is waited for whoever has said nothing of the candidate yet.
        Assert.IsType<RolloutStep.Wait>(
            Next(rollout, Reported("a", 1, candidate: null), Standby("new", Ready(1))));
        Assert.Equal(
            new RolloutStep.Promote(
                "1 server has version 2 loaded, and its golden rows score as they did where it was registered. " +
                "1 server of other feature code is not waited for."),
            Next(rollout, Reported("a", 1, OfOtherCode), Standby("new", Ready(1))));
        Assert.Equal(
            new RolloutStep.RollBack("new (process 4711) cannot serve version 2: golden row 3 differs"),
            Next(
                rollout, Reported("a", 1, OfOtherCode),
                Standby("new", Ready(1) with { Fault = "golden row 3 differs" })));
        // One that fell silent is no standby.
        Assert.IsType<RolloutStep.Wait>(
            Next(rollout, Reported("a", 1, OfOtherCode), Standby("new", Ready(1), secondsAgo: 31)));
    }

    [Theory]
    [InlineData(RolloutStrategy.Canary)]
    [InlineData(RolloutStrategy.Shadow)]
    public void NoServerCanCompareVersionsOfTwoFeatureCodes(RolloutStrategy strategy)
    {
        var rollout = Rollout(strategy: strategy);
        var refusal = new RolloutStep.RollBack(
            "No server can have version 2 beside version 1: they were trained with different feature code. Use " +
            "--strategy blue-green, with servers of the new revision beside those of the old.");
        Assert.Equal(refusal, Next(rollout, Reported("a", 1, OfOtherCode)));
        Assert.Equal(refusal, Next(rollout, Reported("a", 1, candidate: null), Standby("new", Ready(1))));
        // Whoever stands by for something else is none of its business.
        Assert.IsType(
            Next(rollout, Reported("a", 1, Ready(1))).GetType(),
            Next(rollout, Reported("a", 1, Ready(1)), Standby("other", OfOtherCode)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void TheClockOfWhoeverLooksTakesNobodyForLost(int hours)
    {
        // It began the rollout too, by that clock.
        var now = Now.AddHours(hours);
        var status = Reported("a", 1, Ready(1)).Status.ToJson();
        var fleet = Fleet.Of(
        [
            .. new[] { "a", "b" }.Select(name =>
                new ServerReport("sales", "production", name, status, TimeSpan.FromSeconds(2))),
            .. new[] { "c", "d" }.Select(name =>
                new ServerReport("sales", "production", name, status, TimeSpan.FromMinutes(5))),
        ], now);
        Assert.Equal(["a", "b"], fleet.Live.Select(server => server.Name));
        Assert.Empty(fleet.LostSince(now.AddMinutes(-1)));
    }

    [Fact]
    public void WhoStandsByIsNotWaitedForUnlessItHadTheVersionReady()
    {
        static string[] Names(IReadOnlyList<Server> servers) => [.. servers.Select(server => server.Name)];
        (string[] Arrived, string[] Behind) Arrivals(params Server[] servers)
        {
            var (arrived, behind) = new Fleet(servers, Now).Arrivals(2);
            return (Names(arrived), Names(behind));
        }

        var (old, relieved) = (Reported("old", 1, OfOtherCode), Standby("old", null, version: 1));
        var (waiting, answering) = (Standby("new", Ready(1)), Reported("new", 1, null, version: 2));
        Assert.Equivalent((Array.Empty<string>(), new[] { "old", "new" }), Arrivals(old, waiting));
        Assert.Equivalent((new[] { "new" }, new[] { "old" }), Arrivals(old, answering));
        Assert.Equivalent((Array.Empty<string>(), new[] { "new" }), Arrivals(relieved, waiting));
        Assert.Equivalent((new[] { "new" }, Array.Empty<string>()), Arrivals(relieved, answering));
        // Nobody would answer.
        Assert.Equivalent((Array.Empty<string>(), new[] { "old" }), Arrivals(relieved));
        Assert.Equivalent((Array.Empty<string>(), Array.Empty<string>()), Arrivals());
    }

    [Fact]
    public void AShadowAsksAPerson()
    {
        var rollout = Rollout(strategy: RolloutStrategy.Shadow);
        Assert.IsType<RolloutStep.Wait>(Next(rollout, Reported("a", 1, Ready(1, 0))));
        Assert.Equal(
            CanaryDecision.Promote,
            Assert.IsType<RolloutStep.Ask>(Next(rollout, Reported("a", 1, Ready(1, 5_000) with { Step = 1 })))
                .Advice);
        Assert.Equal(
            CanaryDecision.RollBack,
            Assert.IsType<RolloutStep.Ask>(Next(rollout, Reported("a", 1, Ready(1, 5_000, 900) with { Step = 1 })))
                .Advice);
    }

    [Theory]
    [InlineData("{\"Machine\":5}")]
    [InlineData("{}")]
    [InlineData("{\"Machine\":null,\"Process\":1,\"Version\":1,\"Fault\":null}")]
    [InlineData("{\"Machine\":\"a\",\"Process\":1,\"Fault\":null}")]
    public void AReportOfAnotherProgramIsNamedWhileThatLives(string report)
    {
        Assert.Empty(Fleet.Of([new("sales", "production", "a", report, TimeSpan.FromSeconds(30))], Now).Servers);
        var error = Assert.Throws<RolloutException>(() =>
            Fleet.Of([new("sales", "production", "a", report, TimeSpan.FromSeconds(29))], Now));
        Assert.StartsWith(
            "Server a of 'production' runs another MLBuild than this build: The report of a server cannot be read: ",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AServersReportReadsBackAsItWasWritten()
    {
        var status = Reported("a", 1, Ready(1, 30)).Status;
        var read = ServerStatus.FromJson(status.ToJson());
        Assert.Equal(status with { Candidate = null }, read with { Candidate = null });
        Assert.Null(ServerStatus.FromJson((status with { Candidate = null }).ToJson()).Candidate);
        Assert.Equal(status.Candidate!.Own.Latencies, read.Candidate!.Own.Latencies.ToArray());
        Assert.Equal(status.Candidate.Champion.Answered, read.Candidate.Champion.Answered);
    }

    private static RolloutStep Next(ActiveRollout rollout, params Server[] servers) =>
        RolloutPlan.Next(rollout, new(servers, Now), quality: null, new(), CanaryLooks.None, out _);

    private static ActiveRollout Rollout(int percent = 0, RolloutStrategy strategy = RolloutStrategy.Canary)
    {
        var started = new RolloutEntry(
            "sales", "production", 1, RolloutChange.Started, 2, 1, strategy, 0, null, "ann", "deployed",
            Now.AddHours(-1));
        return new(started, percent == 0
            ? started
            : started with { Position = 2, Change = RolloutChange.Shared, Percent = percent });
    }

    private static Server Reported(
        string machine, int secondsAgo, CandidateStatus? candidate, int version = 1) => new(
        machine, new(machine, 4711, version, null) { Candidate = candidate }, Now.AddSeconds(-secondsAgo));

    private static Server Standby(
        string machine, CandidateStatus? candidate, int secondsAgo = 1, int? version = null)
    {
        var server = Reported(machine, secondsAgo, candidate);
        return server with { Status = server.Status with { Version = version, StandsBy = true } };
    }

    private static CandidateStatus OfOtherCode => Ready(1) with { IsOfOtherCode = true };

    // Of the step that the candidate's first part began, or of the start where nothing was counted.
    private static CandidateStatus Ready(int rollout, int? requests = null, int failed = 0) => requests is { } count
        ? new(rollout, 2, null, 2, Counts(10 * count, 0), Counts(count, failed))
        : new(rollout, 2, null, 1, Counts(0, 0), Counts(0, 0));

    private static TrafficCounts Counts(int requests, int failed)
    {
        var (latencies, scores) = (new long[LatencyBins.Count], new long[10]);
        latencies[12] = requests - failed;
        scores[4] = requests - failed;
        return new(requests - failed, failed, [.. latencies], [.. scores]);
    }
}
