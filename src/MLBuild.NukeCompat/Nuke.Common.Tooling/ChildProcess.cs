#nullable disable
using System.Diagnostics;
using MLBuild.NukeCompat;

namespace Nuke.Common.Tooling;

/// <summary>A program started by <see cref="ProcessTasks"/>; its output is kept and passed on line by line.</summary>
internal sealed class ChildProcess : IProcess
{
    // For what was killed to write its last lines.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Func<string, string> _filter;
    private readonly int? _timeoutMilliseconds;
    private readonly List<Output> _output = [];

    // Nobody writes any more: what it has started may go on with that after its end.
    private readonly TaskCompletionSource _closed = new();
    private int _openStreams = 2;

    public ChildProcess(
        ProcessStartInfo start, int? timeoutMilliseconds, Action<OutputType, string> logger,
        Func<string, string> filter)
    {
        _filter = filter;
        _timeoutMilliseconds = timeoutMilliseconds;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Receive(OutputType.Std, line.Data, logger);
        _process.ErrorDataReceived += (_, line) => Receive(OutputType.Err, line.Data, logger);
        _process.Start();
        ChildProcesses.Add(_process, _closed.Task);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string FileName => _process.StartInfo.FileName;
    public string Arguments => _filter(_process.StartInfo.Arguments);
    public string WorkingDirectory => _process.StartInfo.WorkingDirectory;
    public int ExitCode => _process.ExitCode;
    public bool HasExited => _process.HasExited;
    public int Id => _process.Id;

    public IReadOnlyCollection<Output> Output
    {
        get
        {
            lock (_output)
                return [.. _output];
        }
    }

    public void Kill() => ChildProcesses.Kill(_process);

    public bool WaitForExit()
    {
        var waited = Stopwatch.StartNew();
        var hasExited = _process.WaitForExit(_timeoutMilliseconds ?? Timeout.Infinite) && _closed.Task.Wait(
            _timeoutMilliseconds is { } limit and >= 0
                ? (int)Math.Max(0, limit - waited.ElapsedMilliseconds)
                : Timeout.Infinite);
        if (!hasExited)
        {
            Kill();
            _process.WaitForExit(Grace);
            _closed.Task.Wait(Grace);
        }
        ChildProcesses.Remove(_process);
        // Whoever waited must not go on to use what the program has not finished.
        if (ChildProcesses.WasInterrupted(_process))
            throw new OperationCanceledException($"'{Path.GetFileName(FileName)}' was ended with the build.");
        return hasExited;
    }

    public void Dispose()
    {
        ChildProcesses.Remove(_process);
        _process.Dispose();
    }

    private void Receive(OutputType type, string line, Action<OutputType, string> logger)
    {
        if (line == null)
        {
            if (Interlocked.Decrement(ref _openStreams) == 0)
                _closed.SetResult();
            return;
        }
        var text = _filter(line);
        lock (_output)
            _output.Add(new Output { Type = type, Text = text });
        logger?.Invoke(type, text);
    }
}
