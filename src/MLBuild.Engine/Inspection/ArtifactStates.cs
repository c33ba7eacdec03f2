using MLBuild.Engine.Code;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Inspection;

/// <summary>Whether an artifact is what the pipeline would give now.</summary>
public enum ArtifactState
{
    /// <summary>A run would give it, without work.</summary>
    Fresh,

    /// <summary>Its stage would run.</summary>
    Stale,

    /// <summary>A stage before it would run and decides, or nobody can say now.</summary>
    Undecided,

    /// <summary>Its stage acts on something outside: it runs whenever it is asked for.</summary>
    Effect,

    /// <summary>Of an earlier result, or of a stage or partition that is no more.</summary>
    Old,
}

/// <summary>Foresees whether what is cached still stands, as <see cref="Forecast"/> does.</summary>
public sealed class ArtifactStates
{
    private readonly Dictionary<string, Expectation> _units = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);

    /// <param name="stages">Those that are asked about.</param>
    public ArtifactStates(
        Pipeline pipeline, Workspace workspace, ICodeFingerprint code, IReadOnlyList<StageName> stages)
    {
        var forecast = new Forecast(pipeline, workspace, code);
        try
        {
            Keep(forecast.Of(stages, new HashSet<StageName>(), Selection.Everything));
        }
        catch (Exception)
        {
            // Files that are gone, a server that does not answer: that is of one stage and of those behind it.
            foreach (var stage in stages)
                See(forecast, stage);
        }
    }

    /// <summary>Why a stage cannot be foreseen, by its name.</summary>
    public IReadOnlyDictionary<string, string> Faults => _faults;

    public ArtifactState Of(ArtifactInventory.Item item)
    {
        if (!_units.TryGetValue(item.Unit, out var expected))
            return item.IsCurrent && _faults.ContainsKey(item.Stage) ? ArtifactState.Undecided : ArtifactState.Old;
        if (expected is Expectation.Decided { Record: { } record })
            return record.Fingerprint == item.Record.Fingerprint ? ArtifactState.Fresh
                : item.IsCurrent ? ArtifactState.Stale : ArtifactState.Old;
        return !item.IsCurrent ? ArtifactState.Old : expected switch
        {
            Expectation.Decided { Verdict: Verdict.Effect } => ArtifactState.Effect,
            { IsSureToRun: true } => ArtifactState.Stale,
            _ => ArtifactState.Undecided,
        };
    }

    /// <summary>How a state is written.</summary>
    public static PageCell Cell(ArtifactState state) => state switch
    {
        ArtifactState.Fresh => new("fresh", Tone.Good),
        ArtifactState.Stale => new("stale", Tone.Doubtful),
        ArtifactState.Undecided => new("undecided", Tone.Doubtful),
        ArtifactState.Effect => new("effect"),
        ArtifactState.Old => new("old", Tone.Faint),
        _ => throw new InvalidOperationException($"BUG: unknown state {state}."),
    };

    private void See(Forecast forecast, StageName stage)
    {
        try
        {
            Keep(forecast.Of(stage));
        }
        catch (Exception fault)
        {
            _faults[stage.ToString()] = fault.Message;
        }
    }

    private void Keep(IEnumerable<Forecast.Line> lines)
    {
        foreach (var line in lines)
            _units[line.Unit] = line.Expectation;
    }
}
