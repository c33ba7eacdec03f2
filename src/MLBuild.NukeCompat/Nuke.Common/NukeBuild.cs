#nullable disable
using System.Linq.Expressions;
using System.Reflection;
using MLBuild.NukeCompat;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>Base of a build: the class whose properties are targets and whose [Parameter] members are switches.
/// The statics describe this process; they are what a build's own field initialisers read.</summary>
public abstract class NukeBuild : INukeBuild
{
    protected NukeBuild() => Extensions = BuildEvents.ExtensionsOf(this);

    /// <summary>Runs the targets that the command line names, or the given ones, and returns the exit code.</summary>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild, new() =>
        BuildRun.Execute(() => new T(), defaultTargetExpressions);

    internal IReadOnlyList<BuildExtensionAttributeBase> Extensions { get; }
    internal BuildEvents Events => field ??= new BuildEvents(this);

    public static AbsolutePath RootDirectory => Invocation.Current.RootDirectory;
    public static AbsolutePath TemporaryDirectory => RootDirectory / ".nuke" / "temp";
    public static AbsolutePath BuildAssemblyFile => Invocation.Current.BuildAssemblyFile;
    public static AbsolutePath BuildAssemblyDirectory => BuildAssemblyFile?.Parent;
    public static AbsolutePath BuildProjectFile => Invocation.Current.BuildProjectFile;
    public static AbsolutePath BuildProjectDirectory => BuildProjectFile?.Parent;

    public static Verbosity Verbosity
    {
        get => (Verbosity)Logging.Level;
        set => Logging.Level = (LogLevel)value;
    }

    public static Host Host
    {
        get => Invocation.Current.Host;
        set => Invocation.Current.Host = value;
    }

    public static string[] LoadedLocalProfiles => [.. Invocation.Current.Profiles];

    public static bool IsLocalBuild => !IsServerBuild;
    public static bool IsServerBuild => Host is IBuildServer;

    public bool Plan { get; internal set; }
    public bool Help { get; internal set; }
    public bool NoLogo { get; set; }
    public bool Continue { get; internal set; }
    public Partition Partition { get; internal set; } = Partition.Single;

    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; set; }
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => [.. ExecutionPlan.Where(target => target.Invoked)];
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => With(ExecutionStatus.Skipped);
    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => With(ExecutionStatus.Scheduled);
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => With(ExecutionStatus.Running);
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => With(ExecutionStatus.Aborted);
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => With(ExecutionStatus.Failed);
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => With(ExecutionStatus.Succeeded);
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets => [.. FailedTargets, .. SucceededTargets];

    public bool IsSucceeding => !IsFailing;

    public bool IsFailing => ExecutionPlan.Any(target =>
        target.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);

    public bool IsFinished => !ScheduledTargets.Concat(RunningTargets).Any();
    public int? ExitCode { get; set; }

    public void ReportSummary(Configure<Dictionary<string, string>> configurator = null)
    {
        var running = RunningTargets;
        if (running.Count != 1)
            throw new InvalidOperationException("ReportSummary was called while no target runs; call it in a target.");
        ReportSummary(running.First(), configurator);
    }

    internal void ReportSummary(ExecutableTarget target, Configure<Dictionary<string, string>> configurator)
    {
        target.SummaryInformation = new(configurator.InvokeSafe([]));
        Events.TargetSummaryUpdated(target);
    }

    internal bool Shows(DefaultOutput output) =>
        !GetType().GetCustomAttributes<DisableDefaultOutputAttribute>()
            .Any(attribute => attribute.IsApplicable(this) && attribute.DisabledOutputs.Contains(output));

    protected internal virtual void OnBuildCreated()
    {
    }

    protected internal virtual void OnBuildInitialized()
    {
    }

    protected internal virtual void OnBuildFinished()
    {
    }

    protected internal virtual void OnTargetRunning(string target)
    {
    }

    protected internal virtual void OnTargetSkipped(string target)
    {
    }

    protected internal virtual void OnTargetSucceeded(string target)
    {
    }

    protected internal virtual void OnTargetFailed(string target)
    {
    }

    AbsolutePath INukeBuild.RootDirectory => RootDirectory;
    AbsolutePath INukeBuild.TemporaryDirectory => TemporaryDirectory;
    AbsolutePath INukeBuild.BuildAssemblyFile => BuildAssemblyFile;
    AbsolutePath INukeBuild.BuildAssemblyDirectory => BuildAssemblyDirectory;
    AbsolutePath INukeBuild.BuildProjectDirectory => BuildProjectDirectory;
    AbsolutePath INukeBuild.BuildProjectFile => BuildProjectFile;
    Verbosity INukeBuild.Verbosity => Verbosity;
    Host INukeBuild.Host => Host;
    bool INukeBuild.IsLocalBuild => IsLocalBuild;
    bool INukeBuild.IsServerBuild => IsServerBuild;

    T INukeBuild.TryGetValue<T>(Expression<Func<T>> parameterExpression) =>
        (T)Invocation.Current.Parameters.ComponentValue(this, parameterExpression);

    T INukeBuild.TryGetValue<T>(Expression<Func<object>> parameterExpression) =>
        Invocation.Current.Parameters.ComponentValue(this, parameterExpression) is { } value ? (T)value : default;

    private IReadOnlyCollection<ExecutableTarget> With(ExecutionStatus status) =>
        [.. ExecutionPlan.Where(target => target.Status == status)];
}
