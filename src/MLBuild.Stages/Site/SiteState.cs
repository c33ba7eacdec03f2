using MLBuild.Engine.Graphs;
using MLBuild.Engine.History;
using MLBuild.Learning.Monitoring;
using MLBuild.Registry;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Register;
using MLBuild.Store;

namespace MLBuild.Stages.Site;

/// <summary>All that the report for people shows: read at one moment, and the same pages are drawn of it for
/// ever.</summary>
/// <param name="Model">The name of the model in the registry.</param>
/// <param name="Stages">Each behind those that it reads; without those that nobody ever asked for.</param>
/// <param name="NotAskedFor">The names of those.</param>
/// <param name="Runs">Newest first.</param>
/// <param name="Versions">Newest first, archived ones too.</param>
/// <param name="Environments">By name.</param>
public sealed record SiteState(
    string Model,
    IReadOnlyList<SiteStage> Stages,
    IReadOnlyList<string> NotAskedFor,
    IReadOnlyList<RunEntry> Runs,
    IReadOnlyList<SiteVersion> Versions,
    IReadOnlyList<SiteEnvironment> Environments)
{
    /// <summary>When something happened last; null where nothing ever did.</summary>
    public DateTimeOffset? LastUtc => new[]
    {
        Stages.SelectMany(stage => stage.Works).Max(work => (DateTimeOffset?)work.FinishedUtc),
        Runs.Max(run => (DateTimeOffset?)run.Start.BeganAt),
        Versions.SelectMany(version => version.Story.Events).Max(happened => (DateTimeOffset?)happened.WhenUtc),
        Environments.SelectMany(environment => environment.Rollouts).Max(entry => (DateTimeOffset?)entry.RecordedUtc),
    }.Max();
}

/// <summary>A stage with its last result.</summary>
/// <param name="Because">Why it is in that state; may be empty.</param>
/// <param name="Reads">The names of the stages it reads.</param>
/// <param name="Works">All work of which there are records, newest first.</param>
/// <param name="Parameters">Of the last result.</param>
/// <param name="Findings">What its last result says of itself.</param>
public sealed record SiteStage(
    string Name,
    StageState State,
    string Because,
    IReadOnlyList<string> Reads,
    IReadOnlyList<SiteWork> Works,
    IReadOnlyList<SiteValue> Parameters,
    IReadOnlyList<SiteFinding> Findings)
{
    /// <summary>The works whose results are in place.</summary>
    public IEnumerable<SiteWork> Current => Works.Where(work => work.IsCurrent);
}

/// <summary>A piece of work that a stage, or a partition of it, once did.</summary>
/// <param name="IsCurrent">Its result is the unit's last.</param>
public sealed record SiteWork(
    string Unit,
    DateTimeOffset FinishedUtc,
    TimeSpan Duration,
    ContentHash Recipe,
    IReadOnlyList<ActionRecord.Output> Outputs,
    bool IsCurrent);

/// <summary>A parameter with its value.</summary>
public sealed record SiteValue(string Name, string Value);

/// <summary>A version with all that was registered with it.</summary>
/// <param name="LineageLines">What made it, as a tree, or why its recipes cannot be read.</param>
/// <param name="LineageSvg">The same as a picture; null where they cannot be read.</param>
/// <param name="Card">As Markdown; null where there is none.</param>
public sealed record SiteVersion(
    VersionStory Story,
    IReadOnlyList<string> LineageLines,
    string? LineageSvg,
    string? Card,
    IReadOnlyList<SiteFinding> Findings);

/// <summary>What an environment served and serves.</summary>
/// <param name="Windows">What Monitor said there, by kind of window.</param>
public sealed record SiteEnvironment(
    ServedHistory History,
    IReadOnlyList<RolloutEntry> Rollouts,
    IReadOnlyList<SiteWindows> Windows)
{
    public string Name => History.Environment;

    /// <summary>The deployment that serves now; null where nothing was deployed.</summary>
    public ServedDeployment? Serving => History.Deployments.LastOrDefault();

    /// <summary>The window that begins last, of whatever kind, of those in which Monitor judged the version that
    /// serves; null where it judged none. What was said of another version says nothing of this one.</summary>
    public WindowReport? LastWindow => Windows.SelectMany(kind => kind.Reports)
        .Where(report => report.Version == Serving?.To).MaxBy(report => report.Window);
}
