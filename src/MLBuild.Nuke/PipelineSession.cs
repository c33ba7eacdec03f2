using System.Runtime.CompilerServices;
using MLBuild.Engine.Code;
using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Revisions;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using Nuke.Common;
using Nuke.Common.Execution;
using Serilog;

namespace MLBuild.Nuke;

/// <summary>One build's stages under a host that runs targets one by one: the stages run ahead of it, side by side, and
/// the host waits for each in its turn.</summary>
public sealed class PipelineSession
{
    /// <summary>Where the store is, unless <c>MLBUILD_STORE</c> says otherwise.</summary>
    internal const string StoreFolder = ".nuke/mlbuild";

    private const string Restored = "Restored";

    private static readonly ConditionalWeakTable<INukeBuild, PipelineSession> Sessions = [];

    private readonly Dictionary<ExecutableTarget, TargetStage> _stages = [];
    private readonly Dictionary<StageName, ExecutableTarget> _targets = [];
    private readonly Dictionary<ExecutableTarget, TaskCompletionSource> _passed = [];
    private readonly List<StageName> _unplanned = [];
    private readonly StageConsole _console;
    private readonly CancellationTokenSource _cancel = new();
    private readonly Lock _lock = new();
    private IReadOnlyCollection<ExecutableTarget> _plan = [];
    private readonly ReachabilityFingerprint _code;
    private bool _refuseUndeclared;
    private IReadOnlyList<IArtifactSummary> _summaries = [];
    private HashSet<ExecutableTarget> _planned = [];
    private HashSet<ExecutableTarget> _frozen = [];
    private readonly long _began;
    private readonly DateTimeOffset _beganAt;
    private readonly INukeBuild _build;
    private readonly string _root;
    private int _hostThread;
    private Runner? _runner;
    private RevisionLog? _revision;
    private OpenRun? _run;

    private PipelineSession(INukeBuild build, Pipeline pipeline, Workspace workspace, string root)
    {
        (_build, _root) = (build, root);
        _began = workspace.Clock.GetTimestamp();
        _beganAt = workspace.Clock.GetUtcNow();
        Pipeline = pipeline;
        Workspace = workspace;
        _console = NewConsole();
        _code = ReachabilityFingerprint.OfThisProgram(Path.Combine(workspace.StoreFolder, "code"));
    }

    public Pipeline Pipeline { get; }

    public Workspace Workspace { get; }

    /// <summary>The git repository that the build is in.</summary>
    internal Git Git => new(_root);

    public ICodeFingerprint Code => _code;

    /// <summary>Where stages are shown while they run.</summary>
    internal StageConsole NewConsole() => new(Workspace.Clock, new UsualDurations(Workspace).Of);

    /// <summary>Keeps what was learned of files and code for the next run.</summary>
    public void SaveLearned()
    {
        Workspace.Hashes.Save();
        _code.Save();
    }

    internal bool IsInterrupted => _cancel.IsCancellationRequested;

    /// <summary>The partitions that this run is limited to.</summary>
    internal Selection Only { get; private set; } = Selection.Everything;

    /// <summary>The stage to name where one is needed that a build surely makes something with: what it runs when it is
    /// asked for nothing else, or the last one; null in a build without stages.</summary>
    internal StageName? Usual => _stages.Keys.Where(target => target.IsDefault).Select(NameOf).FirstOrDefault()
        ?? Pipeline.InOrder.LastOrDefault()?.Name;

    /// <summary>The session of a build whose class has <see cref="MLPipelineAttribute"/>.</summary>
    public static PipelineSession Of(INukeBuild build) => Sessions.TryGetValue(build, out var session)
        ? session
        : throw new InvalidOperationException("This build has no pipeline. Put [MLPipeline] on the build class.");

    /// <summary>Where a build keeps its store.</summary>
    public static string StoreOf(string rootDirectory) =>
        Environment.GetEnvironmentVariable("MLBUILD_STORE") is { Length: > 0 } elsewhere
            ? Path.GetFullPath(elsewhere, rootDirectory)
            : Path.Combine(rootDirectory, StoreFolder);

    internal static PipelineSession Open(INukeBuild build, Pipeline pipeline)
    {
        var root = build.RootDirectory.ToString();
        var session =
            new PipelineSession(build, pipeline,
                new(Path.Combine(root, "artifacts"), StoreOf(root), TimeProvider.System), root);
        Sessions.Add(build, session);
        return session;
    }

    internal void Add(ExecutableTarget target, TargetStage stage)
    {
        stage.Session = this;
        _stages[target] = stage;
        _targets[stage.Name] = target;
    }

    /// <exception cref="PipelineException">What the run is limited to is not there.</exception>
    internal void Planned(IReadOnlyCollection<ExecutableTarget> plan, IRunPipeline? parameters)
    {
        _plan = plan;
        _planned = [.. plan];
        _refuseUndeclared = parameters?.RefuseUndeclared ?? false;
        _summaries = parameters?.Summaries ?? [];
        if (parameters?.Only is { Length: > 0 } only)
            Only = Selection.Of(only, Pipeline, [.. plan.Select(NameOf).OfType<StageName>()]);
        _hostThread = Environment.CurrentManagedThreadId;
        foreach (var target in plan.Where(target => NameOf(target) is null))
            _passed[target] = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Whether the host has to enter the target; blocks until that is known.</summary>
    internal bool IsStale(TargetStage stage)
    {
        var stale = Runner().WillRun(stage.Name).GetAwaiter().GetResult();
        // Said just before the stage's task ends, whose outcome the summary shows.
        if (!stale)
            _ = Runner().Ensure(stage.Name).GetAwaiter().GetResult();
        StayIfInterrupted();
        return stale;
    }

    /// <summary>Shows a stage's lines as they come until it ends.</summary>
    /// <exception cref="StageFailedException">It failed, or could not start.</exception>
    internal void Await(TargetStage stage)
    {
        var name = stage.Name;
        switch (Follow(name, line => line))
        {
            case StageOutcome.Done done:
                Remark(_targets[name], done);
                break;
            case StageOutcome.Failed failed:
                throw failed.Failure;
            case StageOutcome.NotRun notRun:
                throw DidNotRun(notRun);
        }
    }

    /// <summary>Brings a stage and all that it reads up to date from within another target, which decides only then
    /// that they are needed: the host has planned none of them. Blocks until that is done, and shows each stage's
    /// lines behind its name.</summary>
    /// <exception cref="PipelineException">There is no such stage.</exception>
    /// <exception cref="StageFailedException">One of them failed, which is named, or could not start.</exception>
    public StageOutcome.Done Run(string stage)
    {
        var asked = Pipeline.Find(stage);
        _ = Runner().Ensure(asked.Name);
        var needed = new HashSet<StageName> { asked.Name };
        foreach (var one in Pipeline.InOrder.Reverse().Where(one => needed.Contains(one.Name)))
            needed.UnionWith(one.Inputs.Select(input => input.Stage));
        foreach (var name in Pipeline.InOrder.Select(one => one.Name).Where(needed.Contains))
        {
            if (!_planned.Contains(_targets[name]) && !_unplanned.Contains(name))
                _unplanned.Add(name);
            switch (Follow(name, line => $"{name}: {line}"))
            {
                case StageOutcome.Done done when name == asked.Name:
                    return done;
                case StageOutcome.Failed { Failure: var failure }:
                    throw new StageFailedException($"Stage '{name}' failed: {failure.Message}", failure);
                case StageOutcome.NotRun notRun:
                    throw DidNotRun(notRun);
            }
        }
        throw new InvalidOperationException($"BUG: '{stage}' is not among the stages that it needs.");
    }

    private StageOutcome Follow(StageName name, Func<string, string> shown)
    {
        var running = Runner().Ensure(name);
        _console.Follow(name, running, line => Log.Information("{Line:l}", shown(line)));
        var outcome = running.GetAwaiter().GetResult();
        StayIfInterrupted();
        return outcome;
    }

    private static StageFailedException DidNotRun(StageOutcome.NotRun notRun) =>
        new($"Stage '{notRun.Stage}' did not run: {notRun.Because}.");

    internal void Passed(ExecutableTarget target)
    {
        StayIfInterrupted();
        if (_passed.TryGetValue(target, out var passed))
            passed.TrySetResult();
        else if (target.Status == ExecutionStatus.Skipped && NameOf(target) is { } name && _runner is not null
            && Runner().Ensure(name) is { IsCompletedSuccessfully: true, Result: StageOutcome.Done done })
            Remark(target, done);
    }

    internal void Failed(ExecutableTarget target)
    {
        StayIfInterrupted();
        if (_passed.TryGetValue(target, out var passed))
            passed.TrySetResult();
        // Work that runs is not thrown away, but a build that has failed begins nothing new.
        if (!target.ProceedAfterFailure)
            _runner?.Stop();
    }

    internal void Finish()
    {
        // Every host finishes an interrupted build on the thread that got the signal, and then ends the process: work
        // that runs is given up, or Ctrl+C would have to wait for it. Nothing is stopped before: the host's thread,
        // which waits for a stage or a program, has to know why that ended.
        if (Environment.CurrentManagedThreadId != _hostThread)
            _cancel.Cancel();
        if (_runner is null)
            return;
        // Until the last stage has ended, of which there may be some when a target failed.
        using var console = _console;
        if (IsInterrupted)
        {
            _run?.End(RunState.Interrupted, null, _runner.Ended());
        }
        else
        {
            _runner.Stop();
            var drained = _runner.Drain();
            // A build that has failed says so, and would then seem to hang.
            if (!drained.IsCompleted && _console.AtWork is { Count: > 0 } atWork)
                Console.WriteLine($"still at work, and kept when done: {string.Join(", ", atWork)}. Ctrl+C gives it " +
                    "up.");
            drained.GetAwaiter().GetResult();
            var failure = Failure();
            _run?.End(failure is null ? RunState.Succeeded : RunState.Failed, failure, _runner.Ended());
            _revision?.Keep(_runner.Done(), CancellationToken.None).GetAwaiter().GetResult();
            StepSummary.Append(this, [.. _plan.Except(_frozen).Select(NameOf).OfType<StageName>().Concat(_unplanned)
                .Select(name => _runner.Ensure(name).GetAwaiter().GetResult())], _summaries);
        }
        _runner.Dispose();
        _code.Save();
        if (_plan.All(target => target.Status == ExecutionStatus.Skipped || target.Actions.Count == 0)
            && _stages.Count > 0)
            Console.WriteLine(Nothing());
    }

    // The first line of what made the build fail; null if it did not.
    private string? Failure()
    {
        foreach (var target in _plan)
        {
            if (target.Status is not (ExecutionStatus.Failed or ExecutionStatus.Aborted))
                continue;
            return NameOf(target) is { } stage
                && _runner!.Ensure(stage) is { IsCompletedSuccessfully: true, Result: StageOutcome.Failed failed }
                    ? $"{stage}: {failed.Failure.Message.Split('\n')[0]}"
                    : $"target '{target.Name}' failed";
        }
        return null;
    }

    // nothing to do: 5 stages up to date (0.21 s)
    private string Nothing()
    {
        var stages = _plan.Except(_frozen).Count(target => NameOf(target) is not null);
        var restored = _plan.Count(target => target.SummaryInformation.ContainsKey(Restored));
        var elapsed = Wording.Duration(Workspace.Clock.GetElapsedTime(_began));
        return restored == 0
            ? $"nothing to do: {Wording.Count(stages, "stage")} up to date ({elapsed})"
            : $"nothing to run: {Wording.Count(stages - restored, "stage")} up to date, {restored} restored " +
            $"({elapsed})";
    }

    // The host's own thread has nothing to do any more once another thread ends the build. If it went on, it would
    // report the stage that was given up as a failure, and finish the build again.
    private void StayIfInterrupted()
    {
        if (IsInterrupted)
            Thread.Sleep(Timeout.Infinite);
    }

    private Runner Runner()
    {
        lock (_lock)
        {
            if (_runner is not null)
                return _runner;
            // Only now is it known what the host skips: after its static conditions and --skip. Later it also skips
            // what is up to date, which must still run when an artifact of it turns out to be damaged.
            _frozen = [.. _plan.Where(target => target.Status == ExecutionStatus.Skipped)];
            _revision = RevisionLog.Begin(Workspace, _root);
            _run = new RunJournal(Workspace).Begin(new(
                _beganAt, GivenCommand.Of(Environment.GetCommandLineArgs()[1..], _build.GetType()),
                _build.IsServerBuild ? _build.Host.GetType().Name : Environment.MachineName, _revision?.Commit));
            IRunObserver observer = _run is null ? _console : new RunObservers(_console, _run);
            _runner = new(Pipeline, Workspace, Code, observer,
                new(ResourcePool.OfThisMachine(), Only, _refuseUndeclared), Admit, _cancel.Token);
            foreach (var name in _plan.Except(_frozen).Select(NameOf).OfType<StageName>())
                _ = _runner.Ensure(name);
            return _runner;
        }
    }

    // A stage waits for the plain targets before it, and obeys conditions that the build put on its target.
    private Task<Admission> Admit(StageName name)
    {
        var target = _targets[name];
        if (_frozen.Contains(target))
            return Task.FromResult(Admission.Frozen);
        var before = Before(target, [])
            .Select(before => NameOf(before) is { } stage ? _runner!.Ensure(stage) : _passed[before].Task)
            .Where(task => !task.IsCompletedSuccessfully).ToArray();
        return before.Length == 0 ? Task.FromResult(Asked()) : Await();

        async Task<Admission> Await()
        {
            foreach (var task in before)
                await task;
            return Asked();
        }

        Admission Asked()
        {
            foreach (var (text, holds) in target.DynamicConditions)
            {
                if (text != StageTargets.StaleText && !holds())
                    return Admission.Frozen;
            }
            return Admission.Go;
        }
    }

    // Hosts raise no event for a target without actions, so what counts is what stands before it.
    private IEnumerable<ExecutableTarget> Before(ExecutableTarget target, HashSet<ExecutableTarget> seen) =>
        target.AllDependencies
        .Where(before => _planned.Contains(before) && seen.Add(before))
        .SelectMany(before => before.Actions.Count == 0 ? Before(before, seen) : [before]);

    /// <summary>The stage that a target is, or null.</summary>
    internal StageName? NameOf(ExecutableTarget target) =>
        _stages.TryGetValue(target, out var stage) ? stage.Name : null;

    private static void Remark(ExecutableTarget target, StageOutcome.Done done)
    {
        var ran = done.Units.Count(unit => unit.Verdict.Runs);
        var leftOut = done.LeftOut.Count == 0 ? "" : $", {done.LeftOut.Count} left out";
        var partitions = Wording.Count(done.Units.Count + done.LeftOut.Count, "partition");
        var restored = done.Units.Where(unit => unit.Verdict is Verdict.Restore).ToArray();
        var print = done.Units is [{ Unit.Partition: null } only]
            ? only.Record.Fingerprint.Short : partitions + leftOut;
        target.SummaryInformation.Clear();
        if (ran == 0 && done.Units.Select(unit => unit.Verdict).OfType<Verdict.Frozen>().FirstOrDefault() is { } frozen)
            target.SummaryInformation["Frozen"] = frozen.Reason;
        else if (ran == 0 && restored.Length == 0)
            target.SummaryInformation["Up to date"] = print;
        else if (ran == 0)
            target.SummaryInformation[Restored] =
                $"{print} (saved {Wording.Duration(new(restored.Sum(unit => unit.Record.Duration.Ticks)))})";
        else
            target.SummaryInformation["Ran"] = done.Units is [{ Unit.Partition: null } one]
                ? Wording.Duration(one.Duration)
                : $"{ran} of {partitions}{leftOut}";
    }
}
