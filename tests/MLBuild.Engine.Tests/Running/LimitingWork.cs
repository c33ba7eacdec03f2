using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Timeouts and retries.</summary>
public sealed class LimitingWork : IDisposable
{
    private readonly TestSpace _space = new TestSpace().WithStage("train");

    private int _attempts;

    private string Kept => $"\nIts log and what it had written: {_space["store/failed/train"]}";

    [Fact]
    public void FailedWorkIsTriedAgainAfterWaitsThatDouble()
    {
        _space.Clock.SkipsWaits = true;
        _space.Stage("train").Limits = new(Retries: 3, RetryDelay: TimeSpan.FromSeconds(2));
        _space.Stage("train").Body = run =>
        {
            if (++_attempts < 4)
                throw new IOException("The host is down.");
            File.WriteAllText(run.Output("out.txt"), "at last");
        };
        Assert.Equal([Built("train")], _space.Run());
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)], _space.Clock.Waits);
        Assert.Equal(
        [
            "train: attempt 1 of 4 failed, the next begins in 2.00 s: The host is down.",
            "train: attempt 2 of 4 failed, the next begins in 4.00 s: The host is down.",
            "train: attempt 3 of 4 failed, the next begins in 8.00 s: The host is down.",
        ], _space.Observer.Lines);
        Assert.Equal("at last", _space.Output("train/out.txt"));
    }

    [Fact]
    public void LastAttemptFailsTheStage()
    {
        _space.Clock.SkipsWaits = true;
        _space.Stage("train").Limits = new(Retries: 1);
        _space.Stage("train").Body = _ => throw new StageTrouble($"Attempt {++_attempts}.");
        Assert.Equal([Failed("train", "Attempt 2." + Kept)], _space.Run());
    }

    // A build that has failed need not end only when the last wait for another stage does.
    [Fact]
    public async Task NothingIsTriedAgainOnceTheBuildBeginsNothingMore()
    {
        _space.Stage("train").Limits = new(Retries: 3, RetryDelay: TimeSpan.FromHours(1));
        _space.Stage("train").Body = _ => throw new StageTrouble($"Attempt {++_attempts}.");
        Runner? runner = null;
        using (runner = _space.Runner(observer: new() { OnLine = _ => runner!.Stop() }))
            Assert.Equal([Failed("train", "Attempt 1." + Kept)],
                await _space.Outcomes(runner).WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public void EachAttemptBeginsWithAnEmptyFolder()
    {
        _space.Clock.SkipsWaits = true;
        _space.Stage("train").Writes = ["out.txt", "plots/"];
        _space.Stage("train").Limits = new(Retries: 1);
        _space.Stage("train").Body = run =>
        {
            File.WriteAllText(Path.Combine(run.Output("plots/"), $"{_attempts}.svg"), "");
            File.WriteAllText(run.Output("out.txt"), "");
            if (++_attempts == 1)
                throw new StageTrouble("Once.");
        };
        _space.Run();
        Assert.Equal(["train/out.txt", "train/plots/1.svg"], _space.Artifacts());
    }

    [Fact]
    public void WrongDeclarationIsNotTriedAgain()
    {
        _space.Stage("train").Limits = new(Retries: 5);
        _space.Stage("train").Body = run =>
        {
            _attempts++;
            run.Input("none.txt");
        };
        _space.Run();
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public void WorkThatTakesTooLongIsAskedToStop()
    {
        _space.Stage("train").Limits = new(Timeout: TimeSpan.FromMinutes(5));
        _space.Stage("train").Body = run =>
        {
            _space.Clock.Advance(TimeSpan.FromMinutes(5));
            run.Cancel.ThrowIfCancellationRequested();
        };
        Assert.Equal(
        [
            Failed("train", "it took longer than its timeout of 5 min 0 s and was stopped. Make it faster, or " +
                "declare a longer Timeout." + Kept),
        ], _space.Run());
    }

    [Fact]
    public void WorkInTimeIsNotStopped()
    {
        _space.Stage("train").Limits = new(Timeout: TimeSpan.FromMinutes(5));
        _space.Stage("train").Body = run =>
        {
            _space.Clock.Advance(TimeSpan.FromMinutes(4));
            run.Cancel.ThrowIfCancellationRequested();
            File.WriteAllText(run.Output("out.txt"), "");
        };
        Assert.Equal([Built("train")], _space.Run());
    }

    [Fact]
    public void TimeoutIsOfEachAttempt()
    {
        _space.Stage("train").Limits = new(Timeout: TimeSpan.FromMinutes(5), Retries: 1);
        _space.Stage("train").Body = run =>
        {
            _space.Clock.Advance(TimeSpan.FromMinutes(++_attempts == 1 ? 5 : 4));
            run.Cancel.ThrowIfCancellationRequested();
            File.WriteAllText(run.Output("out.txt"), "");
        };
        Assert.Equal([Built("train")], _space.Run());
        Assert.Equal(2, _attempts);
    }

    [Fact]
    public void WorkThatDoesNotStopIsLeftBehindAndNotTriedAgain()
    {
        using var deaf = new ManualResetEventSlim();
        _space.Stage("train").Limits = new(Timeout: TimeSpan.FromMinutes(5), Retries: 3);
        _space.Stage("train").Body = _ =>
        {
            _attempts++;
            _space.Clock.Advance(TimeSpan.FromMinutes(6));
            deaf.Wait();
        };
        Assert.Equal(
        [
            Failed("train", "it took longer than its timeout of 5 min 0 s and did not stop within 10.0 s of being " +
                "asked. What it runs goes on until the build ends. Make it watch run.Cancel." + Kept),
        ], _space.Run());
        deaf.Set();
        Assert.Equal(1, _attempts);
    }

    // The clock moves before the work has given its task back, as it may on a busy machine.
    [Fact]
    public async Task TimeThatPassesWhileWorkBeginsCounts()
    {
        var never = new TaskCompletionSource();
        var run = new Attempts(_space.Clock, CancellationToken.None, CancellationToken.None).Run(
            new(Timeout: TimeSpan.FromMinutes(5)),
            _ =>
            {
                _space.Clock.Advance(TimeSpan.FromMinutes(6));
                return never.Task;
            },
            _ => { });
        Assert.StartsWith("it took longer than its timeout of 5 min 0 s and did not stop within 10.0 s of being asked.",
            (await Assert.ThrowsAnyAsync<Exception>(() => run.WaitAsync(TimeSpan.FromMinutes(1)))).Message);
    }

    [Fact]
    public void LimitsAreNotPartOfTheRecipe()
    {
        _space.Run();
        _space.Stage("train").Limits = new(TimeSpan.FromHours(1), 5, TimeSpan.FromSeconds(1), 2, 1);
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void WrongLimitsAreRefusedTogether()
    {
        _space.Stage("train").Limits = new(TimeSpan.Zero, -1, TimeSpan.FromSeconds(-1), 0, double.NaN);
        Assert.Equal("""
            The pipeline has 5 faults:
              - Stage 'train' has a timeout of 00:00:00. Give it more than zero, or none.
              - Stage 'train' has -1 retries. Give it 0 or more.
              - Stage 'train' has a retry delay of -00:00:01. Give it zero or more.
              - Stage 'train' needs 0 cores. Give it 1 or more, or NeedsAllCores.
              - Stage 'train' needs NaN GB of memory. Give it zero or more.
            """, Assert.Throws<PipelineException>(() => _space.Pipeline()).Message);
    }

    [Fact]
    public void LimitsThatNoTimerKeepsAreRefused()
    {
        _space.Stage("train").Limits = new(TimeSpan.FromDays(50), 13, TimeSpan.FromHours(1));
        Assert.Equal(
            "The pipeline has 2 faults:" +
            "\n  - Stage 'train' has a timeout of 50.00:00:00. Give it at most 49 days, or none." +
            "\n  - Stage 'train' waits more than 49 days before the last of 13 retries. Give it fewer, or a shorter " +
            "delay: each wait is twice the one before.",
            Assert.Throws<PipelineException>(() => _space.Pipeline()).Message);
    }

    [Fact]
    public async Task LongestLimitsAreKept()
    {
        _space.Clock.SkipsWaits = true;
        _space.Stage("train").Limits = new(Retries: 12, RetryDelay: TimeSpan.FromMinutes(30));
        _space.Stage("train").Body = _ => throw new StageTrouble("Down.");
        Assert.Equal("failed", Assert.Single(await _space.RunAsync()).What);
        Assert.Equal(TimeSpan.FromMinutes(30) * 2048, _space.Clock.Waits[^1]);
        _space.Stage("train").Limits = new(Timeout: TimeSpan.FromDays(49));
        _space.Stage("train").Body = null;
        _space.Clock.SkipsWaits = false;
        Assert.Equal([Built("train")], await _space.RunAsync());
    }

    [Fact]
    public void AreDeclaredFluently() => Assert.Equal(
        new StageLimits(TimeSpan.FromHours(2), 3, TimeSpan.FromSeconds(5), StageLimits.AllCores, 1.5),
        new StageBuilder(new("train")).Timeout(TimeSpan.FromHours(2)).Retries(3, TimeSpan.FromSeconds(5))
            .NeedsAllCores().NeedsMemory(1.5).Build().Limits);

    public void Dispose() => _space.Dispose();
}
