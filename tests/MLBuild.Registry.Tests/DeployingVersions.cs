using MLBuild.Store;
using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>Contract: what serves is moved by compare-and-set, past the gate, and remembered.</summary>
public abstract class DeployingVersions<TPlace> : IDisposable
    where TPlace : ContractPlace, new()
{
    private const string Production = "production";

    private readonly TPlace _place = new();
    private readonly SettableClock _clock = new();
    private readonly IModelRegistry _registry;

    protected DeployingVersions()
    {
        _registry = _place.Open(_clock);
        _registry.Register(Candidate("a", evaluation: "of a"));
        _registry.Register(Candidate("b", evaluation: "of b"));
        _registry.Register(Candidate("c", GateOutcome.Inconclusive, "of c"));
    }

    public void Dispose() => _place.Dispose();

    [ContractFact]
    public void AVersionServesFromItsDeploymentOn()
    {
        Assert.IsType<Served.Nothing>(_registry.Serving(Name, Production));

        var deployed = Assert.IsType<Deployed.Changed>(_registry.Deploy(To(Production, 2)));

        Assert.Equal(
            new Deployment(
                Name, Production, 1, null, 2, 1, ContentHash.Of("of b"), GateOutcome.Passed, "ann", "weekly release",
                null, SettableClock.Start),
            deployed.Deployment);
        Assert.Equal(
            new Served.Version(_registry.Find(Name, 2), deployed.Deployment),
            _place.Open(_clock).Serving(Name, Production));
    }

    [ContractFact]
    public void EnvironmentsAndModelsServeApart()
    {
        _registry.Register(Candidate("a") with { ModelName = "taxi-tip" });
        _registry.Deploy(To("staging", 2));
        _registry.Deploy(To(Production, 1));

        Assert.Equal(2, _registry.ServingNumber("staging"));
        Assert.Equal(1, _registry.ServingNumber(Production));
        Assert.IsType<Served.Nothing>(_registry.Serving("taxi-tip", Production));
    }

    [ContractFact]
    public void WhatServesAlreadyIsUnchanged()
    {
        var first = _registry.Deploy(To(Production, 1));
        _clock.Now += TimeSpan.FromDays(1);
        var retry = To(Production, 1) with { Who = "bob", Expected = new ExpectedServing.Nothing() };

        Assert.Equal(first.Deployment, Assert.IsType<Deployed.Unchanged>(_registry.Deploy(retry)).Deployment);
        Assert.Single(_registry.History(Name, Production));
    }

    [ContractFact]
    public void WhatServesAlreadyIsUnchangedEvenWhenItsGateFailsLater()
    {
        _registry.Deploy(To(Production, 1));
        _registry.Register(Candidate("a", GateOutcome.Failed, "of a, later"));

        Assert.IsType<Deployed.Unchanged>(_registry.Deploy(To(Production, 1)));
        var served = Assert.IsType<Served.Version>(_registry.Serving(Name, Production));
        Assert.Equal((GateOutcome.Failed, 2), (served.Model.Evidence.Gate, served.Model.EvidenceNumber));
        Assert.Equal((GateOutcome.Passed, 1), (served.Since.Gate, served.Since.EvidenceNumber));
    }

    [ContractFact]
    public void RollingBackIsDeployingAnOlderNumber()
    {
        foreach (var number in new[] { 1, 2, 1 })
            _registry.Deploy(To(Production, number));

        Assert.Equal(1, _registry.ServingNumber(Production));
        Assert.Equal(
            [(1, null, 1), (2, 1, 2), (3, 2, 1)],
            _registry.History(Name, Production).Select(entry => (entry.Position, entry.From, entry.To)));
    }

    [ContractFact]
    public void UnknownVersionsAreRefused() =>
        Assert.Equal(
            "Model 'taxi-fare' has no version 99. Versions: 1..3.",
            Refused(RegistryFault.UnknownVersion, () => _registry.Deploy(To(Production, 99))).Message);

    [ContractFact]
    public void AModelWithoutVersionsIsRefused() =>
        Assert.Equal(
            "Model 'taxi-tip' has no versions yet: run ./build.sh Register first.",
            Refused(
                RegistryFault.UnknownVersion,
                () => _registry.Deploy(To(Production, 1) with { ModelName = "taxi-tip" })).Message);

    [ContractFact]
    public void AVersionThatDidNotPassItsGateIsRefused()
    {
        Assert.Equal(
            "Version 3 of model 'taxi-fare' was not deployed to 'production': its gate outcome is Inconclusive, "
            + $"expected Passed (evaluation {ContentHash.Of("of c").Short}). "
            + "Evaluate it again, or take responsibility: --force-because \"...\".",
            Refused(RegistryFault.GateNotPassed, () => _registry.Deploy(To(Production, 3))).Message);
        Assert.Empty(_registry.History(Name, Production));

        _registry.Register(Candidate("b", GateOutcome.Failed, "of b, later"));
        Refused(RegistryFault.GateNotPassed, () => _registry.Deploy(To(Production, 2)));
    }

    [ContractFact]
    public void AnOverrideIsRememberedWithItsReason()
    {
        var forced = To(Production, 3) with { Override = new("v1 loses money in Queens") };

        Assert.IsType<Deployed.Changed>(_registry.Deploy(forced));
        var entry = Assert.Single(_registry.History(Name, Production));
        Assert.Equal(
            (GateOutcome.Inconclusive, "v1 loses money in Queens", "weekly release"),
            (entry.Gate, entry.ForcedReason, entry.Why));

        // Evidence that comes later does not whitewash the entry.
        _registry.Register(Candidate("c", GateOutcome.Passed, "of c, later"));
        Assert.Equal(entry, Assert.Single(_registry.History(Name, Production)));
    }

    [ContractFact]
    public void AnOverrideDoesNotOverrideWhatIsExpectedToServe()
    {
        var forced = To(Production, 3) with { Override = new("because"), Expected = new ExpectedServing.Version(1) };

        Refused(RegistryFault.ServingChanged, () => _registry.Deploy(forced));
    }

    [ContractFact]
    public void AllFaultsOfARequestAreReportedTogether()
    {
        var request = new DeployRequest("", "Production", 1, "", "") { Override = new(" ") };

        Assert.Equal(
            "Version 1 of model '' was not deployed to 'Production': model name '' is not a name, "
            + "expected 1 to 100 of a-z, 0-9, '-', '_' and '.', starting with a letter or digit; "
            + "environment 'Production' is not a name, "
            + "expected 1 to 100 of a-z, 0-9, '-', '_' and '.', starting with a letter or digit; "
            + "who deploys it is empty, expected a person or a build; "
            + "--force-because is empty, expected the reason, which the history keeps.",
            Refused(RegistryFault.InvalidRequest, () => _registry.Deploy(request)).Message);
    }

    [ContractFact]
    public void WhatNoDatabaseKeepsIsRefused()
    {
        var request = To(Production, 1) with { Who = "\0", Why = "\ud83d", Override = new("\0") };

        Assert.Equal(
            "Version 1 of model 'taxi-fare' was not deployed to 'production': "
            + "who deploys it has half a character or the character U+0000, expected text; "
            + "why it is deployed has half a character or the character U+0000, expected text; "
            + "--force-because has half a character or the character U+0000, expected text.",
            Refused(RegistryFault.InvalidRequest, () => _registry.Deploy(request)).Message);
    }

    [ContractTheory]
    [InlineData("Production")]
    [InlineData("")]
    [InlineData("-p")]
    [InlineData("production\n")]
    public void AMisspeltNameIsNotAnEnvironmentThatServesNothing(string environment)
    {
        Refused(RegistryFault.InvalidRequest, () => _registry.Serving(Name, environment));
        Refused(RegistryFault.InvalidRequest, () => _registry.History(Name, environment));
        Refused(RegistryFault.InvalidRequest, () => _registry.ServingAt(Name, environment, SettableClock.Start));
    }

    [ContractFact]
    public void TheExpectedVersionIsReplaced()
    {
        _registry.Deploy(To(Production, 1) with { Expected = new ExpectedServing.Nothing() });
        _registry.Deploy(To(Production, 2) with { Expected = new ExpectedServing.Version(1) });

        Assert.Equal(2, _registry.ServingNumber(Production));
    }

    [ContractFact]
    public void AnotherThanTheExpectedVersionStays()
    {
        Assert.Equal(
            "Version 2 of model 'taxi-fare' was not deployed: 'production' serves nothing yet, expected version 1. "
            + "Somebody deployed in between: evaluate against what serves now, then deploy again.",
            Refused(
                RegistryFault.ServingChanged,
                () => _registry.Deploy(To(Production, 2) with { Expected = new ExpectedServing.Version(1) })).Message);

        _registry.Deploy(To(Production, 1));
        Assert.Equal(
            "Version 2 of model 'taxi-fare' was not deployed: "
            + "'production' serves version 1 (since 2026-11-20 08:30Z, by ann), expected nothing. "
            + "Somebody deployed in between: evaluate against what serves now, then deploy again.",
            Refused(
                RegistryFault.ServingChanged,
                () => _registry.Deploy(To(Production, 2) with { Expected = new ExpectedServing.Nothing() })).Message);
        Assert.Equal(1, _registry.ServingNumber(Production));
    }

    [ContractFact]
    public void ManyThatExpectTheSameAreOneWinner()
    {
        for (var i = 4; i <= 11; i++)
            _registry.Register(Candidate($"challenger {i}"));
        _registry.Deploy(To(Production, 1));

        var results = AtOnce.Run(8, worker =>
        {
            try
            {
                var request = To(Production, 4 + worker) with { Expected = new ExpectedServing.Version(1) };
                _place.Open(_clock).Deploy(request);
                return "deployed";
            }
            catch (RegistryException e) when (e.Fault == RegistryFault.ServingChanged)
            {
                return "refused";
            }
        });

        Assert.Single(results, "deployed");
        Assert.Equal(7, results.Count(result => result == "refused"));
        Assert.Equal(2, _registry.History(Name, Production).Count);
    }

    [ContractFact]
    public void ManyAtOnceMakeOneUnbrokenHistory()
    {
        AtOnce.Run(6, worker =>
        {
            for (var i = 0; i < 4; i++)
                _place.Open(_clock).Deploy(To(Production, 1 + (worker + i) % 2));
            return worker;
        });

        var history = _registry.History(Name, Production);
        Assert.Equal(Enumerable.Range(1, history.Count), history.Select(entry => entry.Position));
        Assert.Equal(
            history.SkipLast(1).Select(entry => (int?)entry.To).Prepend(null),
            history.Select(entry => entry.From));
        Assert.All(history, entry => Assert.NotEqual(entry.From, entry.To));
    }

    [ContractFact]
    public void AnyInstantOfThePastCanBeAskedFor()
    {
        var start = SettableClock.Start;
        _registry.Deploy(To(Production, 1));
        _clock.Now = start.AddHours(2);
        _registry.Deploy(To(Production, 2));

        int? At(DateTimeOffset instant) =>
            _registry.ServingAt(Name, Production, instant) is Served.Version served ? served.Model.Number : null;
        Assert.Null(At(start.AddTicks(-1)));
        Assert.Equal(1, At(start));
        Assert.Equal(1, At(start.AddHours(2).AddTicks(-1)));
        Assert.Equal(2, At(start.AddHours(2)));
        Assert.Equal(1, At(start.AddHours(1).ToOffset(TimeSpan.FromHours(5))));
        Assert.Equal(2, At(DateTimeOffset.MaxValue));
    }

    [ContractFact]
    public void AClockThatStepsBackDoesNotReorderTheHistory()
    {
        _registry.Deploy(To(Production, 1));
        _clock.Now -= TimeSpan.FromMinutes(5);
        _registry.Deploy(To(Production, 2));

        Assert.Equal(2, _registry.ServingNumber(Production));
        Assert.Equal([1, 2], _registry.History(Name, Production).Select(entry => entry.To));
        var then = Assert.IsType<Served.Version>(_registry.ServingAt(Name, Production, SettableClock.Start));
        Assert.Equal(2, then.Model.Number);
    }

    [ContractFact]
    public void TheDataBehindWhatServesIsOneStepAway()
    {
        _registry.Deploy(To(Production, 1));

        var served = Assert.IsType<Served.Version>(_registry.Serving(Name, Production));
        var evidence = _registry.EvidenceHistory(Name, served.Since.To)[served.Since.EvidenceNumber - 1].Evidence;
        Assert.Equal(ContentHash.Of("recipe of Train"), evidence.Attachments["recipe/Train"]);
    }
}

public sealed class DeployingVersionsInSqlite : DeployingVersions<SqlitePlace>;

public sealed class DeployingVersionsInPostgreSql : DeployingVersions<PostgreSqlPlace>;
