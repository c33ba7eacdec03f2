using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLBuild.Acceptance.Tests;

/// <summary>A server of fares, or with <c>balance</c> the load balancer before several, as a process.</summary>
internal sealed partial class TaxiServer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _rest;

    /// <param name="url">Port 0 takes a free one.</param>
    public TaxiServer(TaxiProject project, string url, params string[] arguments)
    {
        var start = project.StartInfo(BootstrapCheckout.Dotnet, [Dll, .. arguments, "--urls", url]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        var errors = _process.StandardError.ReadToEndAsync();
        var said = "";
        while (!Listening().IsMatch(said) && _process.StandardOutput.ReadLine() is { } line)
            said += line + "\n";
        Assert.True(Listening().IsMatch(said), said + (_process.HasExited ? errors.Result : ""));
        Address = Listening().Match(said).Groups[1].Value;
        // Drained, or a full pipe would hold the server up.
        _rest = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The compiled program.</summary>
    public static string Dll => Path.Combine(
        BuildProgram.Repository, "src/TaxiFares.Server/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
        "net10.0", "TaxiFares.Server.dll");

    public string Address { get; }

    /// <summary>Tells it to stop, and waits until it has ended what it began.</summary>
    public void Stop()
    {
        SystemProcess.Send(_process.Id, SystemProcess.SigTerm);
        Assert.Contains("Stopped.", _rest.Result);
        _process.WaitForExit();
        Assert.Equal(0, _process.ExitCode);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(" on (http://127[.]0[.]0[.]1:[0-9]+)")]
    private static partial Regex Listening();
}
