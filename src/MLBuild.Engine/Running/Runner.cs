using System.Collections.Concurrent;
using MLBuild.Engine.Code;
using MLBuild.Engine.Commands;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.Running;

/// <summary>Whether a stage that is asked for may go ahead.</summary>
public enum Admission
{
    Go,

    /// <summary>Leave it alone: its last result stands.</summary>
    Frozen,
}

/// <summary>Brings stages up to date. Each stage is a task that waits for the stages it reads; independent ones run
/// side by side, as many as there are cores.</summary>
public sealed class Runner : IDisposable
{
    // The same artifact can be damaged again only by a disk that no retry mends.
    private const int MostRepairs = 3;

    private readonly Pipeline _pipeline;
    private readonly Workspace _workspace;
    private readonly IRunObserver _observer;
    private readonly RunSetting _setting;
    private readonly Func<StageName, Task<Admission>> _admit;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _cancel;
    private readonly WorkFolder _work;
    private readonly Partitions _partitions;
    private readonly StageCommands _commands;
    private readonly UnitPlanner _planner;
    private readonly UnitWork _unitWork;
    private readonly UnitRunner _units;
    private readonly ConcurrentDictionary<StageName, Lazy<Task<StageOutcome>>> _outcomes = new();
    private readonly ConcurrentDictionary<StageName, TaskCompletionSource<bool>> _willRun = new();

    /// <param name="admit">Awaited before a stage is decided, after the stages it reads are done.</param>
    /// <param name="cancel">Ends the running work as soon as it listens; nothing of it is kept.</param>
    public Runner(
        Pipeline pipeline, Workspace workspace, ICodeFingerprint code, IRunObserver observer, RunSetting setting,
        Func<StageName, Task<Admission>>? admit = null, CancellationToken cancel = default)
    {
        (_pipeline, _workspace, _observer, _setting) = (pipeline, workspace, observer, setting);
        _admit = admit ?? (_ => Task.FromResult(Admission.Go));
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _cancel = cancel;
        _work = new(workspace);
        _partitions = new(pipeline);
        _commands = new(workspace);
        var places = new OutputPlaces(workspace, cancel);
        _planner = new(workspace, code, _commands, places);
        _unitWork = new(workspace, code, _commands, _planner, observer, _work, cancel, _stop.Token);
        _units = new(workspace, places, _unitWork, observer,
            new(setting.Resources, new(pipeline, _partitions, workspace)), _stop.Token);
    }

    /// <summary>Brings a stage and everything it reads up to date, once.</summary>
    /// <exception cref="PipelineException">There is no such stage.</exception>
    public Task<StageOutcome> Ensure(StageName name) =>
        _outcomes.GetOrAdd(name, key => new(() => Task.Run(() => Run(_pipeline[key])))).Value;

    /// <summary>True as soon as it is known that some of the stage's code runs (or that it cannot); false once it is in
    /// place without.</summary>
    /// <exception cref="PipelineException">There is no such stage.</exception>
    public Task<bool> WillRun(StageName name)
    {
        // Of one that is not there nothing would ever be known.
        _ = Ensure(_pipeline[name].Name);
        return KnownToRun(name).Task;
    }

    /// <summary>Starts nothing more, no retry either. What runs already goes on, and its results are kept.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Waits for what still runs.</summary>
    public Task Drain() =>
        Task.WhenAll(_outcomes.Values.Where(outcome => outcome.IsValueCreated).Select(outcome => outcome.Value));

    /// <summary>The stages that have been brought up to date.</summary>
    public IEnumerable<StageOutcome.Done> Done() => Ended().OfType<StageOutcome.Done>();

    /// <summary>The stages of which it is known how asking for them ended.</summary>
    public IEnumerable<StageOutcome> Ended() => _outcomes.Values
        .Where(outcome => outcome.IsValueCreated && outcome.Value.IsCompletedSuccessfully)
        .Select(outcome => outcome.Value.Result);

    /// <summary>Ends commands that still run, and sweeps.</summary>
    public void Dispose()
    {
        _commands.Dispose();
        _workspace.Hashes.Save();
        _work.Dispose();
        _stop.Dispose();
    }

    // Both, because what waits for the one may hear of it before the other does.
    private bool IsEnding => _cancel.IsCancellationRequested || _stop.IsCancellationRequested;

    // Who waits for it is a host, which goes on in its own thread, not within the work that makes it known.
    private TaskCompletionSource<bool> KnownToRun(StageName name) =>
        _willRun.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task<StageOutcome> Run(Stage stage)
    {
        var outcome = await Outcome(stage);
        KnownToRun(stage.Name).TrySetResult(outcome is not StageOutcome.Done { Ran: false });
        return outcome;
    }

    private async Task<StageOutcome> Outcome(Stage stage)
    {
        var upstream = await Upstream(stage);
        if (Array.Find(upstream, outcome => outcome is not StageOutcome.Done) is { } missing)
            return new StageOutcome.NotRun(stage.Name, LacksResult(missing.Stage));
        try
        {
            if (await _admit(stage.Name) == Admission.Frozen)
                return LastResult(_workspace, stage);
            var done = Array.ConvertAll(upstream, outcome => (StageOutcome.Done)outcome);
            if (Array.Find(done, input => input.LeftOut.Count > 0
                && !_pipeline.HaveSamePartitions(stage, _pipeline[input.Stage])) is { } lacking)
                return new StageOutcome.NotRun(stage.Name, Lacks(lacking.Stage, lacking.LeftOut.Count));
            return await RunUnits(stage, done);
        }
        catch (OperationCanceledException) when (IsEnding)
        {
            return Ending(stage);
        }
        catch (Exception e)
        {
            return new StageOutcome.Failed(stage.Name, e as StageFailedException ?? new($"{e.Message}", e));
        }
    }

    internal static string LacksResult(StageName stage) => $"'{stage}', which it reads, has no result";

    internal static string Lacks(StageName stage, int partitions) =>
        $"--only left out {partitions} of the partitions of '{stage}', which it reads";

    private async Task<StageOutcome> RunUnits(Stage stage, IReadOnlyList<StageOutcome.Done> upstream)
    {
        var units = _partitions.UnitsOf(stage);
        // Nothing is asked of it in this build: what it did before is not gone.
        if (units.Count == 0)
            return new StageOutcome.Done(stage.Name, []);
        var setting = StageSetting.Of(
            stage, units, _workspace, new(line => _observer.Log(new(stage, null), line), _stop.Token));
        // All are decided before any runs, so that whether the stage is stale is known at once.
        var plans = _planner.Decide(units, setting, StageInputs.Of(_pipeline, stage, upstream));
        var (begun, leftOut) = Limited(plans, upstream);
        if (begun.Any(plan => plan.Verdict.Runs))
        {
            KnownToRun(stage.Name).TrySetResult(true);
            _unitWork.Report(stage, _setting.RefuseUndeclared);
        }
        var settled = await Task.WhenAll(begun.Select(Settle));
        var failures = settled.Where(unit => unit.Failure is not null).ToArray();
        if (failures is [{ Unit.Partition: null } only])
            return new StageOutcome.Failed(stage.Name, only.Failure!);
        if (failures.Length > 0)
            return new StageOutcome.Failed(stage.Name, new(
                $"{failures.Length} of {units.Count} partitions failed; the others are kept.{string.Concat(
                    failures.Select(unit => $"\n{unit.Unit.Partition}: {unit.Failure!.Message}"))}"));
        if (settled.Any(unit => unit.Result is null))
            return Ending(stage);
        SayGone(stage, units);
        _workspace.ForgetOthers(stage.Name, units);
        await _units.Tidy(stage, units);
        return new StageOutcome.Done(stage.Name, [.. settled.Select(unit => unit.Result!)]) { LeftOut = leftOut };
    }

    // Less data is no failure, but nobody is to learn from less without knowing.
    private void SayGone(Stage stage, IReadOnlyList<StageUnit> units)
    {
        if (stage.Partitioning is not Partitioning.Files)
            return;
        var names = units.Select(unit => unit.Name);
        foreach (var gone in _workspace.LastUnits(stage.Name).Where(name => name.Contains('/')).Except(names))
        {
            var said = _workspace.Last(gone) is { } last ? LastLine(_workspace.LogPath(last.Fingerprint)) : "";
            _observer.Log(new(stage, null), $"'{gone.Split('/', 2)[1]}' is gone: its source file was there for the " +
                $"last build{(said.Length == 0 ? "" : $", which said: {said}")}.");
        }
    }

    // Empty where there is none, or where it cannot be read: that is no reason for a stage to fail. A log may be large.
    private static string LastLine(string path)
    {
        const int mostBytes = 4096;
        try
        {
            using var log = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            log.Seek(-Math.Min(mostBytes, log.Length), SeekOrigin.End);
            return new StreamReader(log).ReadToEnd().Trim().Split('\n')[^1];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // What need not run costs nothing and may be read, so only work is left out.
    private (List<UnitPlan> Begun, List<StageUnit> LeftOut) Limited(
        IReadOnlyList<UnitPlan> plans, IReadOnlyList<StageOutcome.Done> upstream)
    {
        var begun = new List<UnitPlan>(plans.Count);
        var leftOut = new List<StageUnit>();
        foreach (var plan in plans)
        {
            if (!plan.Verdict.Runs || (_setting.Only.Includes(plan.Unit) && !LacksItsInput(plan.Unit, upstream)))
                begun.Add(plan);
            else
                leftOut.Add(plan.Unit);
        }
        return (begun, leftOut);
    }

    // Its own partition of a stage with the same partitions was left out.
    private bool LacksItsInput(StageUnit unit, IReadOnlyList<StageOutcome.Done> upstream) => upstream.Any(input =>
        input.LeftOut.Any(other => other.Partition == unit.Partition)
        && _pipeline.HaveSamePartitions(unit.Stage, _pipeline[input.Stage]));

    private Task<StageOutcome[]> Upstream(Stage stage) => stage.Inputs.Count switch
    {
        0 => Task.FromResult<StageOutcome[]>([]),
        _ => Task.WhenAll(stage.Inputs.Select(input => input.Stage).Distinct().Select(Ensure)),
    };

    private static StageOutcome.NotRun Ending(Stage stage) => new(stage.Name, "the build is ending");

    private Task<SettledUnit> Settle(UnitPlan plan) => _units.Kept(plan) is { } kept
        ? Task.FromResult(Told(plan, kept, null))
        : Carry(plan);

    private SettledUnit Told(UnitPlan plan, UnitResult? result, StageFailedException? failure)
    {
        var settled = new SettledUnit(plan.Unit, plan.Verdict, plan.Recipe.Fingerprint, result, failure);
        _observer.Settled(settled);
        return settled;
    }

    private async Task<SettledUnit> Carry(UnitPlan plan)
    {
        LostArtifactException? lost = null;
        var repaired = new List<ContentHash>();
        while (true)
        {
            try
            {
                if (lost is not null)
                    plan = await Repair(plan, lost);
                if (plan.Verdict.Runs)
                    _stop.Token.ThrowIfCancellationRequested();
                return Told(plan, await Task.Run(() => _units.Carry(plan)), null);
            }
            catch (LostArtifactException e) when (repaired.Count(hash => hash == e.Hash) < MostRepairs)
            {
                repaired.Add(e.Hash);
                lost = e;
            }
            catch (OperationCanceledException) when (IsEnding)
            {
                return Told(plan, null, null);
            }
            catch (Exception e)
            {
                return Told(plan, null, e as StageFailedException ?? new(e.Message, e));
            }
        }
    }

    // The lost artifact may be one that this unit wrote, or one that it reads. Asking again for the stage that wrote a
    // lost one makes it run again; deciding again then sees what is left.
    private async Task<UnitPlan> Repair(UnitPlan plan, LostArtifactException lost)
    {
        var stage = plan.Unit.Stage;
        var writer = plan.Inputs.Items.FirstOrDefault(item => !_workspace.Artifacts.Contains(item.Artifact))?.Stage
            ?? stage.Name;
        _observer.Log(plan.Unit, $"{lost.Message} Rebuilding {writer}, which wrote it.");
        foreach (var input in stage.Inputs)
            AskAgainIfLost(input.Stage);
        var upstream = await Upstream(stage);
        if (Array.Find(upstream, outcome => outcome is not StageOutcome.Done) is { } missing)
            throw new StageFailedException($"'{missing.Stage}', which it reads, could not be rebuilt.");
        var done = Array.ConvertAll(upstream, outcome => (StageOutcome.Done)outcome);
        if (Array.Find(done, input => input.LeftOut.Any(unit => unit.Partition == plan.Unit.Partition
            || !_pipeline.HaveSamePartitions(stage, _pipeline[input.Stage]))) is { } lacking)
            throw new StageFailedException($"an artifact of '{lacking.Stage}', which it reads, is lost, and --only " +
                $"left out what would write it again. Run it without --only.");
        return _planner.Decide([plan.Unit], plan.Setting, StageInputs.Of(_pipeline, stage, done))[0];
    }

    // Unless another unit has just done so: two would run the stage twice.
    private void AskAgainIfLost(StageName name)
    {
        var known = _outcomes[name];
        if (known.Value is { IsCompletedSuccessfully: true, Result: StageOutcome.Done done }
            && done.Units.Any(unit =>
                unit.Record.Outputs.Any(output => !_workspace.Artifacts.Contains(output.Artifact))))
            _outcomes.TryUpdate(name, new(() => Task.Run(() => Run(_pipeline[name]))), known);
    }

    /// <summary>What a stage that is left alone gives.</summary>
    internal static StageOutcome LastResult(Workspace workspace, Stage stage)
    {
        var units = workspace.LastUnits(stage.Name)
            .Select(unit => (unit, record: workspace.Last(unit)))
            .Where(last => last.record is not null)
            .Select(last => new UnitResult(
                new(stage, last.unit.Split('/', 2) is [_, var key] ? new PartitionSource.Point(key, null) : null),
                new Verdict.UpToDate(last.record!), last.record!, TimeSpan.Zero, []))
            .ToArray();
        return units.Length > 0
            ? new StageOutcome.Done(stage.Name, units) { IsLastResult = true }
            : new StageOutcome.NotRun(stage.Name, "it was skipped and has no earlier result");
    }
}

/// <summary>What a run is limited to and by.</summary>
/// <param name="Resources">What the work of this run shares.</param>
/// <param name="RefuseUndeclared">A stage whose code reads what it does not declare fails instead of saying so.</param>
public sealed record RunSetting(ResourcePool Resources, Selection Only, bool RefuseUndeclared = false)
{
    public static RunSetting Everything => new(ResourcePool.OfThisMachine(), Selection.Everything);
}
