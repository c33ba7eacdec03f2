using System.Globalization;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Commands.SystemProcess;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Commands;

/// <summary>Nothing of a program is alive when its stage has ended, however it ended, whatever it started.</summary>
[Collection(nameof(Processes))]
public sealed class EndingPrograms : IDisposable
{
    private const string Ready = "ready";

    // What a program may start: a child, a child of a child, one whose parent is gone, a daemon in a session of its
    // own, one with an environment of its own.
    private const string StartAll = """
        say() { echo "$1" >> pids; }
        sleep 1000 & say $!
        sh -c 'sleep 1000 & echo $! >> pids; wait' &
        (sleep 1000 & say $!)
        setsid sh -c 'echo $$ >> pids; exec sleep 1000' &
        env -i /bin/sleep 1000 & say $!
        say $$
        until [ "$(wc -l < pids)" -ge 6 ]; do sleep 0.01; done
        echo ready $(cat pids)
        """;

    private readonly CommandSpace _space = new();

    [LinuxFact]
    public async Task CancelledWithAllThatItStarted()
    {
        _space.WithShell($"{StartAll}; sleep 1000");
        var pids = await RunUntilReadyThenCancel();
        Assert.Equal(6, pids.Length);
        Assert.DoesNotContain(pids, IsAlive);
        Assert.Equal("'sh': ending it: SIGTERM, and SIGKILL to what is alive after 5 s", _space.Lines[^1]);
    }

    [LinuxFact]
    public async Task WhoDoesNotListenIsKilled()
    {
        _space.WithShell($"trap '' TERM; {StartAll}; while :; do sleep 0.1; done");
        var pids = await RunUntilReadyThenCancel();
        Assert.DoesNotContain(pids, IsAlive);
    }

    [LinuxFact]
    public async Task WhoListensMayTidyUp()
    {
        _space.WithStage("train", stage => stage.Writes("out.txt").RunsCommand("sh", "-c",
            $"trap 'echo tidy > \"$1\"; exit' TERM; echo {Ready}; while :; do sleep 0.01; done", "sh",
            _space["tidied"]));
        await RunUntilReadyThenCancel();
        Assert.Equal("tidy\n", File.ReadAllText(_space["tidied"]));
    }

    [LinuxFact]
    public async Task LateOnesAreEndedWithAllThatTheyStarted()
    {
        var ready = "";
        var limit = TimeSpan.FromHours(1);
        var clock = new LimitClock(limit);
        _space.Observer = new()
        {
            OnLine = line =>
            {
                if (!IsReady(line))
                    return;
                ready = line;
                clock.Pass();
            },
        };
        _space.WithClock(clock).WithStage("train", stage => stage.Writes("out.txt").Timeout(limit)
            .RunsCommand("sh", "-c", $"{StartAll.Replace("{", "{{")}; sleep 1000"));
        Assert.StartsWith("it took longer than its timeout of 1 h 0 min and was stopped.", await _space.Failure());
        var pids = Pids(ready);
        Assert.Equal(6, pids.Length);
        Assert.DoesNotContain(pids, IsAlive);
    }

    [SmallDiskFact]
    public async Task WhoseOutputFindsNoRoomIsEnded()
    {
        using var disk = new SmallDisk(sizeKb: 512);
        _space.StoreFolder = Path.Combine(disk.Path, "store");
        _space.WithShell($"echo $$ > \"{_space["pid"]}\"; yes");
        Assert.StartsWith($"The store '{_space.StoreFolder}' cannot be written: No space left on device",
            await _space.Failure());
        Assert.False(IsAlive(int.Parse(File.ReadAllText(_space["pid"]), CultureInfo.InvariantCulture)));
    }

    [LinuxFact]
    public async Task InterruptOfTheTerminalIsForTheBuild()
    {
        _space.WithShell("kill -INT $$; echo x > out.txt");
        Assert.Equal([Built("train")], await _space.Run());
    }

    [LinuxFact]
    public async Task WhatItLeavesBehindIsEnded()
    {
        // A shell, too, before it is sleep.
        _space.WithShell("sleep 1000 & echo $! > out.txt; until grep -q sleep /proc/$!/comm; do sleep 0.01; done");
        Assert.Equal([Built("train")], await _space.Run());
        Assert.False(IsAlive(int.Parse(_space.Output("train/out.txt"), CultureInfo.InvariantCulture)));
        Assert.Matches(@"^'sh': it ended, but not sleep \(process \d+\), which it had started; ending that too$",
            _space.Lines[^1]);
    }

    [LinuxFact]
    public async Task EndOfAPipeMayFinish()
    {
        _space.WithClock(new StandingClock()).WithShell("(sleep 0.1; echo x > out.txt) & ");
        Assert.Equal([Built("train")], await _space.Run());
        Assert.Equal("x\n", _space.Output("train/out.txt"));
    }

    [LinuxFact]
    public async Task OthersProgramsAreLeftAlone()
    {
        using var others = System.Diagnostics.Process.Start("sleep", "1000");
        try
        {
            _space.WithShell($"echo {Ready}; sleep 1000");
            await RunUntilReadyThenCancel();
            Assert.True(IsAlive(others.Id));
        }
        finally
        {
            others.Kill();
            others.WaitForExit();
        }
    }

    [LinuxFact]
    public async Task RunnerThatIsDisposedEndsThem()
    {
        var ready = new TaskCompletionSource<string>();
        _space.Observer = new() { OnLine = line => _ = IsReady(line) && ready.TrySetResult(line) };
        _space.WithShell($"{StartAll}; sleep 1000");
        var runner = _space.Runner();
        var running = runner.Ensure(new("train"));
        await TestSpace.Until(ready.Task, running);
        var pids = Pids(await ready.Task);
        runner.Dispose();
        Assert.DoesNotContain(pids, IsAlive);
        Assert.Equal([Failed("train", "'sh' was ended with the build.")], Event.Of(await running)
            .Select(e => e with { Because = e.Because.Split('\n')[0] }));
    }

    public void Dispose() => _space.Dispose();

    private async Task<int[]> RunUntilReadyThenCancel()
    {
        using var cancel = new CancellationTokenSource();
        var ready = "";
        _space.Observer = new()
        {
            OnLine = line =>
            {
                if (!IsReady(line))
                    return;
                ready = line;
                cancel.Cancel();
            },
        };
        Assert.Equal([NotRun("train", "the build is ending")], await _space.Run(cancel.Token));
        return Pids(ready);
    }

    private static bool IsReady(string line) => line.StartsWith(Ready, StringComparison.Ordinal);

    private static int[] Pids(string line) =>
        [.. line.Split(' ')[1..].Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    // However slow the machine is, what a program is granted does not pass on it.
    private sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
