using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>Contract: a candidate gets its part of the requests by compare-and-set, one at a time in an environment,
/// and its promotion is a deployment.</summary>
public abstract class RollingOutVersions<TPlace> : IDisposable
    where TPlace : ContractPlace, new()
{
    private const string Production = "production";

    private readonly TPlace _place = new();
    private readonly SettableClock _clock = new();
    private readonly IModelRegistry _registry;

    protected RollingOutVersions()
    {
        _registry = _place.Open(_clock);
        _registry.Register(Candidate("a", evaluation: "of a"));
        _registry.Register(Candidate("b", evaluation: "of b"));
        _registry.Register(Candidate("c", GateOutcome.Failed, "of c"));
        _registry.Deploy(To(Production, 1));
    }

    public void Dispose() => _place.Dispose();

    [ContractFact]
    public void EachStepIsKeptWithWhoWhenAndWhy()
    {
        Do(RolloutChange.Started, percent: 5);
        _clock.Now += TimeSpan.FromHours(1);
        Do(RolloutChange.Shared, percent: 25);
        _clock.Now += TimeSpan.FromHours(1);
        Do(RolloutChange.Promoted);

        RolloutEntry Entry(int position, RolloutChange change, int percent) => new(
            Name, Production, position, change, 2, 1, RolloutStrategy.Canary, percent, null, "ann", "as judged",
            SettableClock.Start.AddHours(position - 1));
        Assert.Equal(
            [
                Entry(1, RolloutChange.Started, 5), Entry(2, RolloutChange.Shared, 25),
                Entry(3, RolloutChange.Promoted, 100),
            ],
            _place.Open(_clock).Rollouts(Name, Production));
    }

    [ContractFact]
    public void ServersSeeTheServingVersionAndTheCandidateWithItsShare()
    {
        Do(RolloutChange.Started, percent: 5);
        Do(RolloutChange.Shared, percent: 25);

        var desired = _registry.Desired(Name, Production);

        Assert.Equal(1, ((Served.Version)desired.Serving).Model.Number);
        Assert.Equal((1, 2, 25), (desired.Rollout!.Id, desired.Rollout.Candidate, desired.Rollout.Percent));
        Assert.Equal(_registry.Find(Name, 2), desired.Candidate);
    }

    [ContractFact]
    public void APromotionIsADeployment()
    {
        Do(RolloutChange.Started, percent: 5);
        Do(RolloutChange.Promoted);

        Assert.Equal(2, _registry.ServingNumber(Production));
        Assert.Equal((1, 2, "as judged"), Last(_registry.History(Name, Production)));
        Assert.Null(_registry.Desired(Name, Production).Rollout);

        static (int?, int, string) Last(IReadOnlyList<Deployment> history) =>
            (history[^1].From, history[^1].To, history[^1].Why);
    }

    [ContractFact]
    public void AVersionThatIsRolledBackNeverServed()
    {
        Do(RolloutChange.Started, percent: 5);
        Do(RolloutChange.RolledBack);

        Assert.Equal(1, _registry.ServingNumber(Production));
        Assert.Single(_registry.History(Name, Production));
        Assert.Null(_registry.Desired(Name, Production).Candidate);
        // And may try again.
        Assert.IsType<RolledOut.Changed>(_registry.RollOut(Wish(RolloutChange.Started)));
        Assert.Equal(3, _registry.Desired(Name, Production).Rollout!.Id);
    }

    [ContractFact]
    public void AskingTwiceIsAskingOnce()
    {
        foreach (var (change, percent) in new[]
        {
            (RolloutChange.Started, 5), (RolloutChange.Shared, 25), (RolloutChange.Promoted, 0),
        })
        {
            var first = Do(change, percent);
            Assert.Equal(first, Assert.IsType<RolledOut.Unchanged>(_registry.RollOut(Wish(change, percent))).Entry);
        }
        Assert.Equal(3, _registry.Rollouts(Name, Production).Count);
        Assert.Equal(2, _registry.History(Name, Production).Count);
    }

    [ContractFact]
    public void OfTwoThatWatchOneRolloutOneTakesTheStep()
    {
        Do(RolloutChange.Started, percent: 5);
        Do(RolloutChange.Shared, percent: 25);

        var refusal = Refused(RegistryFault.RolloutChanged, () => _registry.RollOut(
            Wish(RolloutChange.RolledBack) with { ExpectedPosition = 1 }));
        Assert.Equal(
            "The rollout of version 2 of model 'taxi-fare' to 'production' was not changed: it was Shared (25 %) by " +
            "ann in between. See ./build.sh Status.",
            refusal.Message);
        Assert.Equal(25, _registry.Desired(Name, Production).Rollout!.Percent);
    }

    [ContractFact]
    public void NothingElseIsDeployedMeanwhile()
    {
        _registry.Register(Candidate("d"));
        Do(RolloutChange.Started, percent: 5);

        const string underWay =
            "version 2 is being rolled out (Canary, 5 %, since 2026-11-20 08:30Z, by ann). Let it end, or end it: " +
            "./build.sh Promote or ./build.sh Rollback.";
        Assert.Equal(
            $"Version 4 of model 'taxi-fare' was not deployed to 'production': {underWay}",
            Refused(RegistryFault.RolloutChanged, () => _registry.Deploy(To(Production, 4))).Message);
        Refused(RegistryFault.RolloutChanged, () => _registry.RollOut(
            Wish(RolloutChange.Started) with { Number = 4 }));
        Refused(RegistryFault.RolloutChanged, () => _registry.Deploy(To(Production, 2)));
        // What serves is still a retry, and another environment is another matter.
        Assert.IsType<Deployed.Unchanged>(_registry.Deploy(To(Production, 1)));
        Assert.IsType<Deployed.Changed>(_registry.Deploy(To("staging", 4)));
    }

    [ContractFact]
    public void ARolloutNeedsAVersionToGoBackTo()
    {
        Assert.Equal(
            "Version 2 of model 'taxi-fare' was not rolled out: 'staging' serves nothing yet, and a rollout has a " +
            "version to go back to. Deploy it at once: --strategy direct.",
            Refused(RegistryFault.ServingChanged, () => _registry.RollOut(
                Wish(RolloutChange.Started) with { Environment = "staging" })).Message);
        Assert.Equal(
            "Version 1 of model 'taxi-fare' was not rolled out: 'production' serves it already.",
            Refused(RegistryFault.ServingChanged, () => _registry.RollOut(
                Wish(RolloutChange.Started) with { Number = 1 })).Message);
    }

    [ContractFact]
    public void ItIsJudgedLikeADeployment()
    {
        var wish = Wish(RolloutChange.Started) with { Number = 3 };
        Refused(RegistryFault.GateNotPassed, () => _registry.RollOut(wish));
        Refused(RegistryFault.ServingChanged, () => _registry.RollOut(
            Wish(RolloutChange.Started) with { Expected = new ExpectedServing.Version(7) }));

        _registry.RollOut(wish with { Override = new("Queens can wait") });
        _registry.RollOut(wish with { Change = RolloutChange.Promoted });

        Assert.Equal("Queens can wait", _registry.History(Name, Production)[^1].ForcedReason);
    }

    [ContractFact]
    public void WhatNoLongerPassesItsGateIsNotPromotedUnlessForced()
    {
        Do(RolloutChange.Started, percent: 5);
        var failed = Candidate("b", GateOutcome.Failed, "of b again");
        _registry.Register(failed);

        Assert.Equal(
            "Version 2 of model 'taxi-fare' was not promoted in 'production': its gate outcome is Failed now, " +
            $"expected Passed (evaluation {failed.Evidence.EvaluationHash.Short}). End the rollout (./build.sh " +
            "Rollback), or take responsibility: ./build.sh Promote --force-because \"...\".",
            Refused(RegistryFault.GateNotPassed, () => _registry.RollOut(Wish(RolloutChange.Promoted))).Message);
        Assert.Equal(1, _registry.ServingNumber(Production));
        // The candidate may still get another part: whoever watches decides.
        Do(RolloutChange.Shared, percent: 25);

        _registry.RollOut(Wish(RolloutChange.Promoted) with { Override = new("Queens can wait") });

        Assert.Equal("Queens can wait", _registry.History(Name, Production)[^1].ForcedReason);
        Assert.Equal("Queens can wait", _registry.Rollouts(Name, Production)[^1].ForcedReason);
    }

    [ContractFact]
    public void WhatIsNotUnderWayCannotBeContinued()
    {
        foreach (var change in new[] { RolloutChange.Shared, RolloutChange.Promoted, RolloutChange.RolledBack })
        {
            Assert.Equal(
                "The rollout of version 2 of model 'taxi-fare' to 'production' was not changed: none is under way. " +
                "See ./build.sh Status.",
                Refused(RegistryFault.RolloutChanged, () => _registry.RollOut(Wish(change))).Message);
        }
    }

    [ContractFact]
    public void ACandidateIsNotArchived()
    {
        Do(RolloutChange.Started, percent: 5);
        Assert.Equal(
            "Version 2 of model 'taxi-fare' was not archived: it is being rolled out to 'production'. End that " +
            "first: ./build.sh Rollback.",
            Refused(RegistryFault.StillServing, () => _registry.Annotate(
                On(2, new Annotation.Archive("old")))).Message);
    }

    [ContractFact]
    public void EveryFaultOfAWishIsNamed() => Assert.Equal(
        "The rollout of version 2 of model 'taxi-fare' to 'production' was not changed: why it is changed is empty, " +
        "expected a sentence; the share is 101 %, expected 0 to 100.",
        Refused(RegistryFault.InvalidRequest, () => _registry.RollOut(
            Wish(RolloutChange.Started, 101) with { Why = "" })).Message);

    [ContractFact]
    public void AServersReportReplacesTheOneBefore()
    {
        _registry.Report(Name, Production, "b", "first");
        _registry.Report(Name, Production, "a", "other");
        _registry.Report(Name, Production, "b", "second");
        _registry.Report(Name, "staging", "c", "elsewhere");

        var reports = _place.Open(_clock).Reports(Name, Production);

        Assert.Equal(
            [
                new(Name, Production, "a", "other", TimeSpan.Zero),
                new(Name, Production, "b", "second", TimeSpan.Zero),
            ],
            reports.Select(report => report with { Age = TimeSpan.Zero }));
        Assert.All(reports, report => Assert.False(report.IsSilent));
    }

    [ContractFact]
    public void WhoHasSaidNothingForADayIsForgotten()
    {
        _registry.Report(Name, Production, "a", "long ago");
        _registry.Report(Name, "staging", "a", "elsewhere");
        _place.Sql("UPDATE server_report SET reported_utc = '2020-01-01T12:00:00.0000000Z'");
        Assert.True(Assert.Single(_registry.Reports(Name, Production)).IsSilent);

        _registry.Report(Name, Production, "b", "now");

        Assert.Equal("now", Assert.Single(_registry.Reports(Name, Production)).Content);
        Assert.Single(_registry.Reports(Name, "staging"));
    }

    [ContractFact]
    public void ARegistryOfTheFirstSchemaHasNoRollouts()
    {
        using var place = new TPlace();
        place.WriteFirstSchema();
        var registry = place.Open(_clock);

        Assert.Empty(registry.Rollouts(Name, Production));
        Assert.Empty(registry.Reports(Name, Production));
        var desired = registry.Desired(Name, Production);
        Assert.Equal(2, ((Served.Version)desired.Serving).Model.Number);
        Assert.Null(desired.Rollout);
        Assert.Equal(1, place.SchemaVersion());
    }

    [ContractFact]
    public void WhereNothingWasWrittenNothingIsWanted()
    {
        using var place = new TPlace();
        Assert.Equal(
            new DesiredState(new Served.Nothing(), null, null), place.Open(_clock).Desired(Name, Production));
    }

    [ContractFact]
    public void OfManyThatPromoteAtOnceOneDoes()
    {
        Do(RolloutChange.Started, percent: 50);
        var done = AtOnce.Run(8, _ => _place.Open(_clock).RollOut(Wish(RolloutChange.Promoted)));
        Assert.Single(done.OfType<RolledOut.Changed>());
        Assert.Equal(2, _registry.History(Name, Production).Count);
    }

    private static RolloutRequest Wish(RolloutChange change, int percent = 0) =>
        new(Name, Production, 2, change, "ann", "as judged") { Percent = percent };

    private RolloutEntry Do(RolloutChange change, int percent = 0) =>
        Assert.IsType<RolledOut.Changed>(_registry.RollOut(Wish(change, percent))).Entry;
}

public sealed class RollingOutVersionsInSqlite : RollingOutVersions<SqlitePlace>
{
    // All who use the file are on one machine.
    [Fact]
    public void TheClockOfTheMachineSaysWhoFellSilent()
    {
        using var place = new SqlitePlace();
        var clock = new SettableClock();
        var registry = place.Open(clock);
        registry.Register(Candidate("a"));
        registry.Report(Name, "production", "web1", "content");

        clock.Now += TimeSpan.FromSeconds(29);
        Assert.False(Assert.Single(registry.Reports(Name, "production")).IsSilent);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.True(Assert.Single(registry.Reports(Name, "production")).IsSilent);
    }
}

public sealed class RollingOutVersionsInPostgreSql : RollingOutVersions<PostgreSqlPlace>
{
    [ContractTheory]
    [InlineData(1)]
    [InlineData(-1)]
    public void TheClockOfTheDatabaseSaysWhoFellSilent(int hoursAhead)
    {
        using var place = new PostgreSqlPlace();
        var here = new SettableClock();
        var there = new SettableClock { Now = here.Now + TimeSpan.FromHours(hoursAhead) };
        place.Open(here).Register(Candidate("a"));

        // Twice: nor are those of another machine forgotten, a day later by its clock.
        place.Open(there).Report(Name, "production", "web1", "content");
        there.Now += TimeSpan.FromDays(2);
        place.Open(there).Report(Name, "production", "web2", "content");

        foreach (var clock in new[] { here, there })
            Assert.Equal(
                ["web1", "web2"],
                place.Open(clock).Reports(Name, "production").Where(report => !report.IsSilent)
                    .Select(report => report.Server));
        // Written for others: a report that is old is so for everybody.
        place.Sql("UPDATE server_report SET reported_utc = to_char(clock_timestamp() AT TIME ZONE 'UTC' "
            + "- interval '31 seconds', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"0Z\"')");
        Assert.All(place.Open(there).Reports(Name, "production"), report => Assert.True(report.IsSilent));
    }
}
