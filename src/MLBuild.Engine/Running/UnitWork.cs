using MLBuild.Engine.Code;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Does the work of a unit in a folder of its own, and sees to it that all was written and nothing that was
/// read changed meanwhile.</summary>
/// <param name="cancel">Ends the work as soon as it listens.</param>
/// <param name="stop">Nothing is tried again after it, nor after <paramref name="cancel"/>, which it follows.</param>
internal sealed class UnitWork(
    Workspace workspace, ICodeFingerprint code, StageCommands commands, UnitPlanner planner, IRunObserver observer,
    WorkFolder work, CancellationToken cancel, CancellationToken? stop = null)
{
    private readonly Attempts _attempts = new(workspace.Clock, stop ?? cancel, cancel);

    /// <summary>What work leaves behind.</summary>
    /// <param name="Folder">Where its outputs are, by name.</param>
    /// <param name="Log">What it said.</param>
    public sealed record Done(string Folder, TimeSpan Duration, StageLog Log);

    /// <param name="begun">Called when its inputs are there, before it begins.</param>
    /// <param name="finish">Takes what was written; then the folder is removed. What it throws is a failure of the
    /// work.</param>
    /// <exception cref="LostArtifactException">An input is missing or was damaged.</exception>
    /// <exception cref="StageFailedException">The work failed; its log and what it had written are kept.</exception>
    public async Task<T> Do<T>(UnitPlan plan, Action begun, Func<Done, T> finish)
    {
        var unit = plan.Unit;
        var folder = work.For(unit);
        // Not yet the stage's own work: a lost input is mended by running the stage that wrote it.
        var inputs = plan.Inputs.Open(workspace.Artifacts, Path.Combine(folder, "in"));
        var source = SourceNow(unit);
        var started = workspace.Clock.GetTimestamp();
        begun();
        using var log = new StageLog(
            Path.Combine(folder, "log.txt"), line => observer.Log(unit, line),
            (line, pace) => observer.Progress(unit, line, pace));
        T result;
        try
        {
            var outputFolder = Path.Combine(folder, "out");
            await _attempts.Run(unit.Stage.Limits, stopped =>
            {
                LocalArtifactStore.RemoveReadOnly(outputFolder);
                Directory.CreateDirectory(outputFolder);
                var run = new StageRun(unit, inputs, plan.Setting.Observed,
                    new(outputFolder, workspace.Artifacts.Verified, log, plan.Inputs.Lineage, plan.Setting.Files.Find,
                        commands.Running, workspace.RootFolder, workspace.Clock, stopped));
                // On a thread of its own: most stages never await.
                return Task.Run(() => unit.Stage.Body(run, plan.Setting.OptionsOf(unit)), stopped);
            }, log.Line);
            DemandOutputs(unit, outputFolder);
            DemandSameInputs(plan, source);
            result = finish(new(outputFolder, workspace.Clock.GetElapsedTime(started), log));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            throw Failed(unit, e, folder, log);
        }
        finally
        {
            log.Dispose();
            observer.Ended(unit);
        }
        LocalArtifactStore.RemoveReadOnly(folder);
        return result;
    }

    /// <summary>Says what the code of a stage that will run reads without declaring it.</summary>
    /// <exception cref="StageFailedException">There is some, and <paramref name="refuse"/> forbids it.</exception>
    public void Report(Stage stage, bool refuse)
    {
        if (stage.Command is not null || code.Of(stage).Findings is not { Count: > 0 } findings)
            return;
        if (refuse)
            throw new StageFailedException(
                $"with --refuse-undeclared it does not run, because its code{string.Concat(
                    findings.Select(finding => $"\n  - {finding}"))}");
        foreach (var finding in findings)
            observer.Log(new(stage, null), $"its code {finding}");
    }

    private static void DemandOutputs(StageUnit unit, string outputFolder)
    {
        var missing = unit.Stage.Outputs.Where(output => Path.Combine(outputFolder, output.TrimEnd('/')) is var path
            && !(Stage.IsFolder(output) ? Directory.Exists(path) : File.Exists(path))).ToArray();
        if (missing.Length > 0)
            throw new StageFailedException(
                $"it finished but did not write {string.Join(", ", missing.Select(name => $"'{name}'"))}. " +
                (unit.Stage.Command is null
                    ? $"Write it to run.Output(\"{missing[0]}\")."
                    : $"Give the program the place as {{out:{missing[0]}}}, or write '{missing[0]}' where it starts."));
    }

    private static FileIdentity? SourceNow(StageUnit unit) =>
        unit.Source is { } source ? FileIdentity.Of(source.Path) : null;

    /// <param name="before">The source file when the work began: what was changed and changed back while it ran has the
    /// same bytes, but another identity.</param>
    private void DemandSameInputs(UnitPlan plan, FileIdentity? before)
    {
        var stage = plan.Unit.Stage;
        if (stage.Command is not null && commands.ChangedSince(stage, plan.Recipe) is { } part)
            throw new StageFailedException(
                $"'{part}' changed while the stage ran, so the result was not kept. Run the same command again.");
        // An assembly is loaded when its code is first called, which may be after it was replaced.
        if (stage.Command is null
            && code.Again(stage).Entries.Except(plan.Recipe.Entries).FirstOrDefault() is { } changed)
            throw new StageFailedException(
                $"the code of '{MemberNames.Short(changed.Name)}' was compiled anew while the stage ran, so the " +
                $"result was not kept. Run the same command again.");
        if (plan.Setting.Files.ChangedSince(stage, workspace) is { } files)
            throw new StageFailedException(
                $"'{files}' changed while the stage read it, so the result was not kept. Run the same command again.");
        // A file that grows is another file each time, but a range of its lines is the same.
        if (plan.Unit.Source is { } source && (source.Range is { } range
            ? !range.IsAsFound(source.Path)
            : SourceNow(plan.Unit) != before || !plan.Recipe.Entries.Contains(planner.SourceEntry(source))))
            throw new StageFailedException(
                $"'{source.Path}' changed while the stage read it, so the result was not kept. Run the same command " +
                $"again.");
    }

    private StageFailedException Failed(StageUnit unit, Exception e, string folder, StageLog log)
    {
        var message = e switch
        {
            _ when IsDiskFull(e) => new StoreUnavailableException(workspace.StoreFolder, e).Message,
            // What is wrong with an option is said by who checks it.
            ArgumentException => e.Message,
            // A framework exception's message alone often names nothing; its type helps.
            _ when e.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) == true =>
                $"{e.GetType().Name}: {e.Message}",
            _ => e.Message,
        };
        message = log.Masked(message);
        // Hosts print the messages of inner exceptions too, and nobody can mask those; the log has them masked.
        var inner = log.HidesSecrets ? null : e;
        var kept = workspace.FailedFolder(unit);
        try
        {
            log.Keep($"\n{e}\n");
            log.Dispose();
            LocalArtifactStore.RemoveReadOnly(kept);
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            Directory.Move(folder, kept);
            return new($"{message}\nIts log and what it had written: {kept}", inner);
        }
        catch (Exception io) when (StoreUnavailableException.Explains(io))
        {
            return new(message, inner);
        }
    }

    // ENOSPC, and ERROR_DISK_FULL on Windows; libraries wrap it, and where .NET reserves space it says it in words.
    private static bool IsDiskFull(Exception? e) => e is not null
        && (e.HResult is 28 or unchecked((int)0x80070070)
            || (e is IOException && e.Message.Contains("because the disk was full", StringComparison.Ordinal))
            || IsDiskFull(e.InnerException));
}
