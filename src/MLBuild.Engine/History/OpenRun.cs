using System.Text;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Store;

namespace MLBuild.Engine.History;

/// <summary>A run that goes on: writes down what becomes of each piece of work, and at last all of it.</summary>
public sealed class OpenRun : IRunObserver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly RunJournal _journal;
    private readonly string _id;
    private readonly RunStart _start;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly TimeSpan _before;

    // Held open, by which others see that this process lives. Shared with who reads.
    private readonly FileStream _begun;
    private readonly Dictionary<string, Begun> _working = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RunUnit> _units = new(StringComparer.Ordinal);
    private bool _isWritable = true;
    private bool _hasEnded;

    // A class: collections of a value type would have to be compiled at each start.
    private sealed record Begun(long At);

    internal OpenRun(RunJournal journal, string id, RunStart start, TimeProvider clock)
    {
        (_journal, _id, _start, _clock) = (journal, id, start, clock);
        _began = clock.GetTimestamp();
        // What the build did until it came to its first stage.
        _before = clock.GetUtcNow() - start.BeganAt is { Ticks: > 0 } before ? before : TimeSpan.Zero;
        _begun = new(journal.BegunPathOf(id), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Append(RunText.Of(start));
    }

    public void Running(StageUnit unit, Verdict verdict)
    {
        lock (_lock)
            _working[unit.Name] = new(_clock.GetTimestamp());
    }

    public void Log(StageUnit unit, string line)
    {
    }

    public void Progress(StageUnit unit, string line, ProgressPace pace)
    {
    }

    public void Settled(SettledUnit settled)
    {
        lock (_lock)
        {
            if (_hasEnded)
                return;
            var unit = UnitOf(settled);
            _units[settled.Unit.Name] = unit;
            if (unit.Fate != UnitFate.UpToDate)
                Append(RunText.Of(unit));
        }
    }

    /// <summary>Writes how the run ended, and lets the oldest run go. What settles later is not told.</summary>
    /// <param name="outcomes">Of the stages that were asked for.</param>
    public void End(RunState state, string? failure, IEnumerable<StageOutcome> outcomes)
    {
        lock (_lock)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            try
            {
                var text = new StringBuilder(RunText.Of(_start));
                foreach (var unit in Told(outcomes))
                    text.Append(RunText.Of(unit));
                text.Append(RunText.OfEnd(state, _before + _clock.GetElapsedTime(_began), failure));
                AtomicFile.WriteText(_journal.PathOf(_id), SealedText.Seal(text.ToString()));
                _begun.Dispose();
                File.Delete(_journal.BegunPathOf(_id));
                _journal.Trim();
            }
            catch (Exception e) when (StoreUnavailableException.Explains(e))
            {
                // The results are there; only the journal lacks this run, or has it as one that was killed.
            }
        }
    }

    public void Dispose() => _begun.Dispose();

    private RunUnit UnitOf(SettledUnit settled)
    {
        var unit = new RunUnit(settled.Unit.Stage.Name.ToString(), settled.Unit.Partition, FateOf(settled))
        {
            Fingerprint = settled.Result?.Record.Fingerprint ?? settled.Recipe,
        };
        return unit.Fate switch
        {
            UnitFate.UpToDate => unit with { Saved = settled.Result!.Record.Duration },
            UnitFate.Restored => unit with
            {
                Because = settled.Result!.Verdict.Because,
                Saved = settled.Result.Record.Duration,
            },
            UnitFate.Frozen => unit with { Because = settled.Result!.Verdict.Because },
            UnitFate.Ran => unit with
            {
                Because = settled.Result!.Verdict.Because,
                Duration = settled.Result.Duration,
            },
            UnitFate.Failed => unit with
            {
                Because = settled.Verdict.Runs ? settled.Verdict.Because : "",
                Duration = Worked(unit.Name),
                Failure = FirstLine(settled.Failure!.Message),
            },
            _ => unit with { Because = "the build was ending", Duration = Worked(unit.Name) },
        };
    }

    // An interrupted piece of work settles after its build has said how it ended, so here also what had begun counts.
    private static UnitFate FateOf(SettledUnit settled) => settled switch
    {
        { Failure: not null } => UnitFate.Failed,
        { Result: null } => UnitFate.NotRun,
        { Result.Verdict: Verdict.UpToDate } => UnitFate.UpToDate,
        { Result.Verdict: Verdict.Restore } => UnitFate.Restored,
        { Result.Verdict: Verdict.Frozen } => UnitFate.Frozen,
        _ => UnitFate.Ran,
    };

    private TimeSpan Worked(string unit) =>
        _working.TryGetValue(unit, out var begun) ? _clock.GetElapsedTime(begun.At) : TimeSpan.Zero;

    // Partitions that were up to date are told together, so that a run with nothing to do stays small.
    private List<RunUnit> Told(IEnumerable<StageOutcome> outcomes)
    {
        var told = new List<RunUnit>();
        var kept = new Dictionary<string, List<RunUnit>>(StringComparer.Ordinal);
        foreach (var unit in _units.Values)
        {
            if (unit is not { Fate: UnitFate.UpToDate, Partition: not null })
                told.Add(unit);
            else if (kept.TryGetValue(unit.Stage, out var same))
                same.Add(unit);
            else
                kept[unit.Stage] = [unit];
        }
        foreach (var same in kept.Values)
        {
            // Not Sum, which would have to be compiled at each start.
            var saved = TimeSpan.Zero;
            foreach (var unit in same)
                saved += unit.Saved;
            told.Add(same[0] with { Partition = null, Fingerprint = null, Count = same.Count, Saved = saved });
        }
        foreach (var outcome in outcomes)
            told.AddRange(WithoutUnit(outcome));
        foreach (var name in _working.Keys)
        {
            if (!_units.ContainsKey(name))
                told.Add(GivenUp(name));
        }
        return told;
    }

    // What a stage did not do, or could not even decide.
    private IEnumerable<RunUnit> WithoutUnit(StageOutcome outcome)
    {
        var stage = outcome.Stage.ToString();
        switch (outcome)
        {
            case StageOutcome.NotRun notRun when !IsToldOf(stage):
                yield return new(stage, null, UnitFate.NotRun) { Because = notRun.Because };
                break;
            case StageOutcome.Failed failed when !IsToldOf(stage):
                yield return new(stage, null, UnitFate.Failed) { Failure = FirstLine(failed.Failure.Message) };
                break;
            case StageOutcome.Done { LeftOut: { Count: > 0 } leftOut }:
                yield return new(stage, null, UnitFate.LeftOut)
                {
                    Count = leftOut.Count,
                    Because = "the run was limited to other partitions",
                };
                break;
        }
    }

    private RunUnit GivenUp(string name) =>
        new(name.Split('/', 2)[0], name.Split('/', 2) is [_, var partition] ? partition : null, UnitFate.NotRun)
        {
            Because = "it was given up when the build was stopped",
            Duration = Worked(name),
        };

    private bool IsToldOf(string stage)
    {
        foreach (var unit in _units.Values)
        {
            if (unit.Stage == stage && unit.Fate is UnitFate.Failed or UnitFate.NotRun)
                return true;
        }
        return false;
    }

    private static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd();

    // Each line as it comes, so that it is there should the process be killed. A full disk ends that, not the build.
    private void Append(string text)
    {
        if (!_isWritable)
            return;
        try
        {
            _begun.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            _isWritable = false;
        }
    }
}
