using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Cores and memory are lent to work, the most important first.</summary>
public sealed class SharingTheMachine
{
    private const long TenGigabytes = 10_000_000_000;

    [Fact]
    public async Task AsManyAsThereAreCores()
    {
        var pool = new ResourcePool(2, TenGigabytes);
        var (first, second, third) = (Take(pool, new()), Take(pool, new()), Take(pool, new()));
        Assert.True(first.IsCompleted && second.IsCompleted);
        Assert.False(third.IsCompleted);
        (await first).Dispose();
        (await third).Dispose();
        (await second).Dispose();
    }

    [Fact]
    public async Task AllCoresMeansAlone()
    {
        var pool = new ResourcePool(4, TenGigabytes);
        var small = Take(pool, new());
        var alone = Take(pool, new(Cores: StageLimits.AllCores));
        Assert.False(alone.IsCompleted);
        (await small).Dispose();
        using var lent = await alone;
        Assert.False(Take(pool, new()).IsCompleted);
    }

    [Fact]
    public async Task LargeWorkIsNotHeldUpByEverMoreSmallWork()
    {
        var pool = new ResourcePool(2, TenGigabytes);
        var running = Take(pool, new());
        var large = Take(pool, new(Cores: 2), importance: 5);
        var small = Take(pool, new(), importance: 1);
        Assert.False(small.IsCompleted);
        (await running).Dispose();
        using var lent = await large;
        Assert.False(small.IsCompleted);
    }

    [Fact]
    public async Task LongestChainOfWorkIsServedFirst()
    {
        var pool = new ResourcePool(1, TenGigabytes);
        var running = Take(pool, new());
        var (minor, major) = (Take(pool, new(), importance: 1), Take(pool, new(), importance: 60));
        (await running).Dispose();
        using var lent = await major;
        Assert.False(minor.IsCompleted);
    }

    [Fact]
    public async Task MemoryIsSharedToo()
    {
        var pool = new ResourcePool(8, TenGigabytes);
        var (first, second) = (Take(pool, new(MemoryGigabytes: 6)), Take(pool, new(MemoryGigabytes: 5)));
        Assert.False(second.IsCompleted);
        (await first).Dispose();
        using var lent = await second;
    }

    [Fact]
    public async Task WhoIsCalledOffMakesRoom()
    {
        var pool = new ResourcePool(2, TenGigabytes);
        var running = await Take(pool, new());
        using var off = new CancellationTokenSource();
        var large = pool.Take(new(Cores: 2), () => TimeSpan.FromSeconds(9), off.Token);
        var small = Take(pool, new());
        Assert.False(small.IsCompleted);
        await off.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await small).Dispose();
        running.Dispose();
    }

    [Fact]
    public async Task MoreMemoryThanThereIsFailsTheStage()
    {
        using var space = new TestSpace().WithStage("train");
        space.Stage("train").Limits = new(MemoryGigabytes: 64);
        using var runner = space.Runner(setting: new(new(2, 24_000_000_000), Selection.Everything));
        Assert.Equal(
        [
            Failed("train", "it needs 64 GB of memory, and this machine has 24 GB. Declare less with NeedsMemory, or " +
                "run it on a larger machine."),
        ], await space.Outcomes(runner));
    }

    [Fact]
    public async Task ImportanceIsTheLongestChainOfWorkOfLastTime()
    {
        using var space = new TestSpace().With("a.csv", "1").With("b.csv", "2")
            .WithStage("ingest", reads: "a.csv b.csv")
            .WithStage("report", reads: "ingest").WithStage("features", reads: "ingest")
            .WithStage("train", reads: "features");
        Assert.Equal(TimeSpan.Zero, Of("ingest", 0));
        foreach (var stage in (string[])["ingest", "report", "features", "train"])
            space.Stage(stage).Body = run =>
            {
                space.Clock.Advance(TimeSpan.FromMinutes((stage, run.Partition) switch
                {
                    ("ingest", "a") => 1,
                    ("ingest", "b") => 9,
                    ("report", _) => 30,
                    ("features", _) => 5,
                    _ => 60,
                }));
                File.WriteAllText(run.Output("out.txt"), stage);
            };
        // One at a time, because the clock is everybody's.
        using (var runner = space.Runner(setting: new(new(1, TenGigabytes), Selection.Everything)))
            await space.Outcomes(runner);
        Assert.Equal(
            [TimeSpan.FromMinutes(1 + 5 + 60), TimeSpan.FromMinutes(9 + 5 + 60), TimeSpan.FromMinutes(30),
                TimeSpan.FromMinutes(5 + 60), TimeSpan.FromMinutes(60)],
            [Of("ingest", 0), Of("ingest", 1), Of("report", 0), Of("features", 0), Of("train", 0)]);

        TimeSpan Of(string stage, int unit)
        {
            var pipeline = space.Pipeline();
            var partitions = new Partitions(pipeline);
            return new Importance(pipeline, partitions, space.Workspace())
                .Of(partitions.UnitsOf(pipeline[new(stage)])[unit]);
        }
    }

    [Fact]
    public async Task EquallyImportantAreServedInTheOrderTheyCame()
    {
        var pool = new ResourcePool(2, TenGigabytes);
        var order = new List<int>();
        var all = await Take(pool, new(Cores: 2));
        var waiting = new[] { 1, 3, 2, 3 }.Select((importance, i) => Note(i, importance)).ToArray();
        all.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal([1, 3, 2, 0], order);

        async Task Note(int i, int importance)
        {
            using var lent = await Take(pool, new(Cores: 2), importance);
            order.Add(i);
        }
    }

    [Fact]
    public async Task WhatWasCalledOffTookNothing()
    {
        var pool = new ResourcePool(2, TenGigabytes);
        using var called = new CancellationTokenSource();
        await called.CancelAsync();
        var all = await Take(pool, new(Cores: 2));
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                pool.Take(new(Cores: 2), () => default, called.Token));
        all.Dispose();
        Assert.True(Take(pool, new(Cores: 2)).IsCompleted);
    }

    [Fact]
    public async Task ImportanceThatCannotBeToldHarmsNobodyElse()
    {
        var pool = new ResourcePool(2, TenGigabytes);
        var all = await Take(pool, new(Cores: 2));
        await Assert.ThrowsAsync<IOException>(() =>
            pool.Take(new(Cores: 2), () => throw new IOException("no"), default));
        all.Dispose();
        Assert.True(Take(pool, new(Cores: 2)).IsCompleted);
    }

    [Fact]
    public async Task TroubleOfAStageThatNobodyAsksForIsNotThatOfOneThatWaits()
    {
        using var space = new TestSpace().With("a.txt", "a").With("b.txt", "b").With("c.txt", "c")
            .WithStage("ingest", reads: "a.txt b.txt c.txt").WithStage("broken");
        space.Stage("broken").Partitioning = new Partitioning.Points(() => throw new InvalidOperationException("no"));
        using var runner = space.Runner(setting: new(new(cores: 1, TenGigabytes), Selection.Everything));
        Assert.Equal([Built("ingest/a"), Built("ingest/b"), Built("ingest/c")],
            await space.Outcomes(runner, "ingest"));
    }

    private static Task<IDisposable> Take(ResourcePool pool, StageLimits limits, int importance = 0) =>
        pool.Take(limits, () => TimeSpan.FromSeconds(importance), default);
}
