using Nuke.Common;
using Nuke.Common.Execution;
using Serilog;

namespace MLBuild.NukeCompat;

/// <summary>Runs the plan, one target after the other.</summary>
internal sealed class TargetRunner(NukeBuild build, SkipRules skipRules, BuildAttempt attempt, Lock gate)
{
    /// <summary>Runs all targets; after a failure that does not let others proceed, only assured ones.</summary>
    public void Run()
    {
        try
        {
            if (!build.ExecutionPlan.All(Run))
                RunAssured();
        }
        catch
        {
            // Not a target but an extension failed.
            RunAssured();
            throw;
        }
    }

    /// <summary>Runs the targets that are promised to run whatever happened before.</summary>
    public void RunAssured()
    {
        foreach (var target in build.ExecutionPlan)
            if (target is { AssuredAfterFailure: true, Status: ExecutionStatus.Scheduled })
                Run(target);
    }

    /// <summary>False when the targets after it must not run.</summary>
    private bool Run(ExecutableTarget target)
    {
        switch (TurnOf(target))
        {
            case Turn.Unknown:
                return false;
            case Turn.Passed:
                Become(target, ExecutionStatus.Skipped);
                build.Events.TargetSkipped(target);
                return true;
            case Turn.Taken when target.Actions.Count == 0:
                Become(target, ExecutionStatus.Collective);
                return true;
        }
        using (Logging.SetTarget(target.Name))
        using (ShowBlock(target))
        {
            target.Stopwatch.Start();
            Become(target, ExecutionStatus.Running);
            try
            {
                build.Events.TargetRunning(target);
                foreach (var action in target.Actions.ToList())
                    action();
                target.Stopwatch.Stop();
                Become(target, ExecutionStatus.Succeeded);
                build.Events.TargetSucceeded(target);
                attempt.AddSucceeded(target.Name);
                return true;
            }
            catch (Exception exception)
            {
                Fail(target, Failures.Cause(exception));
                return target.ProceedAfterFailure;
            }
        }
    }

    private void Fail(ExecutableTarget target, Exception cause)
    {
        lock (gate)
        {
            target.Stopwatch.Stop();
            if (target.SummaryInformation.Count == 0)
                build.ReportSummary(target, _ => new() { [cause.GetType().Name] = Failures.FirstLine(cause) });
            Log.Error(cause, "Target {TargetName} has thrown an exception", target.Name);
            target.Status = ExecutionStatus.Failed;
        }
        build.Events.TargetFailed(target);
    }

    private Turn TurnOf(ExecutableTarget target)
    {
        if (target.Status == ExecutionStatus.Skipped || attempt.HasSucceeded(target.Name))
            return Turn.Passed;
        try
        {
            return skipRules.Holds(target, target.DynamicConditions) ? Turn.Taken : Turn.Passed;
        }
        catch (Exception exception)
        {
            Log.Error(
                Failures.Cause(exception), "A condition of target {TargetName} has thrown an exception", target.Name);
            return Turn.Unknown;
        }
    }

    // The thread that handles an interruption takes the gate for good: a target that ends later cannot change what the
    // summary says, nor start the next one.
    private void Become(ExecutableTarget target, ExecutionStatus status)
    {
        lock (gate)
            target.Status = status;
    }

    private IDisposable ShowBlock(ExecutableTarget target) =>
        build.Shows(NukeBuild.Host.Collapses ? DefaultOutput.TargetCollapse : DefaultOutput.TargetHeader)
            ? NukeBuild.Host.WriteBlock(target.Name)
            : new Bracket(() => { });

    /// <summary>What becomes of a target when its turn comes.</summary>
    private enum Turn
    {
        Taken,
        Passed,

        /// <summary>A condition itself failed: the target counts as not run, and the build fails.</summary>
        Unknown
    }
}
