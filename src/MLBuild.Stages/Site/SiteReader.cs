using MLBuild.Engine.Code;
using MLBuild.Engine.History;
using MLBuild.Engine.Running;
using MLBuild.Registry;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Register;
using MLBuild.Stages.Train;
using MLBuild.Store;

namespace MLBuild.Stages.Site;

/// <summary>Reads what the report shows from the store and the registry. Changes nothing, runs nothing.</summary>
/// <param name="monitoring">The folder in which Monitor keeps what it said: a folder for each environment.</param>
public sealed class SiteReader(
    Pipeline pipeline, Workspace workspace, ICodeFingerprint code, IModelRegistry registry, string model,
    string monitoring)
{
    private readonly HostPaths _paths = new(workspace);

    // Of what was registered with a version: what can be drawn.
    private static string[] Drawn => [TrainStage.Report, EvaluateStage.Report, EvaluateStage.Page];

    /// <exception cref="RegistryException">The registry cannot be read.</exception>
    public SiteState Read()
    {
        var (stages, others) = new SiteStages(pipeline, workspace, code, _paths).Read();
        return new(
            model, stages, others, [.. new RunJournal(workspace).Read().Select(Run)],
            [.. registry.Versions(model).Reverse().Select(Version)],
            [.. registry.Environments(model).Select(Environment)]);
    }

    private RunEntry Run(RunEntry run) => run with
    {
        Start = run.Start with { Command = _paths.Hidden(run.Start.Command) },
        Failure = run.Failure is { } failure ? _paths.Hidden(failure) : null,
        Units =
        [
            .. run.Units.Select(unit => unit with
            {
                Because = _paths.Hidden(unit.Because),
                Failure = unit.Failure is { } failure ? _paths.Hidden(failure) : null,
            }),
        ],
    };

    private SiteVersion Version(ModelVersion version)
    {
        var store = workspace.Artifacts;
        var (lines, svg) = Lineage(version.Number);
        return new(
            VersionStory.Of(registry, model, version.Number), lines, svg, Card(version),
            [
                .. Drawn.Where(name => version.Evidence.Attachments.TryGetValue(name, out _))
                    .Select(name => SiteFinding.Of(store, name, name, version.Evidence.Attachments[name]))
                    .OfType<SiteFinding>(),
            ]);
    }

    private (IReadOnlyList<string> Lines, string? Svg) Lineage(int number)
    {
        try
        {
            var lineage = VersionLineage.Of(registry, workspace.Artifacts, model, number);
            return ([.. LineageText.Lines(lineage)], LineagePicture.Svg(lineage));
        }
        catch (LineageException e)
        {
            return ([_paths.Hidden(e.Message)], null);
        }
    }

    private string? Card(ModelVersion version)
    {
        try
        {
            return version.Evidence.Attachments.TryGetValue(CardStage.Card, out var hash)
                ? workspace.Artifacts.ReadText(hash)
                : null;
        }
        catch (LostArtifactException)
        {
            return null;
        }
    }

    private SiteEnvironment Environment(string name)
    {
        var history = new MonitorHistory(Path.Combine(monitoring, name));
        return new(
            ServedHistory.Of(registry, model, name), registry.Rollouts(model, name),
            [
                .. history.Rules().Select(rule =>
                {
                    var unreadable = new List<string>();
                    var reports = history.Read(rule, text => unreadable.Add(_paths.Hidden(text)));
                    return new SiteWindows(rule, reports, unreadable);
                }),
            ]);
    }
}
