using System.Diagnostics;

namespace MLBuild.NukeCompat;

/// <summary>The processes that targets have started and that still run.</summary>
internal static class ChildProcesses
{
    // Of the process, like its signal handling: an interrupted build must not leave its children behind.
    private static readonly HashSet<Process> Running = [];

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

    public static void Kill()
    {
        lock (Running)
            foreach (var process in Running)
                Kill(process);
    }

    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended in the meantime.
        }
    }
}
