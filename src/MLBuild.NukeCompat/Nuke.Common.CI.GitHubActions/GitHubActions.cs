#nullable disable
using System.Globalization;
using MLBuild.NukeCompat;
using Nuke.Common.IO;

namespace Nuke.Common.CI.GitHubActions;

/// <summary>The host of builds that a GitHub workflow runs; its properties are the variables of that run.</summary>
public class GitHubActions : Host, IBuildServer
{
    internal static bool IsRunningGitHubActions => EnvironmentInfo.HasVariable("GITHUB_ACTIONS");

    internal GitHubActions()
    {
    }

    /// <summary>Null on other hosts.</summary>
    public static GitHubActions Instance => NukeBuild.Host as GitHubActions;

    public string Home => Variable("HOME");
    public string Workflow => Variable("GITHUB_WORKFLOW");
    public string Action => Variable("GITHUB_ACTION");
    public string Actor => Variable("GITHUB_ACTOR");
    public string Repository => Variable("GITHUB_REPOSITORY");
    public string RepositoryOwner => Variable("GITHUB_REPOSITORY_OWNER");
    public string EventName => Variable("GITHUB_EVENT_NAME");
    public string EventPath => Variable("GITHUB_EVENT_PATH");
    public string Workspace => Variable("GITHUB_WORKSPACE");
    public string Sha => Variable("GITHUB_SHA");
    public string Ref => Variable("GITHUB_REF");
    public string RefName => Variable("GITHUB_REF_NAME");
    public string HeadRef => Variable("GITHUB_HEAD_REF");
    public string BaseRef => Variable("GITHUB_BASE_REF");
    public string RefType => Variable("GITHUB_REF_TYPE");
    public long RunAttempt => Number("GITHUB_RUN_ATTEMPT");
    public long RunNumber => Number("GITHUB_RUN_NUMBER");
    public long RunId => Number("GITHUB_RUN_ID");
    public string ServerUrl => Variable("GITHUB_SERVER_URL");
    public string Job => Variable("GITHUB_JOB");
    public string Token => Variable("GITHUB_TOKEN");
    public bool IsPullRequest => EventName == "pull_request";
    public AbsolutePath StepSummaryFile => Variable("GITHUB_STEP_SUMMARY");

    string IBuildServer.Branch => Ref;
    string IBuildServer.Commit => Sha;

    public void Group(string group) => ConsoleLines.Write($"::group::{group}");

    public void EndGroup(string group) => ConsoleLines.Write($"::endgroup::{group}");

    public void WriteDebug(string message) => ConsoleLines.Write($"::debug::{Escaped(message)}");

    public void WriteWarning(string message) => ConsoleLines.Write($"::warning::{Escaped(message)}");

    public void WriteError(string message) => ConsoleLines.Write($"::error::{Escaped(message)}");

    internal override bool Collapses => true;

    protected internal override IDisposable WriteBlock(string text)
    {
        Group(text);
        return new Bracket(() => EndGroup(text));
    }

    protected internal override void ReportWarning(string text, string details = null) => WriteWarning(text);

    protected internal override void ReportError(string text, string details = null) => WriteError(text);

    // A message that is itself a workflow command only works at the start of a line.
    protected internal override bool FilterMessage(string message)
    {
        if (!message.StartsWith("::", StringComparison.Ordinal) && !message.StartsWith("##[", StringComparison.Ordinal))
            return false;
        ConsoleLines.Write(message);
        return true;
    }

    private static string Variable(string name) => EnvironmentInfo.GetVariable(name);

    private static long Number(string name) =>
        long.TryParse(Variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // As workflow commands want it: they end at the line's end, and % introduces an escape.
    private static string Escaped(string data) => data
        ?.Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);
}
