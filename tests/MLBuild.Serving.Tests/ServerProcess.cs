using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MLBuild.Serving.Tests;

/// <summary>A server of rides, with <c>other-code</c> one of another revision, or with <c>balance</c> a load balancer,
/// in another process: this assembly, started as a program.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int SigTerm = 15;

    // Far more than any test needs: who waits for one that never says or does what it should is to fail.
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(15);

    private readonly Process _process;
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("mlbuild-home-");

    public ServerProcess(params string[] args)
        : this([], args)
    {
    }

    public ServerProcess(Dictionary<string, string> environment, params string[] args)
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ belongs to <root>/dotnet, wherever this one came from.
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet");
        var start = new ProcessStartInfo(dotnet, [typeof(ServerProcess).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Settings of the machine that would open other servers to the network.
        start.Environment["ASPNETCORE_URLS"] = "http://0.0.0.0:0";
        start.Environment["URLS"] = "http://0.0.0.0:0";
        start.Environment["HOME"] = _home.FullName;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    /// <summary>The next line that it prints, or null once it has ended.</summary>
    public string? ReadLine() => _process.StandardOutput.ReadLine();

    /// <summary>What it left in the home folder.</summary>
    public IEnumerable<string> LeftAtHome => _home.EnumerateFileSystemInfos().Select(entry => entry.Name);

    /// <summary>The most memory that it had so far.</summary>
    public long PeakMemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public void Terminate() => Assert.Equal(0, SendSignal(_process.Id, SigTerm));

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The rest of what it printed, what it said on the error stream, and its exit code.</returns>
    public (string Output, string Error, int ExitCode) End()
    {
        var error = _process.StandardError.ReadToEndAsync();
        var output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return (output, error.GetAwaiter().GetResult(), _process.ExitCode);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _home.Delete(recursive: true);
    }

    /// <summary>The other side: what the process does.</summary>
    public static Task<int> Main(string[] args)
    {
        new Thread(EndInTime) { IsBackground = true }.Start();
        return args switch
        {
            ["balance", .. var rest] => LoadBalancer.RunAsync(rest),
            ["other-code", .. var rest] => ModelServer.RunAsync(rest, Ride.OtherDefinition, Ride.Served),
            _ => ModelServer.RunAsync(args, Ride.Definition, Ride.Served),
        };
    }

    private static void EndInTime()
    {
        Thread.Sleep(LongestLife);
        Process.GetCurrentProcess().Kill();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
