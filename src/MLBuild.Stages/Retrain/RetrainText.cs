using MLBuild.Learning.Contracts;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Retraining;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;

namespace MLBuild.Stages.Retrain;

/// <summary>What is decided about a retraining, a line each.</summary>
internal static class RetrainText
{
    /// <summary>How every refusal to learn from data begins.</summary>
    public const string BadData = "The data is bad: not learning from it.";

    private const string Unchanged = "not again until data, code or parameters change";
    private const int MostFindings = 3;

    public static string Line(RetrainDecision decision, MonitorReport report, RetrainOptions options)
    {
        var (window, what) = (report.Windows[^1].Window.Name, Wanted(report));
        return decision switch
        {
            RetrainDecision.NothingToDo =>
                $"nothing to do: the rows of {window} look like those that version {report.Version} was trained on",
            RetrainDecision.NotEnoughData => $"nothing was done: {window} has not enough data to say whether version "
                + $"{report.Version} has to be trained anew",
            RetrainDecision.BadData => $"{BadData} {window}: {Findings(report)} Mend it, then run ./build.sh Retrain "
                + "again.",
            RetrainDecision.OtherRollout other => $"{what}, but version {other.Version} is being rolled out to "
                + $"'{options.Environment}': nothing is learned until that has ended (./build.sh Status)",
            RetrainDecision.Continue { Begun: var begun } => $"going on with version {begun.Version}, retrained "
                + Moment.Text(begun.RetrainedUtc),
            RetrainDecision.CoolingDown cooling => $"{what}, but version {cooling.Last.Version}, "
                + $"{Became(cooling.Last.Fate)}, was retrained {Moment.Text(cooling.Last.RetrainedUtc)}: nothing is "
                + $"learned before {Moment.Text(cooling.UntilUtc)} (--cool-down)",
            RetrainDecision.BudgetSpent spent => $"{what}, but there were "
                + $"{Figures.Count(spent.Spent.Count, "retraining")} in {RetrainLimits.Period.Days} days ("
                + string.Join(", ", spent.Spent.Select(one => $"version {one.Version} {Moment.Text(one.RetrainedUtc)}"))
                + $"): nothing is learned before {Moment.Text(spent.NextUtc)} (--retrain-budget)",
            RetrainDecision.Retrain => $"training anew because of {Because(report)}",
            _ => throw new InvalidOperationException($"BUG: unknown decision {decision}."),
        };
    }

    /// <summary>What is noted of a version.</summary>
    public static string Note(MonitorReport report, RetrainOptions options) =>
        $"retrained for '{options.Environment}' because of {Because(report)}";

    public static string Serves(int version, MonitorReport report) =>
        $"{Wanted(report)}, but there is nothing new to learn: what was trained is version {version} again, "
        + $"{Became(VersionFate.Serves)}; {Unchanged}";

    public static string AlreadyTried(int version, VersionFate fate, MonitorReport report) =>
        $"{Wanted(report)}, but this was tried: what was trained is version {version} again, "
        + $"{Became(fate)}; {Unchanged}";

    /// <summary>Said where nobody but a person deploys.</summary>
    public static string Waits(int version, bool isRollingOut, RetrainOptions options) => isRollingOut
        ? $"{options.Model} version {version} is being rolled out to '{options.Environment}': see ./build.sh Status"
        : $"{options.Model} version {version} waits for a person: deploy it with ./build.sh Deploy --model-version "
            + $"{version}";

    private static string Because(MonitorReport report) => $"{Wanted(report)}: {Findings(report)}";

    // drift in 2019-03
    private static string Wanted(MonitorReport report) =>
        $"{MonitorText.Word(report.Verdict)} in {report.Windows[^1].Window.Name}";

    private static string Findings(MonitorReport report)
    {
        var findings = report.Windows[^1].Findings;
        var more = findings.Count - MostFindings;
        return string.Join(' ', findings.Take(MostFindings))
            + (more > 0 ? $" And {Figures.Count(more, "more finding")}, in {MonitorStage.Page}." : "");
    }

    private static string Became(VersionFate fate) => fate switch
    {
        VersionFate.Waiting or VersionFate.Outdated => "which was not deployed",
        VersionFate.RollingOut => "which is being rolled out",
        VersionFate.Serves => "which serves",
        VersionFate.GateNotPassed => "whose gate did not pass",
        VersionFate.RolledBack => "which was rolled back",
        VersionFate.Replaced => "which served and was replaced",
        VersionFate.Archived => "which is archived",
        _ => throw new InvalidOperationException($"BUG: unknown fate {fate}."),
    };
}
