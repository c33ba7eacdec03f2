using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Cores and memory are lent to the most important first, and nobody waits for ever.</summary>
public sealed class SharingResources
{
    // Only so that a failure ends.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ResourcePool _pool = new(cores: 2, memoryBytes: 4_000_000_000);

    [Fact]
    public async Task SmallOnesThatComeLaterDoNotStarveABigOne()
    {
        var first = await Take(cores: 1);
        var big = Take(cores: 2, importance: 5);
        var small = Enumerable.Range(0, 10).Select(_ => Take(cores: 1)).ToArray();
        first.Dispose();
        var served = await big;
        Assert.All(small, waiting => Assert.False(waiting.IsCompleted));
        served.Dispose();
        foreach (var waiting in small)
            (await waiting).Dispose();
    }

    [Fact]
    public async Task MostImportantIsServedFirstAndEquallyImportantInTheOrderTheyCame()
    {
        var order = new List<int>();
        var all = await Take(cores: 2);
        var waiting = new[] { 1, 3, 2, 3 }.Select((importance, i) => Record(i, importance)).ToArray();
        all.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal([1, 3, 2, 0], order);

        async Task Record(int i, int importance)
        {
            using var loan = await Take(cores: 2, importance);
            order.Add(i);
        }
    }

    [Fact]
    public async Task OneWhoWaitsNoMoreHoldsNobodyUp()
    {
        using var cancel = new CancellationTokenSource();
        using var first = await Take(cores: 1);
        var big = Take(cores: 2, importance: 5, cancel.Token);
        var small = Take(cores: 1);
        Assert.False(small.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => big);
        (await small).Dispose();
    }

    [Fact]
    public async Task WhatWasCalledOffTookNothing()
    {
        using var called = new CancellationTokenSource();
        await called.CancelAsync();
        var held = await Take(cores: 2);
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Take(cores: 2, 0, called.Token));
        held.Dispose();
        (await Take(cores: 2)).Dispose();
    }

    [Fact]
    public async Task ImportanceThatCannotBeToldHarmsNobodyElse()
    {
        var all = await Take(cores: 2);
        await Assert.ThrowsAsync<IOException>(() =>
            _pool.Take(new(Cores: 2), () => throw new IOException("damaged"), default));
        all.Dispose();
        (await Take(cores: 2)).Dispose();
    }

    [Fact]
    public async Task MemoryIsSharedAsCoresAre()
    {
        var three = await _pool.Take(new(MemoryGigabytes: 3), () => default, default);
        var two = _pool.Take(new(MemoryGigabytes: 2), () => default, default);
        Assert.False(two.IsCompleted);
        three.Dispose();
        (await two.WaitAsync(Limit)).Dispose();
    }

    [Fact]
    public async Task TroubleOfAStageThatNobodyAsksForIsNotThatOfOneThatWaits()
    {
        using var space = new TestSpace().With("a.txt", "a").With("b.txt", "b").With("c.txt", "c")
            .WithStage("ingest", reads: "a.txt b.txt c.txt").WithStage("broken");
        space.Stage("broken").Partitioning = new Partitioning.Points(() => throw new InvalidOperationException("no"));
        using var runner = space.Runner(setting: new(new(cores: 1, memoryBytes: 1), Selection.Everything));
        Assert.Equal([Built("ingest/a"), Built("ingest/b"), Built("ingest/c")],
            await space.Outcomes(runner, "ingest"));
    }

    private Task<IDisposable> Take(int cores, int importance = 0, CancellationToken cancel = default) =>
        _pool.Take(new StageLimits(Cores: cores), () => TimeSpan.FromSeconds(importance), cancel).WaitAsync(Limit);
}
