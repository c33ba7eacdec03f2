using Nuke.Common;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Serilog;

namespace Builds;

/// <summary>Everything that writes to the log.</summary>
class LoggingBuild : NukeBuild
{
    public static int Start() => Execute<LoggingBuild>(x => x.Levels);

    Target Levels => _ => _.Executes(() =>
    {
        Log.Verbose("verbose");
        Log.Debug("debug");
        Log.Information("rate {Rate} of {Names} and {@Both}", 0.5, new[] { "a b" }, new { A = 1 });
        Log.Warning("warning {Count}", 3);
        Log.Error(new InvalidOperationException("outer", new IOException("inner")), "error");
    });

    Target Many => _ => _.Executes(() => Parallel.For(0, 200, i =>
        Log.Information("line {I} {Text:l}", i, new string('x', 200))));

    Target Command => _ => _.Executes(() => Log.Information("::notice::hello"));
}

/// <summary>Parts of the output turned off.</summary>
[DisableDefaultOutput(DefaultOutput.Logo, DefaultOutput.TargetHeader, DefaultOutput.ErrorsAndWarnings,
    DefaultOutput.BuildOutcome, DefaultOutput.Timestamps)]
class QuietBuild : NukeBuild
{
    public static int Start() => Execute<QuietBuild>(x => x.Say);

    Target Say => _ => _.Executes(() => Log.Warning("said"));
}

/// <summary>Programs started by targets.</summary>
class ProcessesBuild : NukeBuild
{
    public static int Start() => Execute<ProcessesBuild>(x => x.Shell);

    Target Shell => _ => _.Executes(() =>
    {
        var process = ProcessTasks.StartShell(
            "echo \"out $HELLO\"; echo 'b\\\"r {x}' >&2; exit 0", logInvocation: false,
            environmentVariables: new Dictionary<string, string> { ["HELLO"] = "world" }).AssertZeroExitCode();
        Log.Information("read {Text:l}", process.Output.StdToText());
    });

    Target Failing => _ => _.Executes(() =>
        ProcessTasks.StartShell("echo told; echo wrong >&2; exit 7", logOutput: false, logInvocation: false)
            .AssertZeroExitCode());

    Target Missing => _ => _.Executes(() => ProcessTasks.StartProcess("no-such-program"));

    Target Slow => _ => _.Executes(() =>
        ProcessTasks.StartProcess("sleep", "30", timeout: 50, logInvocation: false).AssertZeroExitCode());

    // The shell ends at once, and what it has started keeps the output.
    Target Leaving => _ => _.Executes(() =>
        ProcessTasks.StartShell("sleep 5 &", timeout: 50, logInvocation: false).AssertZeroExitCode());

    Target Secret => _ => _.Executes(() =>
    {
        AbsolutePath file = TemporaryDirectory / "two words";
        ProcessTasks.StartProcess("echo", $"{"hush":r} {file} {"a b"} {3}").AssertZeroExitCode();
    });
}

/// <summary>A target that is interrupted while a program of it runs.</summary>
class InterruptedBuild : NukeBuild
{
    public static int Start() => Execute<InterruptedBuild>(x => x.Deploy);

    Target Train => _ => _.Executes(() =>
    {
        var child = ProcessTasks.StartShell("echo child $$; exec sleep 600", logInvocation: false);
        child.WaitForExit();
        Log.Information("never said");
    });

    [Parameter] readonly bool Stuck;

    Target Tidy => _ => _.AssuredAfterFailure().After(Train).Before(Deploy).Executes(() =>
    {
        Log.Information("tidy");
        if (Stuck)
            Thread.Sleep(Timeout.Infinite);
    });

    Target Deploy => _ => _.DependsOn(Train).Executes(() => { });

    // It has ended long before all that it says last is passed on.
    Target Serve => _ => _.Executes(() => ProcessTasks.StartShell(
        "trap 'echo one; echo two; echo stopped; exit' TERM; echo child $$; while true; do sleep 0.1; done",
        logInvocation: false, logger: (_, line) =>
        {
            Thread.Sleep(500);
            Log.Information("{Line:l}", line);
        }).WaitForExit());

    protected override void OnBuildFinished() => Console.WriteLine($"aborted {AbortedTargets.Count}");
}

/// <summary>A build with a workflow.</summary>
[GitHubActions("ci", GitHubActionsImage.UbuntuLatest, GitHubActionsImage.WindowsLatest,
    OnPushBranches = ["main", "release/*"], OnPullRequestBranches = ["main"], OnCronSchedule = "0 3 * * *",
    OnWorkflowDispatchRequiredInputs = ["ModelVersion"], InvokedTargets = [nameof(Train)],
    ImportSecrets = ["NuGetApiKey", "StoreToken"], EnableGitHubToken = true, FetchDepth = 0, TimeoutMinutes = 30,
    WritePermissions = [GitHubActionsPermissions.Contents], ConcurrencyGroup = "ci", ConcurrencyCancelInProgress = true,
    AutoGenerate = false)]
[GitHubActions("plain", GitHubActionsImage.Ubuntu2404, On = [GitHubActionsTrigger.Push],
    InvokedTargets = [nameof(Ingest)], CacheKeyFiles = [], AutoGenerate = false)]
class WorkflowBuild : NukeBuild
{
    public static int Start() => Execute<WorkflowBuild>(x => x.Train);

    [Parameter] readonly string ModelVersion;

    Target Ingest => _ => _.Executes(() => { });
    Target Train => _ => _.DependsOn(Ingest).Produces(RootDirectory / "artifacts" / "*.zip").Executes(() => { });
}
