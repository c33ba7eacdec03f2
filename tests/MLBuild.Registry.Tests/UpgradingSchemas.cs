using static MLBuild.Registry.Tests.TaxiModel;

namespace MLBuild.Registry.Tests;

/// <summary>Contract: a registry that an older MLBuild wrote is read as it is, and brought up to date by the first
/// change.</summary>
public abstract class UpgradingSchemas<TPlace> : IDisposable
    where TPlace : ContractPlace, new()
{
    private readonly TPlace _place = new();
    private readonly IModelRegistry _registry;

    protected UpgradingSchemas() => _registry = _place.Open(new SettableClock());

    public void Dispose() => _place.Dispose();

    [ContractFact]
    public void AllOfTheFirstSchemaIsReadAndNothingIsWritten()
    {
        _place.WriteFirstSchema();

        AssertTheFirstRowsAreThere();
        Assert.Empty(_registry.Annotations(Name));
        Assert.Equal(1, _place.SchemaVersion());
    }

    [ContractFact]
    public void TheFirstChangeBringsTheTablesUpToDateAndKeepsAll()
    {
        _place.WriteFirstSchema();

        Assert.IsType<Annotated.Changed>(_registry.Annotate(On(1, new Annotation.Tag("golden"))));

        Assert.Equal(3, _place.SchemaVersion());
        AssertTheFirstRowsAreThere();
        Assert.Equal(new Annotation.Tag("golden"), Assert.Single(_registry.Annotations(Name)).Annotation);
        Assert.Equal(3, _registry.Register(Candidate("new")).Version.Number);
        Assert.IsType<Deployed.Changed>(_registry.Deploy(To("production", 3)));
    }

    [ContractFact]
    public void WhatWasUpgradedIsBuiltLikeWhatIsNew()
    {
        using var fresh = new TPlace();
        fresh.Open(new SettableClock()).Register(Candidate("a"));
        _place.WriteFirstSchema();
        _registry.Register(Candidate("a"));

        Assert.NotEmpty(fresh.Structure());
        Assert.Equal(fresh.Structure(), _place.Structure());
    }

    [ContractFact]
    public void ARefusedChangeUpgradesNothing()
    {
        _place.WriteFirstSchema();

        Refused(RegistryFault.GateNotPassed, () => _registry.Deploy(To("staging", 2)));

        Assert.Equal(1, _place.SchemaVersion());
        AssertTheFirstRowsAreThere();
    }

    [ContractFact]
    public void ManyThatOpenItAtOnceUpgradeItOnce()
    {
        _place.WriteFirstSchema();

        var done = AtOnce.Run(8, worker => _place.Open(new SettableClock())
            .Annotate(On(1 + (worker % 2), new Annotation.Note($"from {worker}"))));

        Assert.All(done, result => Assert.IsType<Annotated.Changed>(result));
        Assert.Equal(Enumerable.Range(1, 8), _registry.Annotations(Name).Select(entry => entry.Position));
        Assert.Equal(3, _place.SchemaVersion());
    }

    [ContractFact]
    public async Task WhoHasItOpenGoesOnWhileAnotherUpgradesIt()
    {
        _place.WriteFirstSchema();
        // As a server does: it asks again and again, and was there first.
        var server = _place.Open(new SettableClock());
        using var done = new CancellationTokenSource();
        var before = new TaskCompletionSource();
        var after = new TaskCompletionSource();
        var asking = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                var isUpgraded = server.Annotations(Name).Count > 0;
                Assert.Equal(2, server.ServingNumber("production"));
                Assert.Equal(2, server.History(Name, "production").Count);
                (isUpgraded ? after : before).TrySetResult();
            }
        });
        await Task.WhenAny(before.Task, asking);

        _registry.Annotate(On(1, new Annotation.Note("upgraded")));
        await Task.WhenAny(after.Task, asking);
        await done.CancelAsync();
        await asking;

        Assert.NotEqual(1, _place.SchemaVersion());
        Assert.Equal(3, server.Register(Candidate("new")).Version.Number);
    }

    [ContractFact]
    public void WhoHasItOpenAndIsOlderThanItsNewSchemaSaysWhatToUse()
    {
        var older = _place.Open(new SettableClock());
        older.Register(Candidate("a"));
        var known = _place.SchemaVersion();

        // As a newer MLBuild would do with its first change.
        _place.Sql("UPDATE registry_schema SET version = version + 1");

        foreach (var act in (Action[])
            [() => older.Serving(Name, "production"), () => older.Register(Candidate("b"))])
            Assert.Contains(
                $" has schema {known + 1}, expected {known} or older. A newer MLBuild wrote it: use that one, or ",
                Refused(RegistryFault.NewerSchema, act).Message);
        // Nothing was changed, so that the newer one goes on.
        _place.Sql("UPDATE registry_schema SET version = version - 1");
        Assert.Single(older.Versions(Name));
    }

    private void AssertTheFirstRowsAreThere()
    {
        var start = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        var first = new Evidence(
            FirstSchema.Hash('C'), FirstSchema.Hash('D'), GateOutcome.Passed,
            new([new("rmse", 5.25), new("r2", -0.1)]), new([new("golden.json", FirstSchema.Hash('0'))]))
        {
            InputSchemaHash = FirstSchema.Hash('E'),
        };
        var second = new Evidence(
            FirstSchema.Hash('C'), FirstSchema.Hash('F'), GateOutcome.Failed, new([]), new([]));
        Assert.Equal(
            [
                new RecordedEvidence(1, first, "ann", start.AddTicks(1)),
                new RecordedEvidence(2, second, "bob", start.AddDays(1)),
            ],
            _registry.EvidenceHistory(Name, 1));
        Assert.Equal(
            new ModelVersion(Name, 1, FirstSchema.Hash('A'), start.AddTicks(1), 2, second), _registry.Find(Name, 1));
        Assert.Equal(FirstSchema.Hash('B'), _registry.Find(Name, 2).ModelHash);
        Assert.Equal(
            [
                new Deployment(
                    Name, "production", 1, null, 1, 1, FirstSchema.Hash('D'), GateOutcome.Passed, "ann", "first", null,
                    start.AddHours(1)),
                new Deployment(
                    Name, "production", 2, 1, 2, 1, FirstSchema.Hash('D'), GateOutcome.Inconclusive, "bob", "trial",
                    "Queens", start.AddMonths(1).AddHours(1)),
            ],
            _registry.History(Name, "production"));
        Assert.Equal(2, _registry.ServingNumber("production"));
        Assert.Equal(["production"], _registry.Environments(Name));
        Assert.Superset(
            "ABCDEF0".Select(FirstSchema.Hash).ToHashSet(), _registry.ReferencedArtifacts().ToHashSet());
    }
}

public sealed class UpgradingSchemasInSqlite : UpgradingSchemas<SqlitePlace>;

public sealed class UpgradingSchemasInPostgreSql : UpgradingSchemas<PostgreSqlPlace>;
