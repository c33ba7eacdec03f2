using System.ComponentModel;
using System.Diagnostics;

namespace MLBuild.NukeCompat;

/// <summary>The processes that targets have started and that still run.</summary>
internal static class ChildProcesses
{
    // Of the process, like its signal handling: an interrupted build must not leave its children behind.
    private static readonly HashSet<Process> Running = [];
    private static readonly HashSet<Process> Interrupted = [];

    public static void Add(Process process)
    {
        lock (Running)
            Running.Add(process);
    }

    public static void Remove(Process process)
    {
        lock (Running)
            Running.Remove(process);
    }

    /// <summary>Ends all of them, because the build was interrupted.</summary>
    public static void Interrupt()
    {
        lock (Running)
            foreach (var process in Running)
            {
                Interrupted.Add(process);
                Kill(process);
            }
    }

    public static bool WasInterrupted(Process process)
    {
        lock (Running)
            return Interrupted.Contains(process);
    }

    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended in the meantime.
        }
    }
}
