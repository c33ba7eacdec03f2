using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Stored bytes that vanish or rot: found when they are needed, rebuilt, never served.</summary>
public sealed class LosingArtifacts : IDisposable
{
    private readonly TestSpace _space = new TestSpace()
        .With("in.txt", "a")
        .WithStage("split", reads: "in.txt")
        .WithStage("train", reads: "split")
        .WithStage("report", reads: "train");

    [Fact]
    public void LostOutputIsRebuiltAndCutsOffWhatFollows()
    {
        _space.Run();
        _space.Lose("split.1(in.txt=a)");
        Assert.Equal([Built("split/in", "its output 'out.txt' is no longer in the store")], _space.Run());
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void DamagedInputIsQuarantinedAndItsProducerRunsAgain()
    {
        _space.Run();
        _space.Damage("split.1(in.txt=a)");
        _space.Stage("train").Version = "2";

        Assert.Equal(["built train: code of train.Run changed: 1 -> 2", "built report"], _space.Run()
            .Where(e => e.Unit != "split/in").Select(e => e.ToString().Split(": input")[0]));

        Assert.Equal(["split/in", "train", "report"], _space.Observer.Begun);
        Assert.Equal("train.2(splitin=split.1(in.txt=a))", _space.Output("train/out.txt"));
        var hash = ContentHash.Of("split.1(in.txt=a)");
        var actual = ContentHash.Of("rplit.1(in.txt=a)");
        Assert.Equal(
            [$"train: Artifact {hash.Short} is corrupt: its bytes hash to {actual.Short}. It was quarantined as " +
            $"'quarantine/{hash}-{actual.Short}'. Rebuilding split, which wrote it."], _space.Observer.Lines);
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void DamagedOutputThatHasToBeRestoredIsRebuilt()
    {
        _space.Run();
        _space.Damage("train.1(splitin=split.1(in.txt=a))");
        LocalArtifactStore.RemoveReadOnly(_space["artifacts/train"]);
        Assert.Equal([Built("train", "its output 'out.txt' is no longer in the store")], _space.Run());
        Assert.EndsWith("Rebuilding train, which wrote it.", Assert.Single(_space.Observer.Lines));
        Assert.Equal("train.1(splitin=split.1(in.txt=a))", _space.Output("train/out.txt"));
    }

    [Fact]
    public void DamageInsideAFolderInputNamesItsWriter()
    {
        using var space = new TestSpace().With("in.txt", "a")
            .WithStage("split", reads: "in.txt", writes: "parts/")
            .WithStage("train", reads: "split");
        space.Run();
        space.Damage("split.1(in.txt=a)");
        space.Stage("train").Version = "2";
        space.Run();
        Assert.Equal(["split/in", "train"], space.Observer.Begun);
        Assert.EndsWith("Rebuilding split, which wrote it.", Assert.Single(space.Observer.Lines));
        Assert.Equal("train.2(splitin=split.1(in.txt=a))", space.Output("train/out.txt"));
    }

    [Fact]
    public void ManyPartitionsThatReadOneLostArtifactAllGetIt()
    {
        using var space = new TestSpace().With("a.txt", "a").With("b.txt", "b").With("c.txt", "c")
            .WithStage("zones")
            .WithStage("ingest", reads: "a.txt b.txt c.txt zones");
        space.Run();
        space.Damage("zones.1()");
        space.Stage("ingest").Version = "2";
        Assert.Equal(["ingest/a", "ingest/b", "ingest/c"], space.Run("ingest").Select(e => e.Unit));
        Assert.Single(space.Observer.Begun, "zones");
        Assert.Empty(space.Run());
    }

    [Fact]
    public void AllPartitionsOfOneInputMayRotAtOnce()
    {
        var names = Enumerable.Range(0, 12).Select(i => $"f{i:00}").ToArray();
        using var space = new TestSpace();
        foreach (var name in names)
            space.Write($"{name}.txt", name);
        space.WithStage("ingest", reads: string.Join(' ', names.Select(name => $"{name}.txt")))
            .WithStage("join", reads: "ingest");
        space.Run();
        foreach (var name in names)
            space.Damage($"ingest.1({name}.txt={name})");
        space.Stage("join").Version = "2";
        Assert.Equal(Built("join", "code of join.Run changed: 1 -> 2"), space.Run("join")[^1]);
        Assert.Equal([.. names.Select(name => $"ingest/{name}"), "join"], space.Observer.Begun.Order());
    }

    [Fact]
    public void RebuildingOneInputRunsNoEffectAgain()
    {
        _space.WithStage("upload", writes: "receipt").WithStage("tell", reads: "split upload");
        _space.Stage("upload").Kind = StageKind.Effect;
        _space.Run();
        _space.Damage("split.1(in.txt=a)");
        _space.Stage("tell").Version = "2";
        _space.Run("tell");
        Assert.Equal(["split/in", "tell", "upload"], _space.Observer.Begun.Order());
    }

    [Fact]
    public async Task WhatTheBuildIsNotLimitedToIsNotRebuiltButSaid()
    {
        using var space = new TestSpace().With("a.txt", "a").With("b.txt", "b")
            .WithStage("ingest", reads: "a.txt b.txt")
            .WithStage("join", reads: "ingest");
        space.Run();
        space.Damage("ingest.1(a.txt=a)");
        space.Stage("join").Version = "2";
        var only = Selection.Of(["ingest/b"], space.Pipeline(), [new("ingest"), new("join")]);
        using var runner = space.Runner(setting: new(ResourcePool.OfThisMachine(), only));
        Assert.Equal(Failed("join", "an artifact of 'ingest', which it reads, is lost, and --only left out what " +
            "would write it again. Run it without --only."), (await space.Outcomes(runner, "join"))[0]);
        Assert.Equal("join.1(ingesta=ingest.1(a.txt=a),ingestb=ingest.1(b.txt=b))", space.Output("join/out.txt"));
    }

    [Fact]
    public void RotInPlaceIsNotNoticedUntilNeededAndThenMended()
    {
        _space.Run();
        _space.Damage("split.1(in.txt=a)");
        Assert.Empty(_space.Run());
        _space.Write("in.txt", "b");
        Assert.Equal(["split/in", "train", "report"], _space.Run().Select(e => e.Unit));
        _space.Write("in.txt", "a");
        Assert.Equal(
        [
            Built("split/in", "its output 'out.txt' is no longer in the store"), Restored("train"), Restored("report"),
        ], _space.Run());
    }

    [Fact]
    public void ArtifactAskedForByHashIsTheStagesOwnMatter()
    {
        var model = ContentHash.Of("a model of another machine");
        using var space = new TestSpace().WithStage("deploy", body: run => run.Artifact(model));
        var failed = Assert.Single(space.Run());
        Assert.StartsWith($"Artifact {model.Short} is not in the store.\nIts log and what it had written: ",
            failed.Because);
        Assert.Single(space.Observer.Begun);
    }

    [Fact]
    public void InputThatCannotBeRebuiltFailsTheStageThatReadsIt()
    {
        _space.Run();
        _space.Lose("split.1(in.txt=a)");
        _space.Stage("split").Body = _ => throw new InvalidTimeZoneException("no zone");
        var events = _space.Run();
        Assert.StartsWith("1 of 1 partitions failed; the others are kept.\nin: InvalidTimeZoneException: no zone",
            events[0].Because);
        Assert.Equal(NotRun("train", "'split', which it reads, has no result"), events[1]);
    }

    public void Dispose() => _space.Dispose();
}
