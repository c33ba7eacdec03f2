using System.Collections.Concurrent;
using MLBuild.Engine.Code;
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
    // A rebuilt artifact can be damaged again only by a disk that no retry mends.
    private const int MostRepairs = 3;

    private readonly Pipeline _pipeline;
    private readonly Workspace _workspace;
    private readonly IRunObserver _observer;
    private readonly RunSetting _setting;
    private readonly Func<StageName, Task<Admission>> _admit;
    private readonly CancellationTokenSource _stop;
    private readonly WorkFolder _work;
    private readonly Partitions _partitions;
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
        _work = new(workspace);
        _partitions = new(pipeline);
        var importance = new Importance(pipeline, _partitions, workspace);
        _units = new(workspace, code, observer, new(setting.Resources, importance), _work, _stop.Token, cancel);
    }

    /// <summary>Brings a stage and everything it reads up to date, once.</summary>
    public Task<StageOutcome> Ensure(StageName name) =>
        _outcomes.GetOrAdd(name, key => new(() => Task.Run(() => Run(_pipeline[key])))).Value;

    /// <summary>True as soon as it is known that some of the stage's code runs (or that it cannot); false once it is in
    /// place without.</summary>
    public async Task<bool> WillRun(StageName name)
    {
        var known = _willRun.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        _ = Ensure(name);
        return await known.Task;
    }

    /// <summary>Starts nothing more. What runs already goes on, and its results are kept.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Waits for what still runs.</summary>
    public Task Drain() =>
        Task.WhenAll(_outcomes.Values.Where(outcome => outcome.IsValueCreated).Select(outcome => outcome.Value));

    /// <summary>The stages that have been brought up to date.</summary>
    public IEnumerable<StageOutcome.Done> Done() => _outcomes.Values
        .Where(outcome => outcome.IsValueCreated && outcome.Value.IsCompletedSuccessfully)
        .Select(outcome => outcome.Value.Result).OfType<StageOutcome.Done>();

    public void Dispose()
    {
        _workspace.Hashes.Save();
        _work.Dispose();
        _stop.Dispose();
    }

    private async Task<StageOutcome> Run(Stage stage)
    {
        var outcome = await Outcome(stage);
        _willRun.GetOrAdd(stage.Name, _ => new()).TrySetResult(outcome is not StageOutcome.Done { Ran: false });
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
            return await RunUnits(stage, StageInputs.Of(_pipeline, stage, done));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
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

    private async Task<StageOutcome> RunUnits(Stage stage, StageInputs inputs)
    {
        var units = _partitions.UnitsOf(stage);
        var setting = StageSetting.Of(stage, units);
        // All are decided before any runs, so that whether the stage is stale is known at once.
        var plans = _units.Decide(units, setting, inputs);
        var (begun, leftOut) = Limited(plans);
        if (begun.Any(plan => plan.Verdict.Runs))
            _willRun.GetOrAdd(stage.Name, _ => new()).TrySetResult(true);
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
        _workspace.ForgetOthers(stage.Name, units);
        await _units.Tidy(stage, units);
        return new StageOutcome.Done(stage.Name, [.. settled.Select(unit => unit.Result!)]) { LeftOut = leftOut };
    }

    // What need not run costs nothing and may be read, so only work is left out.
    private (List<UnitRunner.Plan> Begun, List<StageUnit> LeftOut) Limited(IReadOnlyList<UnitRunner.Plan> plans)
    {
        var begun = new List<UnitRunner.Plan>(plans.Count);
        var leftOut = new List<StageUnit>();
        foreach (var plan in plans)
        {
            if (!plan.Verdict.Runs || (_setting.Only.Includes(plan.Unit) && !LacksItsInput(plan.Unit)))
                begun.Add(plan);
            else
                leftOut.Add(plan.Unit);
        }
        return (begun, leftOut);
    }

    // Its own partition of a stage with the same partitions was left out.
    private bool LacksItsInput(StageUnit unit) => unit.Stage.Inputs.Any(input =>
        _outcomes[input.Stage].Value is { IsCompletedSuccessfully: true, Result: StageOutcome.Done { LeftOut: var left } }
        && _pipeline.HaveSamePartitions(unit.Stage, _pipeline[input.Stage])
        && left.Any(other => other.Partition == unit.Partition));

    private Task<StageOutcome[]> Upstream(Stage stage) => stage.Inputs.Count switch
    {
        0 => Task.FromResult<StageOutcome[]>([]),
        _ => Task.WhenAll(stage.Inputs.Select(input => input.Stage).Distinct().Select(Ensure)),
    };

    private static StageOutcome.NotRun Ending(Stage stage) => new(stage.Name, "the build is ending");

    // Without result and failure: it was not begun, or given up, because the build is ending.
    private async Task<(StageUnit Unit, UnitResult? Result, StageFailedException? Failure)> Settle(UnitRunner.Plan plan)
    {
        LostArtifactException? lost = null;
        for (var repairs = 0; ; repairs++)
        {
            try
            {
                if (lost is not null)
                    plan = await Repair(plan, lost);
                if (plan.Verdict.Runs)
                    _stop.Token.ThrowIfCancellationRequested();
                return (plan.Unit, await Task.Run(() => _units.Carry(plan)), null);
            }
            catch (LostArtifactException e) when (repairs < MostRepairs)
            {
                lost = e;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return (plan.Unit, null, null);
            }
            catch (Exception e)
            {
                return (plan.Unit, null, e as StageFailedException ?? new(e.Message, e));
            }
        }
    }

    // The lost artifact may be one that this unit wrote, or one that it reads. Asking for its inputs again makes the
    // stage that wrote a lost one run again; deciding again then sees what is left.
    private async Task<UnitRunner.Plan> Repair(UnitRunner.Plan plan, LostArtifactException lost)
    {
        var stage = plan.Unit.Stage;
        var writer = plan.Inputs.Items.FirstOrDefault(item => !_workspace.Artifacts.Contains(item.Artifact))?.Stage
            ?? stage.Name;
        _observer.Log(plan.Unit, $"{lost.Message} Rebuilding {writer}, which wrote it.");
        foreach (var upstream in stage.Inputs.Select(input => input.Stage).Distinct())
            _outcomes[upstream] = new(() => Task.Run(() => Run(_pipeline[upstream])));
        var inputs = await Upstream(stage);
        return Array.Find(inputs, outcome => outcome is not StageOutcome.Done) is { } missing
            ? throw new StageFailedException($"'{missing.Stage}', which it reads, could not be rebuilt.")
            : _units.Decide([plan.Unit], plan.Setting, StageInputs.Of(
                _pipeline, stage, Array.ConvertAll(inputs, outcome => (StageOutcome.Done)outcome)))[0];
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
public sealed record RunSetting(ResourcePool Resources, Selection Only)
{
    public static RunSetting Everything => new(ResourcePool.OfThisMachine(), Selection.Everything);
}
