using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Running;

/// <summary>A stage's options, observations and files, as they are for the whole of a run.</summary>
internal sealed class StageSetting
{
    private readonly Dictionary<string, object?>? _ofPoints;
    private readonly object? _ofStage;

    private StageSetting(Stage stage, IReadOnlyList<StageUnit> units, Workspace workspace, ProbeRun probing)
    {
        Files = ProjectFiles.Of(stage, workspace);
        if (units.Any(unit => unit.For?.Value is not null))
            _ofPoints = units.ToDictionary(unit => unit.Partition!, unit => stage.OptionsOf(unit.For!.Value));
        // Options of a matrix without points are nobody's.
        else if (units.Count > 0)
            _ofStage = stage.OptionsOf(null);
        Observed = stage.Observations.ToDictionary(
            observation => observation.Name, observation => Probed(observation, probing));
    }

    public IReadOnlyDictionary<string, string> Observed { get; }

    public ProjectFiles Files { get; }

    /// <exception cref="OperationCanceledException">A probe was called off.</exception>
    public static StageSetting Of(
        Stage stage, IReadOnlyList<StageUnit> units, Workspace workspace, ProbeRun probing) =>
        new(stage, units, workspace, probing);

    public object? OptionsOf(StageUnit unit) => _ofPoints is null ? _ofStage : _ofPoints[unit.Partition!];

    private static string Probed(Observation observation, ProbeRun probing)
    {
        try
        {
            return observation.Probe(probing);
        }
        catch (Exception e) when (e is not OperationCanceledException || !probing.Cancel.IsCancellationRequested)
        {
            throw new StageFailedException(
                $"what it observes as '{observation.Name}' could not be read: {e.Message}", e);
        }
    }
}
