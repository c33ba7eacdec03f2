using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MLBuild.Engine.Commands;

/// <summary>The commands that a build runs now. None of their processes outlives the build: not when it ends, is
/// interrupted or asked to end, and on Linux not when it is killed.</summary>
internal sealed class RunningCommands(TimeProvider clock) : IDisposable
{
    private const string MarkName = "MLBUILD_COMMAND";

    // Reads from the build, which writes nothing until it ends well. The end of the file says that it is gone; then
    // whatever carries its mark is ended. Only the mark is in its arguments, so it does not find itself.
    private const string WatcherScript = """
        trap '' HUP INT QUIT TERM
        exec >/dev/null 2>&1
        read -r line && exit 0
        for again in 1 2 3; do
          for file in $(grep -lsF "$0" /proc/[0-9]*/environ); do
            id=${file#/proc/}
            kill -KILL "${id%/environ}"
          done
        done
        """;

    private readonly string _build = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _atOnce = new();
    private readonly List<IDisposable> _signals = [];
    private Process? _watcher;
    private bool _isWatching;
    private int _count;
    private int _interruptions;

    public TimeProvider Clock => clock;

    /// <summary>Runs a program to its end, and ends what it leaves behind.</summary>
    /// <param name="say">Gets a line about what was done to it; must not throw.</param>
    /// <returns>Its exit code; on Unix 128 more than the signal that ended it.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled, or the build ends; nothing of it is
    /// alive.</exception>
    /// <exception cref="IOException">Its output could not be kept; nothing of it is alive.</exception>
    public async Task<int> Run(ProcessStartInfo start, OutputText output, Action<string> say, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            // Here, so that whoever ends all of them knows all of them.
            stop.Token.ThrowIfCancellationRequested();
            Watch();
            _running.Add(ended.Task);
            start.Environment[MarkName] = string.Create(CultureInfo.InvariantCulture, $"{_build}-{_count++}");
        }
        try
        {
            start.UseShellExecute = false;
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var reading = Task.WhenAll(Read(process.StandardOutput), Read(process.StandardError));
            var tree = new ProcessTree(process, $"{MarkName}={start.Environment[MarkName]}");
            try
            {
                await process.WaitForExitAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                say(string.Create(CultureInfo.InvariantCulture,
                    $"ending it: SIGTERM, and SIGKILL to what is alive after {ProcessTree.Grace.TotalSeconds:0} s"));
                await EndTree(tree, say);
                await Drain(reading, say);
                throw;
            }
            if (await tree.Left(clock, _atOnce.Token) is { Count: > 0 } left)
            {
                say($"it ended, but not {string.Join(", ", left)}, which it had started; ending that too");
                await EndTree(tree, say);
            }
            await Drain(reading, say);
            return process.ExitCode;
        }
        finally
        {
            lock (_lock)
                _running.Remove(ended.Task);
            ended.SetResult();
        }

        async Task Read(StreamReader from)
        {
            try
            {
                await output.Read(from.BaseStream);
            }
            catch
            {
                // Nobody reads any more what it writes, so it would wait for ever.
                stop.Cancel();
                throw;
            }
        }
    }

    /// <summary>Ends what still runs and waits until it has.</summary>
    public void Dispose()
    {
        EndAll();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        lock (_lock)
        {
            _signals.ForEach(signal => signal.Dispose());
            _signals.Clear();
            if (_watcher is null)
                return;
            try
            {
                _watcher.StandardInput.Write("done\n");
                _watcher.StandardInput.Close();
            }
            catch (IOException)
            {
                // Somebody has ended it.
            }
            _watcher.Dispose();
            _watcher = null;
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => EndAll();

    private void EndAll()
    {
        Task[] running;
        _ending.Cancel();
        lock (_lock)
            running = [.. _running];
        Task.WaitAll(running);
    }

    private async Task EndTree(ProcessTree tree, Action<string> say)
    {
        if (await tree.End(clock, _atOnce.Token) is { Count: > 0 } alive)
            say($"{string.Join(", ", alive)} could not be ended");
    }

    // Another process may have the pipe still open: one that was not found, or could not be ended.
    private async Task Drain(Task reading, Action<string> say)
    {
        if (await Task.WhenAny(reading, Task.Delay(ProcessTree.Grace, clock)) == reading)
            await reading;
        else
            say("its output is still open in another program; what comes now is not kept");
    }

    // From the first command on, because most builds run none.
    private void Watch()
    {
        if (_isWatching)
            return;
        _isWatching = true;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        // Without this the system ends the build at once: the runtime does not listen by itself.
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndAll()));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => EndAtOnce()));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, _ => EndAtOnce()));
        // At the first, the host ends the build, and with it what runs; at the second, the system ends the build.
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            if (Interlocked.Increment(ref _interruptions) > 1)
                EndAtOnce();
        }));
        if (!OperatingSystem.IsLinux())
            return;
        var watcher = new ProcessStartInfo("/bin/sh", ["-c", WatcherScript, $"{MarkName}={_build}-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // If this build is a command of another, the watcher is not.
        watcher.Environment.Remove(MarkName);
        _watcher = Process.Start(watcher);
    }

    private void EndAtOnce()
    {
        _atOnce.Cancel();
        EndAll();
    }
}
