using System.Diagnostics;

namespace MLBuild.Benchmarks.Measuring;

/// <summary>What one run took.</summary>
/// <param name="Wall">From the start of the program to its end.</param>
/// <param name="Cpu">User and system time of all its processes together; zero where the system does not tell.</param>
internal sealed record Sample(TimeSpan Wall, TimeSpan Cpu)
{
    /// <summary>Measures work in this process.</summary>
    public static Sample Of(Action work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        work();
        return new(Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - cpu);
    }
}
