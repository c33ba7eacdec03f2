using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MLBuild.Store.Tests;

/// <summary>This test assembly as a program of its own, for what only a second process can show.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts a child that takes a lock and holds it until it is killed or its input ends.</summary>
    public static ChildProcess Holding(string lockPath)
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        var process =
            Process.Start(new ProcessStartInfo(dotnet, ["exec", typeof(ChildProcess).Assembly.Location, lockPath])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", process.StandardOutput.ReadLine());
        return new(process);
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private static void Main(string[] arguments)
    {
        using var held = StoreLock.TryTake(arguments[0]);
        Console.WriteLine(held is null ? "taken" : "held");
        Console.In.ReadToEnd();
    }
}
