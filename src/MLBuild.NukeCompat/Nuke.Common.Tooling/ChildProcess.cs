#nullable disable
using System.Diagnostics;
using MLBuild.NukeCompat;

namespace Nuke.Common.Tooling;

/// <summary>A program started by <see cref="ProcessTasks"/>; its output is kept and passed on line by line.</summary>
internal sealed class ChildProcess : IProcess
{
    private readonly Process _process;
    private readonly Func<string, string> _filter;
    private readonly int? _timeoutMilliseconds;
    private readonly List<Output> _output = [];

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
        ChildProcesses.Add(_process);
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
        var hasExited = _process.WaitForExit(_timeoutMilliseconds ?? Timeout.Infinite);
        if (!hasExited)
            Kill();
        // Without a time limit it also waits for the last lines.
        _process.WaitForExit();
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
            return;
        var text = _filter(line);
        lock (_output)
            _output.Add(new Output { Type = type, Text = text });
        logger?.Invoke(type, text);
    }
}
