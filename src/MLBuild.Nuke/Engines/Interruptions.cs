using System.Runtime.InteropServices;
using MLBuild.NukeCompat;

namespace MLBuild.Nuke;

/// <summary>Compiled for hosts that finish an interrupted build on Ctrl+C alone, and leave the programs behind that
/// targets have started, such as a server. Does both as NukeCompat does.</summary>
public sealed partial class MLPipelineAttribute : IDisposable
{
    private PosixSignalRegistration? _termination;

    public void Dispose() => _termination?.Dispose();

    // The system ends the process behind it.
    partial void FinishWhenTerminated() =>
        _termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => OnBuildFinished());

    partial void EndPrograms() => DescendantProcess.End(
        [.. DescendantProcess.Of([Environment.ProcessId]).Where(process => process.Id != Environment.ProcessId)]);
}
