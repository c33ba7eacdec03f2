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
    Workspace workspace, ICodeFingerprint code, IRunObserver observer, SemaphoreSlim slots, WorkFolder work,
    CancellationToken stop, CancellationToken cancel) : IDisposable
{
    /// <summary>Raise it when an equal recipe no longer means an equal result because MLBuild itself changed.</summary>
    private const string Semantics = "1";

    private readonly OutputPlaces _places = new(workspace, cancel);
    private readonly RunningCommands _commands = new(workspace.Clock);

    /// <summary>The recipe of a unit, and what it would do now.</summary>
    public sealed record Plan(StageUnit Unit, StageSetting Setting, UnitInputs Inputs, Recipe Recipe, Verdict Verdict);

    public Plan Decide(StageUnit unit, StageSetting setting, UnitInputs inputs)
    {
        var recipe = new Recipe(
        [
            new(RecipeKind.Semantics, "mlbuild", "number", Semantics),
            new(RecipeKind.Stage, unit.Stage.Name.ToString(), "text", ""),
            .. unit.Source is { } source ? SourceEntries(source) : [],
            .. ParameterEntries.Of(setting.Options),
            .. setting.Observed.Select(pair => new RecipeEntry(RecipeKind.Observed, pair.Key, "text", pair.Value)),
            .. inputs.Entries,
            .. WorkEntries(unit.Stage),
            .. unit.Stage.OutputEntries,
        ]);
        var fingerprint = recipe.Fingerprint;
        var record = unit.Stage.Kind == StageKind.Effect ? null : workspace.Records.Find(fingerprint);
        var lost = record?.Outputs.FirstOrDefault(output => !workspace.Artifacts.Contains(output.Artifact))?.Name;
        var verdict = Planner.Decide(unit.Stage.Kind, recipe, record, lost,
            inPlace: () => _places.Have(unit, record!),
            previous: () => workspace.LastRecipe(unit.Name));
        return new(unit, setting, inputs, recipe, verdict);
    }

    /// <exception cref="LostArtifactException">An input or a stored output is missing or was damaged.</exception>
    /// <exception cref="StageFailedException">The stage's own work failed.</exception>
    public async Task<UnitResult> Carry(Plan plan)
    {
        switch (plan.Verdict)
        {
            case Verdict.UpToDate upToDate:
                await _places.Tidy(plan.Unit);
                workspace.SetLast(plan.Unit.Name, plan.Recipe.Fingerprint);
                return Result(plan, plan.Verdict, upToDate.Record, TimeSpan.Zero);
            case Verdict.Restore restore:
                await Publish(plan.Unit, restore.Record);
                return Result(plan, plan.Verdict, restore.Record, TimeSpan.Zero);
        }
        // Effects guard themselves, by compare-and-set in what they act on.
        using var alone = plan.Unit.Stage.Kind == StageKind.Effect ? null : await StoreLock.TakeAsync(
            workspace.LockPath(plan.Recipe.Fingerprint.Hex),
            holder => observer.Log(plan.Unit, $"waiting for {holder}, which works on the same recipe"),
            stop);
        if (alone is not null && workspace.Records.Find(plan.Recipe.Fingerprint) is { } byAnother
            && byAnother.Outputs.All(output => workspace.Artifacts.Contains(output.Artifact)))
        {
            await Publish(plan.Unit, byAnother);
            return Result(plan, new Verdict.Restore(byAnother), byAnother, TimeSpan.Zero);
        }
        await slots.WaitAsync(stop);
        try
        {
            // Asked again: a slot that comes free may be given to one whose waiting has just been called off.
            stop.ThrowIfCancellationRequested();
            return await Run(plan);
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Takes away what units that a stage no longer has left under <c>artifacts/</c>.</summary>
    public Task Tidy(Stage stage, IReadOnlyList<StageUnit> units) => _places.Tidy(stage, units);

    private async Task<UnitResult> Run(Plan plan)
    {
        var unit = plan.Unit;
        var folder = work.For(unit);
        // Not yet the stage's own work: a lost input is mended by running the stage that wrote it.
        var inputs = plan.Inputs.Open(workspace.Artifacts, Path.Combine(folder, "in"));
        var started = workspace.Clock.GetTimestamp();
        observer.Running(unit, plan.Verdict);
        using var log = new StageLog(Path.Combine(folder, "log.txt"), line => observer.Log(unit, line));
        ActionRecord record;
        try
        {
            var outputFolder = Path.Combine(folder, "out");
            Directory.CreateDirectory(outputFolder);
            var run = new StageRun(unit, inputs, plan.Setting.Observed,
                new(outputFolder, workspace.Artifacts.Verified, log, plan.Inputs.Lineage, _commands,
                    workspace.RootFolder, cancel));
            // On a thread of its own: most stages never await.
            await Task.Run(() => unit.Stage.Body(run, plan.Setting.Options), cancel);
            DemandOutputs(unit, outputFolder);
            DemandSameInputs(plan);
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

    private IEnumerable<RecipeEntry> WorkEntries(Stage stage) => stage.Command is null
        ? code.Of(stage).Entries
        : new CommandFingerprint(workspace, _commands).Of(stage);

    /// <summary>Ends commands that still run.</summary>
    public void Dispose() => _commands.Dispose();

    private static UnitResult Result(Plan plan, Verdict verdict, ActionRecord record, TimeSpan duration) => new(
        plan.Unit, verdict, record, duration,
        new Dictionary<string, ContentHash>(plan.Inputs.Lineage) { [plan.Unit.Name] = record.Fingerprint });

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

    private IEnumerable<RecipeEntry> SourceEntries(SourceFile source) =>
    [
        new(RecipeKind.Partition, source.Key, "text", ""),
        new(RecipeKind.Input, source.Name, "source", workspace.Hashes.Of(source.Path).Hex),
    ];

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

    private void DemandSameInputs(Plan plan)
    {
        // An assembly is loaded when its code is first called, which may be after it was replaced.
        if (WorkEntries(plan.Unit.Stage).Except(plan.Recipe.Entries).FirstOrDefault() is { } changed)
            throw new StageFailedException(changed is { Kind: RecipeKind.Input } or
                { Type: CommandFingerprint.EntryType }
                ? $"'{changed.Name}' changed while the stage ran, so the result was not kept. Run the same command " +
                    "again."
                :
                $"the code of '{changed.Name}' was compiled anew while the stage ran, so the result was not kept. " +
                $"Run the same command again.");
        if (plan.Unit.Source is { } source && !plan.Recipe.Entries.Contains(SourceEntries(source).Last()))
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
internal sealed record StageSetting(object? Options, IReadOnlyDictionary<string, string> Observed)
{
    public static StageSetting Of(Stage stage) =>
        new(stage.Options(),
            stage.Observations.ToDictionary(observation => observation.Name, observation => observation.Probe()));
}
