using System.ComponentModel;
using System.Diagnostics;

namespace MLBuild.NukeCompat;

/// <summary>The processes that targets have started and that still run.</summary>
internal static class ChildProcesses
{
    // Of the process, like its signal handling: an interrupted build must not leave its children behind.
    private static readonly Dictionary<Process, Task> Running = [];
    private static readonly HashSet<Process> Interrupted = [];

    // What was ended may have left behind somebody who keeps its output.
    private static readonly TimeSpan LastLinesWithin = TimeSpan.FromSeconds(5);

    /// <param name="process">One that was started.</param>
    /// <param name="closed">Ends when all that it wrote has been passed on.</param>
    public static void Add(Process process, Task closed)
    {
        lock (Running)
            Running.Add(process, closed);
    }

    public static void Remove(Process process)
    {
        lock (Running)
            Running.Remove(process);
    }

    /// <summary>Ends all of them with their children, because the build was interrupted: they are asked to where the
    /// system tells whose children there are, and what has not ended in time is killed. What they wrote last is passed
    /// on before the build goes on to its end.</summary>
    public static void Interrupt()
    {
        Process[] running;
        Task[] outputs;
        lock (Running)
        {
            running = [.. Running.Keys];
            outputs = [.. Running.Values];
            Interrupted.UnionWith(running);
        }
        // A server writes down what it has before it goes. On a terminal Ctrl+C has reached it already.
        DescendantProcess.End(DescendantProcess.Of(running.Select(IdOf).OfType<int>()));
        foreach (var process in running)
            Kill(process);
        Task.WaitAll(outputs, LastLinesWithin);
    }

    public static bool WasInterrupted(Process process)
    {
        lock (Running)
            return Interrupted.Contains(process);
    }

    // Null for one that has ended.
    private static int? IdOf(Process process)
    {
        try
        {
            return process.Id;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
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
