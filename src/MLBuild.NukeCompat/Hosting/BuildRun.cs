using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Nuke.Common;
using Nuke.Common.CI;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Serilog;

namespace MLBuild.NukeCompat;

/// <summary>One run of a build, from its definition to its exit code.</summary>
internal sealed class BuildRun(NukeBuild build, IReadOnlyList<LambdaExpression> defaults)
{
    private const int FailedExitCode = -1;
    private const int InterruptedExitCode = 130;
    private const int TerminatedExitCode = 143;

    private readonly Invocation _invocation = Invocation.Current;
    private readonly Request _request = new(Invocation.Current);
    private readonly BuildParameters _parameters = new(build);
    private readonly SkipRules _skipRules = new(build);

    // Held for each change of a target's status, and for good by whoever ends the build.
    private readonly Lock _gate = new();

    private TargetRunner? _runner;
    private bool _isFinished;
    private int _interruptions;

    public static int Execute<T>(Func<T> create, IReadOnlyList<LambdaExpression> defaults)
        where T : NukeBuild
    {
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = Encoding.UTF8;
        try
        {
            var build = create();
            Logging.Configure(build);
            return new BuildRun(build, defaults).Execute();
        }
        catch (Exception exception)
        {
            ConsoleLines.Write(Failures.Cause(exception).Message, Paint.Error);
            return FailedExitCode;
        }
        finally
        {
            Log.CloseAndFlush();
        }
    }

    private int Execute()
    {
        try
        {
            if (Prepare() == Preparation.Answered)
                return build.ExitCode ?? 0;
            using var interruption = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
            // What a cancelled CI job gets.
            using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
            RunTargets();
        }
        catch (Exception exception)
        {
            var cause = Failures.Cause(exception);
            ConsoleLines.Write(cause.Message, Paint.Error);
            if (cause is not BuildRefused)
                Log.Verbose(cause, "Thrown outside of targets");
            build.ExitCode ??= FailedExitCode;
        }
        lock (_gate)
            Finish();
        return build.ExitCode ??= build.IsSucceeding ? 0 : FailedExitCode;
    }

    private Preparation Prepare()
    {
        var targets = TargetDiscovery.TargetsOf(build, defaults);
        ApplySwitches();
        List<string> faults =
        [
            .. _request.Faults,
            .. Request.UnknownSwitches(_invocation.CommandLine, _parameters.All),
            .. _parameters.Inject(_invocation.Parameters),
            .. _invocation.UnknownFileNames([.. _parameters.All, .. Parameter.BuiltIns]),
            .. TargetNames.Faults(targets, (_request.Invoked ?? []).Concat(_request.Skipped ?? []))
        ];
        if (faults.Count == 0)
        {
            NukeBuild.TemporaryDirectory.CreateDirectory();
            build.Events.BuildCreated(targets);
        }
        if (!build.NoLogo && build.Shows(DefaultOutput.Logo))
            WriteBanner();
        if (faults.Count > 0)
            throw new BuildRefused(faults);
        if (_request.WorkflowId is { } id)
        {
            WriteWorkflow(id, targets);
            return Preparation.Answered;
        }

        var invoked = _request.Invoked?.Select(name => TargetNames.Find(targets, name)!).ToList();
        foreach (var target in invoked ?? [])
            target.Invoked = true;
        build.ExecutionPlan = Planner.Plan(targets, invoked);
        foreach (var target in build.ExecutionPlan)
            target.Status = ExecutionStatus.Scheduled;

        return build.Events.BuildInitialized(targets, build.ExecutionPlan,
        [
            new(10, AnswerPlan),
            new(5, () => AnswerHelp(targets)),
            new(-100, () =>
            {
                _parameters.InjectOthers();
                return false;
            })
        ]) ? Preparation.Answered : Preparation.Done;
    }

    private void ApplySwitches()
    {
        NukeBuild.Verbosity = _request.Verbosity ?? NukeBuild.Verbosity;
        build.Plan = _request.Plan;
        build.Help = _request.Help;
        build.NoLogo = _request.NoLogo ?? build.NoLogo;
        build.Continue = _request.Continue;
        build.Partition = _request.Partition ?? Partition.Single;
    }

    private static void WriteBanner()
    {
        var system = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux";
        var version = typeof(BuildRun).Assembly.GetName().Version?.ToString(3);
        ConsoleLines.Write($"MLBuild.NukeCompat {version} ({system}, .NET {Environment.Version.ToString(2)})");
    }

    private void WriteWorkflow(string id, IReadOnlyCollection<ExecutableTarget> targets)
    {
        var attributes = build.GetType().GetCustomAttributes<GitHubActionsAttribute>().ToList();
        var attribute = attributes.Find(candidate => candidate.Id == id)
            ?? throw new BuildRefused(
                attributes.Count == 0
                    ? $"{Parameter.GenerateConfiguration.Dashed} needs a [GitHubActions] on {build.GetType().Name}."
                    : $"{Parameter.GenerateConfiguration.Dashed} is '{id}', expected one of "
                        + $"{string.Join(", ", attributes.Select(candidate => candidate.Id))}.");
        if (TargetNames.Faults(targets, attribute.InvokedTargets).ToList() is { Count: > 0 } faults)
            throw new BuildRefused(faults);
        var invoked = attribute.InvokedTargets.Select(name => TargetNames.Find(targets, name)!).ToList();
        var workflow = new Workflow(attribute, NukeBuild.RootDirectory, Planner.Plan(targets, invoked));
        workflow.File.WriteAllLines(workflow.Lines(), platformFamily: PlatformFamily.Linux);
        ConsoleLines.Write($"Written: {workflow.File}");
    }

    private bool AnswerPlan()
    {
        if (!build.Plan)
            return false;
        ApplySkipRules();
        foreach (var line in PlanText.Lines(build.ExecutionPlan))
            ConsoleLines.Write(line);
        return true;
    }

    private bool AnswerHelp(IReadOnlyCollection<ExecutableTarget> targets)
    {
        if (!build.Help && build.ExecutionPlan.Count > 0)
            return false;
        foreach (var line in HelpText.Lines(targets, _parameters.All, ConsoleLines.Columns))
            ConsoleLines.Write(line);
        return true;
    }

    private void ApplySkipRules()
    {
        if (_request.Skipped is { } names)
            _skipRules.SkipNamed(names);
        _skipRules.ApplyStaticConditions();
    }

    private void RunTargets()
    {
        ApplySkipRules();
        Requirements.Check(build, _parameters);
        var attempt = new BuildAttempt(NukeBuild.TemporaryDirectory, _invocation.CommandLine, build.Continue);
        _runner = new TargetRunner(build, _skipRules, attempt, _gate);
        _runner.Run();
    }

    // Runs on a thread of its own. The main thread stops at the gate, or in a target that nobody can stop.
    private void Interrupt(PosixSignalContext context)
    {
        // A second interruption is left to the system, which ends the process at once.
        if (Interlocked.Increment(ref _interruptions) > 1)
            return;
        context.Cancel = true;
        _gate.Enter();
        if (_isFinished)
        {
            _gate.Exit();
            return;
        }
        try
        {
            ChildProcesses.Interrupt();
            _runner?.RunAssured();
            Finish();
        }
        catch (Exception exception)
        {
            ConsoleLines.Write(Failures.Cause(exception).Message, Paint.Error);
        }
        Log.CloseAndFlush();
        Environment.Exit(context.Signal == PosixSignal.SIGTERM ? TerminatedExitCode : InterruptedExitCode);
    }

    private void Finish()
    {
        _isFinished = true;
        if (build.ExecutionPlan == null)
            return;
        foreach (var target in build.ExecutionPlan)
        {
            target.Stopwatch.Stop();
            target.Status = target.Status switch
            {
                ExecutionStatus.Running => ExecutionStatus.Aborted,
                ExecutionStatus.Scheduled => ExecutionStatus.NotRun,
                var final => final
            };
        }
        if (build.Shows(DefaultOutput.ErrorsAndWarnings))
            NukeBuild.Host.WriteErrorsAndWarnings();
        if (build.Shows(DefaultOutput.TargetOutcome))
            NukeBuild.Host.WriteTargetOutcome(build);
        if (build.Shows(DefaultOutput.BuildOutcome))
            NukeBuild.Host.WriteBuildOutcome(build);
        build.Events.BuildFinished();
    }

    /// <summary>How the time before the first target ended.</summary>
    private enum Preparation
    {
        Done,

        /// <summary>With the answer to --help or --plan, so that no target runs.</summary>
        Answered
    }
}
