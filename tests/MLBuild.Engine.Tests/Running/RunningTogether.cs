using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Commands;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Stages side by side, builds side by side, and builds that end early.</summary>
public sealed class RunningTogether : IDisposable
{
    // What is waited for comes at once, or never because of the fault that is looked for.
    private static readonly TimeSpan UntilAFailureEnds = TimeSpan.FromMinutes(5);

    private readonly TestSpace _space = new();

    [TwoCoresFact]
    public void IndependentStagesOverlap()
    {
        using var both = new Barrier(2);
        _space.WithStage("a").WithStage("b");
        foreach (var name in new[] { "a", "b" })
            _space.Stage(name).Body = run =>
            {
                Assert.True(both.SignalAndWait(UntilAFailureEnds));
                _space.Stage(name).Mix(run);
            };
        Assert.Equal([Built("a"), Built("b")], _space.Run());
    }

    [Fact]
    public void NoMoreRunAtOnceThanThereAreCores()
    {
        var (now, most) = (0, 0);
        for (var i = 0; i < 3 * Environment.ProcessorCount; i++)
            _space.WithStage($"s{i}", body: run =>
            {
                var running = Interlocked.Increment(ref now);
                for (var seen = most; running > seen; seen = most)
                    Interlocked.CompareExchange(ref most, running, seen);
                File.WriteAllText(run.Output("out.txt"), "");
                Interlocked.Decrement(ref now);
            });
        _space.Run();
        Assert.InRange(most, 1, Environment.ProcessorCount);
    }

    [Fact]
    public async Task TwoBuildsComputeTheSameOnceAndTheOtherSaysForWhomItWaits()
    {
        var begun = new TaskCompletionSource();
        var waits = new TaskCompletionSource();
        var runs = 0;
        _space.WithStage("train", body: run =>
        {
            // A second one would be the fault that is looked for; it need not wait.
            if (Interlocked.Increment(ref runs) > 1)
                waits.TrySetResult();
            begun.TrySetResult();
            Assert.True(waits.Task.Wait(UntilAFailureEnds));
            File.WriteAllText(run.Output("out.txt"), "model");
        });
        var second = new TestObserver { OnLine = _ => waits.TrySetResult() };
        using var one = _space.Runner(observer: new());
        using var other = _space.Runner(observer: second);

        await TestSpace.Until(begun.Task, one.Ensure(new("train")));
        var events = await Task.WhenAll(_space.Outcomes(one), _space.Outcomes(other));

        Assert.Equal([Built("train"), Restored("train")], events.SelectMany(e => e));
        Assert.Equal(1, runs);
        Assert.Equal([$"train: waiting for process {Environment.ProcessId} on {Environment.MachineName} " +
            "(train, since 12:00:00), which works on the same recipe"], second.Lines);
    }

    [Fact]
    public async Task TheOneThatWaitedTakesOverWhereTheFirstFails()
    {
        var waits = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        _space.WithStage("train", body: run =>
        {
            if (begun.TrySetResult())
            {
                Assert.True(waits.Task.Wait(UntilAFailureEnds));
                throw new TimeoutException("No answer.");
            }
            waits.TrySetResult();
            File.WriteAllText(run.Output("out.txt"), "model");
        });
        using var one = _space.Runner(observer: new());
        using var other = _space.Runner(observer: new() { OnLine = _ => waits.TrySetResult() });
        await TestSpace.Until(begun.Task, one.Ensure(new("train")));
        var events = await Task.WhenAll(_space.Outcomes(one), _space.Outcomes(other));
        Assert.Equal(["failed", "built"], events.SelectMany(e => e).Select(e => e.What));
    }

    [Fact]
    public async Task ManyBuildsOverOneFolderAllEndWell()
    {
        _space.With("a.txt", "a").With("b.txt", "b").With("c.txt", "c")
            .WithStage("ingest", reads: "a.txt b.txt c.txt", writes: "rows plots/")
            .WithStage("join", reads: "ingest");
        for (var round = 0; round < 5; round++)
        {
            _space.Write("a.txt", $"{round}");
            var builds = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                using var runner = _space.Runner(observer: new());
                return _space.Outcomes(runner).GetAwaiter().GetResult();
            })));
            Assert.All(builds.SelectMany(e => e), e => Assert.Contains(e.What, new[] { "built", "restored" }));
            Assert.Single(builds.SelectMany(e => e), e => e is { What: "built", Unit: "join" });
            Assert.Empty(_space.Run());
            Assert.Equal(7, _space.Artifacts().Length);
        }
        Assert.Empty(StoreLayout.FilesIn(_space["store/work"]));
    }

    [Fact]
    public async Task StopLetsRunningWorkFinishAndBeginsNothing()
    {
        var names = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(i => $"{i:00}").ToArray();
        foreach (var name in names)
            _space.Write($"{name}.csv", name);
        _space.WithStage("ingest", reads: string.Join(' ', names.Select(name => $"{name}.csv")))
            .WithStage("join", reads: "ingest");
        var stopped = new TaskCompletionSource();
        var begun = 0;
        var full = new TaskCompletionSource();
        _space.Stage("ingest").Body = run =>
        {
            if (Interlocked.Increment(ref begun) == Environment.ProcessorCount)
                full.SetResult();
            Assert.True(stopped.Task.Wait(UntilAFailureEnds));
            File.WriteAllText(run.Output("out.txt"), "");
        };
        using (var runner = _space.Runner())
        {
            var outcomes = _space.Outcomes(runner);
            await TestSpace.Until(full.Task, outcomes);
            runner.Stop();
            stopped.SetResult();
            Assert.Equal(
            [
                NotRun("ingest", "the build is ending"),
                NotRun("join", "'ingest', which it reads, has no result"),
            ], await outcomes);
        }
        Assert.Equal(Environment.ProcessorCount, begun);
        Assert.Equal(Environment.ProcessorCount, _space.Artifacts().Length);

        // What had finished is kept.
        _space.Stage("ingest").Body = null;
        Assert.Equal(names.Length - Environment.ProcessorCount, _space.Run("ingest").Length);
    }

    [Fact]
    public async Task FailureOfAPartitionIsToldThoughTheBuildIsEnding()
    {
        _space.With("a.csv", "").With("b.csv", "").WithStage("ingest", reads: "a.csv b.csv");
        using var runner = _space.Runner();
        _space.Stage("ingest").Body = _ =>
        {
            runner.Stop();
            throw new TimeoutException("No answer.");
        };
        Assert.Contains("TimeoutException: No answer.", Assert.Single(await _space.Outcomes(runner)).Because);
    }

    [Fact]
    public async Task CancelEndsRunningWorkAndKeepsNothingOfIt()
    {
        using var cancel = new CancellationTokenSource();
        _space.WithStage("train", body: run =>
        {
            File.WriteAllText(run.Output("out.txt"), "half");
            cancel.Cancel();
            run.Cancel.ThrowIfCancellationRequested();
        });
        using (var runner = _space.Runner(cancel: cancel.Token))
            Assert.Equal([NotRun("train", "the build is ending")], await _space.Outcomes(runner));
        Assert.Empty(_space.Artifacts());
        Assert.Empty(StoreLayout.FilesIn(_space["store/work"]));
        Assert.Empty(StoreLayout.FilesIn(_space["store/ac"]));
    }

    [Fact]
    public async Task FrozenStageGivesItsLastResult()
    {
        _space.With("in.txt", "a").WithStage("split", reads: "in.txt").WithStage("train", reads: "split");
        _space.Run();
        _space.Write("in.txt", "b");
        _space.Stage("train").Version = "2";
        using var runner = _space.Runner(admit: name =>
            Task.FromResult(name.ToString() == "split" ? Admission.Frozen : Admission.Go));
        Assert.Equal([Built("train", "code of train.Run changed: 1 -> 2")], await _space.Outcomes(runner));
        Assert.Equal("train.2(splitin=split.1(in.txt=a))", _space.Output("train/out.txt"));
    }

    [Fact]
    public async Task FrozenStageWithoutAResultHasNone()
    {
        _space.WithStage("split").WithStage("train", reads: "split");
        using var runner = _space.Runner(admit: _ => Task.FromResult(Admission.Frozen));
        Assert.Equal(
        [
            NotRun("split", "it was skipped and has no earlier result"),
            NotRun("train", "'split', which it reads, has no result"),
        ], await _space.Outcomes(runner));
    }

    [Fact]
    public async Task FrozenStageWhoseResultIsLostFailsWhatReadsIt()
    {
        _space.WithStage("split").WithStage("train", reads: "split");
        _space.Run();
        _space.Lose("split.1()");
        _space.Stage("train").Version = "2";
        using var runner = _space.Runner(admit: name =>
            Task.FromResult(name.ToString() == "split" ? Admission.Frozen : Admission.Go));
        Assert.Equal([Failed("train", $"Artifact {Store.ContentHash.Of("split.1()").Short} is not in the store.")],
            await _space.Outcomes(runner));
    }

    [Fact]
    public void FrozenStageWithAnotherOutputIsBuilt()
    {
        _space.WithStage("train");
        _space.Run();
        _space.Stage("train").Version = "2";
        _space.Stage("train").FrozenBecause = "it is served";
        _space.Run();
        Assert.Equal("train.1()", _space.Output("train/out.txt"));

        _space.Stage("train").Writes = ["out.txt", "loss.txt"];
        Assert.Equal([Built("train", "code of train.Run changed: 1 -> 2; output 'loss.txt' is new")], _space.Run());
    }

    [Fact]
    public async Task WorkThatHearsOfTheEndBeforeTheRunnerDoesHasNotFailed()
    {
        _space.WithStage("train");
        using var cancel = new CancellationTokenSource();
        using var runner = _space.Runner(cancel: cancel.Token, admit: async name =>
        {
            _ = Task.Run(cancel.Cancel);
            while (!cancel.IsCancellationRequested)
                await Task.Yield();
            throw new OperationCanceledException(cancel.Token);
        });
        // Who came last is told first, so the runner's own is told after this.
        var told = new TaskCompletionSource();
        using var first = cancel.Token.Register(() => told.Task.Wait());
        var outcome = await runner.Ensure(new("train"));
        told.SetResult();
        Assert.Equal(new StageOutcome.NotRun(new("train"), "the build is ending"), outcome);
    }

    [Fact]
    public async Task WaitingProbeSaysWhyAndEndsWithTheBuild()
    {
        _space.WithStage("train");
        using var cancel = new CancellationTokenSource();
        var waiting = new TaskCompletionSource();
        _space.Stage("train").Observations.Add(new("tide", run =>
        {
            run.Log("the moon does not answer");
            waiting.SetResult();
            run.Cancel.WaitHandle.WaitOne();
            run.Cancel.ThrowIfCancellationRequested();
            return "low";
        }));
        using var runner = _space.Runner(cancel: cancel.Token);
        var outcome = runner.Ensure(new("train"));
        await TestSpace.Until(waiting.Task, outcome);
        cancel.Cancel();
        Assert.Equal(new StageOutcome.NotRun(new("train"), "the build is ending"), await outcome);
        Assert.Equal(["train: the moon does not answer"], _space.Observer.Lines);
    }

    [Fact]
    public void ThreadThatAStageLeavesBehindChangesNoResult()
    {
        using var published = new ManualResetEventSlim();
        Thread? left = null;
        var late = "";
        _space.WithStage("train", body: run =>
        {
            var path = run.Output("out.txt");
            File.WriteAllText(path, "model");
            left = new(() =>
            {
                published.Wait();
                late = Record.Exception(() => File.AppendAllText(path, " and more"))?.GetType().Name ?? "";
                run.Log("late");
            });
            left.Start();
        });
        Assert.Equal([Built("train")], _space.Run());
        published.Set();
        left!.Join();
        Assert.Equal(nameof(DirectoryNotFoundException), late);
        Assert.Equal("model", _space.Output("train/out.txt"));
        Assert.Empty(_space.Run());
    }

    [Fact]
    public async Task WhetherAStageRunsIsKnownWhileItStillRuns()
    {
        var told = new TaskCompletionSource();
        _space.WithStage("train", body: run =>
        {
            Assert.True(told.Task.Wait(UntilAFailureEnds));
            File.WriteAllText(run.Output("out.txt"), "");
        });
        using (var runner = _space.Runner())
        {
            Assert.True(await runner.WillRun(new("train")));
            told.SetResult();
            await runner.Drain();
        }
        using (var again = _space.Runner())
            Assert.False(await again.WillRun(new("train")));
    }

    [Fact]
    public async Task StageIsEnsuredOnce()
    {
        _space.WithStage("train");
        using var runner = _space.Runner();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => runner.Ensure(new("train"))));
        Assert.Equal(["train"], _space.Observer.Begun);
    }

    [Fact]
    public async Task UnknownStageIsNamed()
    {
        _space.WithStage("train").WithStage("split");
        using var runner = _space.Runner();
        var e = await Assert.ThrowsAsync<PipelineException>(() => runner.Ensure(new("trian")));
        Assert.Equal("There is no stage 'trian'. Stages: train, split. Did you mean 'train'?", e.Message);
        // Nor is it waited for.
        await Assert.ThrowsAsync<PipelineException>(() => runner.WillRun(new("trian")));
    }

    public void Dispose() => _space.Dispose();
}
