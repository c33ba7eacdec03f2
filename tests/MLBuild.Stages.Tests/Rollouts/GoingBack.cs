using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Rollouts;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>A person goes back to what served before: further with each time, and never instead of a rollback that has
/// happened.</summary>
public sealed class GoingBack(TwoVersions versions) : IClassFixture<TwoVersions>
{
    private readonly string _environment = versions.NewEnvironment();

    private IModelRegistry Registry => versions.Registry;

    [Fact]
    public void EachTimeGoesFurtherBack()
    {
        var third = Another("golden.json", GateOutcome.Passed);
        Deploy(2);
        Deploy(third);

        Assert.Equal(
            $"'{_environment}' serves sales version 2 again, instead of version {third}", Rollback());
        Assert.Equal($"'{_environment}' serves sales version 1 again, instead of version 2", Rollback());
        Assert.Equal(
            $"There is nothing to go back to: '{_environment}' is back at version 1 of sales, the first that it " +
            "served. Deploy another version: ./build.sh Deploy --model-version N.",
            Refused());
        // Once more forth and back, by number too.
        Deploy(2);
        Deploy(1);
        Refused();
        Assert.Equal([1, 2, third, 2, 1, 2, 1], Registry.History("sales", _environment).Select(entry => entry.To));
    }

    [Fact]
    public void WhatWasRolledBackByItselfIsNotFollowedByTheChampion()
    {
        Deploy(2);
        var third = Another("golden.json", GateOutcome.Passed);
        RollOut(third, RolloutChange.Started);
        var end = RollOut(third, RolloutChange.RolledBack);

        Assert.Equal(
            $"Version {third} was rolled back already ({end.RecordedUtc:yyyy-MM-dd HH:mm}Z, by ann: Failed requests)" +
            $", and '{_environment}' serves sales version 2. To go further back: ./build.sh Deploy --model-version 1.",
            Refused());
        Assert.Equal(2, Registry.History("sales", _environment)[^1].To);
        // What is deployed afterwards has a way back again.
        Deploy(third);
        Assert.Equal($"'{_environment}' serves sales version 2 again, instead of version {third}", Rollback());
    }

    [Fact]
    public void WhereNothingIsBelowTheChampionThatIsSaid()
    {
        RollOut(2, RolloutChange.Started);
        RollOut(2, RolloutChange.RolledBack);
        Assert.EndsWith(
            $"and '{_environment}' serves sales version 1. To go further back there is nothing. Deploy another " +
            "version: ./build.sh Deploy --model-version N.",
            Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void ARollbackWinsOverAStepThatWasTakenMeanwhile()
    {
        RollOut(2, RolloutChange.Started);
        var registry = EventfulRegistry.Of(Registry, after: call =>
        {
            if (call == nameof(IModelRegistry.Desired))
                RollOut(2, RolloutChange.Shared, percent: 5);
        });
        Assert.Equal(
            $"version 2 was rolled back: '{_environment}' serves sales version 1 alone",
            RolloutDecision.Rollback(registry, Store, "sales", _environment, "bob", "slow"));
        Assert.Null(Registry.Desired("sales", _environment).Rollout);
        // A promotion is of what the person saw.
        RollOut(2, RolloutChange.Started);
        Assert.Equal(
            RegistryFault.RolloutChanged,
            Assert.Throws<RegistryException>(() =>
                RolloutDecision.Promote(registry, "sales", _environment, "bob", "good")).Fault);
    }

    [Fact]
    public void TheGateOfAnEarlierVersionIsAnsweredForAsItWas()
    {
        var forced = Another("features.code.txt", GateOutcome.Failed);
        Deploy(forced, "the old one is wrong everywhere");
        Deploy(2);
        Rollback();
        Assert.Equal("the old one is wrong everywhere", Registry.History("sales", _environment)[^1].ForcedReason);

        // What passed needs nobody's word.
        Rollback();
        Assert.Null(Registry.History("sales", _environment)[^1].ForcedReason);

        // Known bytes that were evaluated anew.
        var worse = Another("evaluation.json", GateOutcome.Passed);
        Deploy(worse);
        Deploy(2);
        Another("evaluation.json", GateOutcome.Failed);
        Rollback();
        Assert.Equal(
            "it served before; rolled back: slow", Registry.History("sales", _environment)[^1].ForcedReason);
    }

    [Fact]
    public void AVersionWhoseBytesAreNotThereIsNotGoneBackTo()
    {
        var lost = Add(ContentHash.Of("nowhere"), GateOutcome.Passed);
        Deploy(lost);
        Deploy(2);
        Assert.StartsWith(
            $"sales version {lost} was not deployed: its model cannot be read. ",
            Assert.Throws<UndeployableException>(Rollback).Message, StringComparison.Ordinal);
        Assert.Equal(2, Registry.History("sales", _environment)[^1].To);
    }

    private LocalArtifactStore Store => versions.Space.Workspace.Artifacts;

    private string Rollback() => RolloutDecision.Rollback(Registry, Store, "sales", _environment, "bob", "slow");

    private string Refused() => Assert.Throws<RolloutException>(Rollback).Message;

    private void Deploy(int version, string? force = null) =>
        Registry.Deploy(new("sales", _environment, version, "ann", "test")
        {
            Override = force is null ? null : new(force),
        });

    private RolloutEntry RollOut(int version, RolloutChange change, int percent = 0) => Registry.RollOut(
        new("sales", _environment, version, change, "ann", "Failed requests") { Percent = percent }).Entry;

    // Other bytes that are in the store: nothing loads them here.
    private int Another(string attachment, GateOutcome gate) =>
        Add(Registry.Find("sales", 2).Evidence.Attachments[attachment], gate);

    private int Add(ContentHash model, GateOutcome gate) => Registry.Register(
        new("sales", model, Registry.Find("sales", 2).Evidence with { Gate = gate }, "ann")).Version.Number;
}
