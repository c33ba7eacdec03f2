using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Registry;
using MLBuild.Stages.Exchange;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Store;

namespace MLBuild.Stages.Tests.Register;

/// <summary>Nothing that is deployed, or ever was, can be pruned: not its model, recipes or attachments, whatever is
/// said of it.</summary>
public sealed class KeepingRegisteredVersions : IAsyncLifetime
{
    private readonly PipelineSpace _space = new();
    private readonly SaleBuild _build;

    public KeepingRegisteredVersions() => _build = new(_space);

    public async Task InitializeAsync()
    {
        // Version 1 served and was archived, 2 serves, 3 never served; what comes after was never registered.
        _space.Write("a.csv", Sales.Csv(2000, seed: 1));
        await _build.Done("Register");
        _build.Deploy(1);
        foreach (var iterations in new[] { 40, 50 })
        {
            _build.Train = _build.Train with { Iterations = iterations };
            await _build.Done("Register");
        }
        _build.Deploy(2);
        Say(1, new Annotation.Tag("golden"));
        Say(1, new Annotation.Untag("golden"));
        Say(1, new Annotation.Archive("old"));
        Say(3, new Annotation.Tag("summer"));
        foreach (var iterations in new[] { 60, 70 })
        {
            _build.Train = _build.Train with { Iterations = iterations };
            await _build.Done("Train");
        }
    }

    public Task DisposeAsync()
    {
        _space.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void WhatWasEverDeployedSurvivesAPruneOfEverythingThatMayGo()
    {
        var needed = _space.Registry.ReferencedArtifacts();
        var unregistered = _space.Workspace.Records.All()
            .Where(record => record.Stage == "Train" && !needed.Contains(record.Fingerprint)).ToArray();
        Assert.Equal(2, unregistered.Length);

        var later = new Workspace(
            _space.Workspace.ArtifactsFolder, _space.Workspace.StoreFolder,
            new MovingClock { Now = DateTimeOffset.UtcNow.AddYears(1) });
        var plan = new PrunePlan(later, needed, olderThan: TimeSpan.Zero, maxSizeBytes: 0);
        Assert.Empty(plan.Files.Intersect(needed));
        // Two older ones of Register, and one of the models that were not registered: the other is the last result.
        Assert.Equal(3, new StorePruning(later).Apply(plan, needed, []).Results);
        Assert.Single(unregistered, record => later.Records.Find(record.Fingerprint) is null);
        foreach (var version in _space.Registry.Versions("sales"))
        {
            Assert.Equal(
                [], EverythingOf(version).Where(hash => later.Artifacts.Find(hash) is null));
            Assert.NotEmpty(LineageCommand.Run(
                _space.Registry, later.Artifacts, "sales", version.Number, file: null, Page.Endless));
        }
        Say(1, new Annotation.Unarchive("needed again"));
        Assert.Equal("'production' now serves sales version 1 instead of version 2", _build.Deploy(1));
        ExportCommand.Run(
            _space.Registry, later.Artifacts, "sales", 1, Path.Combine(later.RootFolder, "sales-1.mlbuild"));
    }

    private IEnumerable<ContentHash> EverythingOf(ModelVersion version) => _space.Registry
        .EvidenceHistory("sales", version.Number)
        .SelectMany(entry => (ContentHash[])
        [
            entry.Evidence.LineageHash, entry.Evidence.EvaluationHash, entry.Evidence.InputSchemaHash!,
            .. entry.Evidence.Attachments.Select(pair => pair.Value),
        ])
        .Append(version.ModelHash);

    private void Say(int number, Annotation annotation) =>
        Assert.IsType<Annotated.Changed>(_space.Registry.Annotate(new("sales", number, annotation, "ann")));
}
