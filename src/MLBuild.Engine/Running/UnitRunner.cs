using System.Runtime.ExceptionServices;
using MLBuild.Engine.Code;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Recipes;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Takes one piece of work from its recipe to its outputs in place: decides, then restores or runs.</summary>
/// <param name="stop">Nothing is begun after it; what runs goes on.</param>
/// <param name="cancel">Ends the running work as soon as it listens.</param>
internal sealed class UnitRunner(
    Workspace workspace, ICodeFingerprint code, IRunObserver observer, UnitRunner.Share share, WorkFolder work,
    CancellationToken stop, CancellationToken cancel) : IDisposable
{
    /// <summary>Raise it when an equal recipe no longer means an equal result because MLBuild itself changed.</summary>
    private const string Semantics = "1";

    // Below this, starting threads takes longer than they save.
    private const int FewUnits = 16;

    private readonly OutputPlaces _places = new(workspace, cancel);
    private readonly Attempts _attempts = new(workspace.Clock, cancel);
    private readonly StageCommands _commands = new(workspace);

    /// <summary>What work waits for, and how important each is.</summary>
    public sealed record Share(ResourcePool Pool, Importance Importance);

    /// <summary>The recipe of a unit, and what it would do now.</summary>
    public sealed record Plan(StageUnit Unit, StageSetting Setting, UnitInputs Inputs, Recipe Recipe, Verdict Verdict);

    /// <summary>Decides units of one stage, in their order.</summary>
    public IReadOnlyList<Plan> Decide(IReadOnlyList<StageUnit> units, StageSetting setting, StageInputs inputs)
    {
        var plans = new Plan[units.Count];
        if (units.Count < FewUnits)
        {
            for (var i = 0; i < plans.Length; i++)
                plans[i] = Decide(units[i], setting, inputs.For(units[i]));
        }
        else
        {
            DecideTogether();
        }
        return plans;

        // What fails says what the first would have said, had they been decided one by one.
        void DecideTogether()
        {
            var failures = new Exception?[plans.Length];
            Parallel.For(0, plans.Length, i =>
            {
                try
                {
                    plans[i] = Decide(units[i], setting, inputs.For(units[i]));
                }
                catch (Exception e)
                {
                    failures[i] = e;
                }
            });
            if (Array.Find(failures, failure => failure is not null) is { } first)
                ExceptionDispatchInfo.Throw(first);
        }
    }

    private Plan Decide(StageUnit unit, StageSetting setting, UnitInputs inputs)
    {
        var recipe = new Recipe(
        [
            new(RecipeKind.Semantics, "mlbuild", "number", Semantics),
            new(RecipeKind.Stage, unit.Stage.Name.ToString(), "text", ""),
            .. PartitionEntries(unit),
            .. ParameterEntries.Of(setting.OptionsOf(unit)),
            .. setting.Observed.Select(pair => new RecipeEntry(RecipeKind.Observed, pair.Key, "text", pair.Value)),
            .. inputs.Entries,
            .. unit.Stage.Command is null ? code.Of(unit.Stage).Entries : _commands.Of(unit.Stage),
            .. unit.Stage.OutputEntries,
        ]);
        var fingerprint = recipe.Fingerprint;
        var record = unit.Stage.Kind == StageKind.Effect ? null : workspace.Records.Find(fingerprint);
        var lost = record?.Outputs.FirstOrDefault(output => !workspace.Artifacts.Contains(output.Artifact))?.Name;
        var verdict = Planner.Decide(unit.Stage.Kind, recipe, record, lost,
            inPlace: () => _places.Have(unit, record!),
            previous: () => workspace.LastRecipe(unit.Name));
        verdict = Planner.Freeze(verdict, unit.Stage.FrozenBecause, () => LastAsDeclared(unit));
        return new(unit, setting, inputs, recipe, verdict);
    }

    // A result without an output that has since been declared is none.
    private ActionRecord? LastAsDeclared(StageUnit unit) =>
        workspace.Last(unit.Name) is { } last
            && last.Outputs.Select(output => output.Name).ToHashSet().SetEquals(unit.Stage.Outputs) ? last : null;

    /// <exception cref="LostArtifactException">An input or a stored output is missing or was damaged.</exception>
    /// <exception cref="StageFailedException">The stage's own work failed.</exception>
    public Task<UnitResult> Carry(Plan plan)
    {
        // Not async: most runs find most units up to date, and a state machine is compiled at each start.
        if (plan.Verdict is not Verdict.UpToDate upToDate)
            return Work(plan);
        var tidied = _places.Tidy(plan.Unit);
        return tidied.IsCompletedSuccessfully ? Task.FromResult(Kept()) : Await();

        async Task<UnitResult> Await()
        {
            await tidied;
            return Kept();
        }

        UnitResult Kept()
        {
            workspace.SetLast(plan.Unit.Name, plan.Recipe.Fingerprint);
            return Result(plan, plan.Verdict, upToDate.Record, TimeSpan.Zero);
        }
    }

    private async Task<UnitResult> Work(Plan plan)
    {
        switch (plan.Verdict)
        {
            case Verdict.Restore restore:
                await Publish(plan.Unit, restore.Record);
                return Result(plan, plan.Verdict, restore.Record, TimeSpan.Zero);
            case Verdict.Frozen frozen:
                observer.Log(plan.Unit, $"kept as it is: {frozen.Because}");
                await Thaw(plan.Unit, frozen.Record);
                return Result(plan, plan.Verdict, frozen.Record, TimeSpan.Zero);
        }
        while (true)
        {
            using (await share.Pool.Take(plan.Unit.Stage.Limits, () => share.Importance.Of(plan.Unit), stop))
            {
                // Asked again: what comes free may be given to one whose waiting has just been called off.
                stop.ThrowIfCancellationRequested();
                // Effects guard themselves, by compare-and-set in what they act on.
                if (plan.Unit.Stage.Kind == StageKind.Effect)
                    return await Run(plan);
                // Only for what runs, so that two builds share what waits.
                using var alone = StoreLock.TryTake(LockOf(plan));
                if (alone is not null)
                    return await ByAnother(plan) ?? await Run(plan);
            }
            // Without cores, which others can use meanwhile.
            using var free = await StoreLock.TakeAsync(LockOf(plan),
                holder => observer.Log(plan.Unit, $"waiting for {holder}, which works on the same recipe"), stop);
            if (await ByAnother(plan) is { } result)
                return result;
        }
    }

    private string LockOf(Plan plan) => workspace.LockPath(plan.Recipe.Fingerprint.Hex);

    // What another build has done since this one decided.
    private async Task<UnitResult?> ByAnother(Plan plan)
    {
        if (workspace.Records.Find(plan.Recipe.Fingerprint) is not { } record
            || !record.Outputs.All(output => workspace.Artifacts.Contains(output.Artifact)))
            return null;
        await Publish(plan.Unit, record);
        return Result(plan, new Verdict.Restore(record), record, TimeSpan.Zero);
    }

    /// <summary>Says what the code of a stage that will run reads without declaring it.</summary>
    /// <exception cref="StageFailedException">There is some, and <paramref name="strict"/> forbids it.</exception>
    public void Report(Stage stage, bool strict)
    {
        if (stage.Command is not null || code.Of(stage).Findings is not { Count: > 0 } findings)
            return;
        if (strict)
            throw new StageFailedException(
                $"with --strict it does not run, because its code{string.Concat(
                    findings.Select(finding => $"\n  - {finding}"))}");
        foreach (var finding in findings)
            observer.Log(new(stage, null), $"its code {finding}");
    }

    /// <summary>Ends commands that still run.</summary>
    public void Dispose() => _commands.Dispose();

    /// <summary>Takes away what units that a stage no longer has left under <c>artifacts/</c>.</summary>
    public Task Tidy(Stage stage, IReadOnlyList<StageUnit> units) => _places.Tidy(stage, units);

    private async Task<UnitResult> Run(Plan plan)
    {
        var unit = plan.Unit;
        var folder = work.For(unit);
        // Not yet the stage's own work: a lost input is mended by running the stage that wrote it.
        var inputs = plan.Inputs.Open(workspace.Artifacts, Path.Combine(folder, "in"));
        var source = SourceNow(unit);
        var started = workspace.Clock.GetTimestamp();
        observer.Running(unit, plan.Verdict);
        using var log = new StageLog(Path.Combine(folder, "log.txt"), line => observer.Log(unit, line));
        ActionRecord record;
        try
        {
            var outputFolder = Path.Combine(folder, "out");
            await _attempts.Run(unit.Stage.Limits, stopped =>
            {
                LocalArtifactStore.RemoveReadOnly(outputFolder);
                Directory.CreateDirectory(outputFolder);
                var run = new StageRun(unit, inputs, plan.Setting.Observed,
                    new(outputFolder, workspace.Artifacts.Verified, log, plan.Inputs.Lineage, _commands.Running,
                        workspace.RootFolder, stopped));
                // On a thread of its own: most stages never await.
                return Task.Run(() => unit.Stage.Body(run, plan.Setting.OptionsOf(unit)), stopped);
            }, log.Line);
            DemandOutputs(unit, outputFolder);
            DemandSameInputs(plan, source);
            record = Keep(plan, outputFolder, workspace.Clock.GetElapsedTime(started));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            throw Failed(unit, e, folder, log);
        }
        KeepLog(log, record.Fingerprint);
        await Publish(unit, record);
        LocalArtifactStore.RemoveReadOnly(folder);
        return Result(plan, plan.Verdict, record, record.Duration);
    }

    // For people alone: a log that cannot be kept spoils no result.
    private void KeepLog(StageLog log, ContentHash fingerprint)
    {
        try
        {
            log.MoveTo(workspace.LogPath(fingerprint));
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            // As if the work had said nothing.
        }
    }

    private static UnitResult Result(Plan plan, Verdict verdict, ActionRecord record, TimeSpan duration) => new(
        plan.Unit, verdict, record, duration, plan.Inputs.From);

    private async Task Thaw(StageUnit unit, ActionRecord record)
    {
        try
        {
            await _places.Put(unit, record);
        }
        catch (LostArtifactException e)
        {
            throw new StageFailedException($"it is frozen, but its last result is lost: {e.Message} Take Frozen away " +
                $"to build it anew.", e);
        }
    }

    // Artifacts first, then the recipe, then the record: whoever finds the record finds the rest.
    private ActionRecord Keep(Plan plan, string outputFolder, TimeSpan duration)
    {
        var outputs = plan.Unit.Stage.Outputs
            .Select(output => new ActionRecord.Output(output,
                workspace.Artifacts.Add(Path.Combine(outputFolder, output.TrimEnd('/')))))
            .ToArray();
        var fingerprint = workspace.Artifacts.AddText(plan.Recipe.Text);
        var record = new ActionRecord(fingerprint, plan.Unit.Name, outputs, workspace.Clock.GetUtcNow(), duration);
        workspace.Records.Put(record);
        return record;
    }

    private async Task Publish(StageUnit unit, ActionRecord record)
    {
        await _places.Put(unit, record);
        workspace.SetLast(unit.Name, record.Fingerprint);
    }

    // The key even of a matrix point, whose value is among the options: the code sees it too.
    private IEnumerable<RecipeEntry> PartitionEntries(StageUnit unit)
    {
        if (unit.Partition is { } key)
            yield return new(RecipeKind.Partition, key, "text", "");
        if (unit.Source is { } source)
            yield return SourceEntry(source);
    }

    private RecipeEntry SourceEntry(SourceFile source) =>
        new(RecipeKind.Input, source.Name, "source", workspace.Hashes.Of(source.Path).Hex);

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
    private void DemandSameInputs(Plan plan, FileIdentity? before)
    {
        var stage = plan.Unit.Stage;
        if (stage.Command is not null && _commands.ChangedSince(stage, plan.Recipe) is { } part)
            throw new StageFailedException(
                $"'{part}' changed while the stage ran, so the result was not kept. Run the same command again.");
        // An assembly is loaded when its code is first called, which may be after it was replaced.
        if (stage.Command is null
            && code.Again(stage).Entries.Except(plan.Recipe.Entries).FirstOrDefault() is { } changed)
            throw new StageFailedException(
                $"the code of '{MemberNames.Short(changed.Name)}' was compiled anew while the stage ran, so the result was not kept. " +
                $"Run the same command again.");
        if (plan.Unit.Source is { } source
            && (SourceNow(plan.Unit) != before || !plan.Recipe.Entries.Contains(SourceEntry(source))))
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
        var kept = workspace.FailedFolder(unit);
        try
        {
            log.Keep($"\n{e}\n");
            log.Dispose();
            LocalArtifactStore.RemoveReadOnly(kept);
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            Directory.Move(folder, kept);
            return new($"{message}\nIts log and what it had written: {kept}", e);
        }
        catch (Exception io) when (StoreUnavailableException.Explains(io))
        {
            return new(message, e);
        }
    }

    // ENOSPC, and ERROR_DISK_FULL on Windows; libraries wrap it.
    private static bool IsDiskFull(Exception? e) =>
        e is not null && (e.HResult is 28 or unchecked((int)0x80070070) || IsDiskFull(e.InnerException));
}

/// <summary>A stage's options and observations, as they are for the whole of a run.</summary>
internal sealed class StageSetting
{
    private readonly Dictionary<string, object?>? _ofPoints;
    private readonly object? _ofStage;

    private StageSetting(Stage stage, IReadOnlyList<StageUnit> units)
    {
        if (units.Any(unit => unit.For?.Value is not null))
            _ofPoints = units.ToDictionary(unit => unit.Partition!, unit => stage.OptionsOf(unit.For!.Value));
        else
            _ofStage = stage.OptionsOf(null);
        Observed = stage.Observations.ToDictionary(
            observation => observation.Name, observation => Probed(observation));
    }

    public IReadOnlyDictionary<string, string> Observed { get; }

    public static StageSetting Of(Stage stage, IReadOnlyList<StageUnit> units) => new(stage, units);

    public object? OptionsOf(StageUnit unit) => _ofPoints is null ? _ofStage : _ofPoints[unit.Partition!];

    private static string Probed(Observation observation)
    {
        try
        {
            return observation.Probe();
        }
        catch (Exception e)
        {
            throw new StageFailedException($"what it observes as '{observation.Name}' could not be read: {e.Message}", e);
        }
    }
}
