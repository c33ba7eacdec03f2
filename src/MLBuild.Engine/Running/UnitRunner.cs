using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Takes one piece of work to its outputs in place: restores or runs, as was decided.</summary>
/// <param name="stop">Nothing is begun after it; what runs goes on.</param>
internal sealed class UnitRunner(
    Workspace workspace, OutputPlaces places, UnitWork work, IRunObserver observer, UnitRunner.Share share,
    CancellationToken stop)
{
    /// <summary>What work waits for, and how important each is.</summary>
    public sealed record Share(ResourcePool Pool, Importance Importance);

    /// <summary>The result of a unit for which nothing is left to do, or null. Most runs find most units so, and it
    /// takes neither thread nor task.</summary>
    public UnitResult? Kept(UnitPlan plan) =>
        plan.Verdict is Verdict.UpToDate upToDate && !places.HasStrays(plan.Unit)
        && workspace.IsLast(plan.Unit.Name, plan.Recipe.Fingerprint)
            ? Result(plan, plan.Verdict, upToDate.Record, TimeSpan.Zero)
            : null;

    /// <exception cref="LostArtifactException">An input or a stored output is missing or was damaged.</exception>
    /// <exception cref="StageFailedException">The stage's own work failed.</exception>
    public async Task<UnitResult> Carry(UnitPlan plan)
    {
        switch (plan.Verdict)
        {
            case Verdict.UpToDate upToDate:
                await places.Tidy(plan.Unit);
                Use(upToDate.Record);
                workspace.SetLast(plan.Unit.Name, plan.Recipe.Fingerprint);
                return Result(plan, plan.Verdict, upToDate.Record, TimeSpan.Zero);
            case Verdict.Restore restore:
                Use(restore.Record);
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
                using var alone = StoreLock.TryTake(LockOf(plan), WorkOn(plan.Unit));
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

    // Before it is put in place, so that Prune leaves it.
    private void Use(ActionRecord record)
    {
        if (!workspace.Records.Use(record.Fingerprint, workspace.Clock.GetUtcNow()))
            throw new LostArtifactException(record.Fingerprint,
                $"Result {record.Fingerprint.Short} has just been pruned.");
    }

    // For those who wait: the clock on the wall is theirs too.
    private string WorkOn(StageUnit unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{unit}, since {workspace.Clock.GetLocalNow():HH:mm:ss}");

    private string LockOf(UnitPlan plan) => workspace.LockPath(plan.Recipe.Fingerprint.Hex);

    // What another build has done since this one decided.
    private async Task<UnitResult?> ByAnother(UnitPlan plan)
    {
        if (workspace.Records.Find(plan.Recipe.Fingerprint) is not { } record
            || !record.Outputs.All(output => workspace.Artifacts.Contains(output.Artifact)))
            return null;
        Use(record);
        await Publish(plan.Unit, record);
        return Result(plan, new Verdict.Restore(record), record, TimeSpan.Zero);
    }

    /// <summary>Takes away what units that a stage no longer has left under <c>artifacts/</c>.</summary>
    public Task Tidy(Stage stage, IReadOnlyList<StageUnit> units) => places.Tidy(stage, units);

    private async Task<UnitResult> Run(UnitPlan plan)
    {
        var record = await work.Do(plan, () => observer.Running(plan.Unit, plan.Verdict), done => Keep(plan, done));
        await Publish(plan.Unit, record);
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

    private static UnitResult Result(UnitPlan plan, Verdict verdict, ActionRecord record, TimeSpan duration) => new(
        plan.Unit, verdict, record, duration, plan.Inputs.From);

    private async Task Thaw(StageUnit unit, ActionRecord record)
    {
        try
        {
            await places.Put(unit, record);
        }
        catch (LostArtifactException e)
        {
            throw new StageFailedException($"it is frozen, but its last result is lost: {e.Message} Take Frozen away " +
                $"to build it anew.", e);
        }
    }

    // Artifacts first, then the recipe, then the record: whoever finds the record finds the rest.
    private ActionRecord Keep(UnitPlan plan, UnitWork.Done done)
    {
        var outputs = plan.Unit.Stage.Outputs
            .Select(output => new ActionRecord.Output(output,
                workspace.Artifacts.Add(Path.Combine(done.Folder, output.TrimEnd('/')))))
            .ToArray();
        plan.Setting.Files.Keep(workspace.Artifacts);
        var fingerprint = workspace.Artifacts.AddText(plan.Recipe.Text);
        var record = new ActionRecord(fingerprint, plan.Unit.Name, outputs, workspace.Clock.GetUtcNow(), done.Duration);
        workspace.Records.Put(record);
        KeepLog(done.Log, fingerprint);
        return record;
    }

    private async Task Publish(StageUnit unit, ActionRecord record)
    {
        await places.Put(unit, record);
        workspace.SetLast(unit.Name, record.Fingerprint);
    }
}
