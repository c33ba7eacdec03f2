using System.Globalization;
using MLBuild.Engine.Inspection;
using MLBuild.Learning.Gates;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Deploy;

/// <summary>What an environment served, and why, for a person.</summary>
public static class ServedText
{
    // All that a canary was judged by is a paragraph: last, so that nothing stands far behind it.
    public static IEnumerable<string> Lines(ServedHistory history, Page page) => history.Deployments.Count == 0
        ? page.Wrap($"Nothing of {history.Model} was ever deployed to '{history.Environment}'.")
        : PageTable.Lines(page,
            [
                new("when"), new("from"), new("to"), new("by"), new("gate"), new("evidence"),
                new("by force", IsWrapped: true), new("why", IsWrapped: true),
            ],
            history.Deployments.Select(entry => (PageCell[])
            [
                Moment.Text(entry.DeployedUtc),
                entry.From is { } from ? Number(from) : "-",
                Number(entry.To),
                entry.Who,
                entry.Gate.ToString(),
                entry.EvaluationHash[..8],
                entry.ForcedReason ?? "",
                entry.Why,
            ]));

    /// <summary>Which version served, who deployed it, and what its gate said then.</summary>
    /// <param name="store">Has the evaluation, unless it is another machine's.</param>
    public static IEnumerable<string> Lines(ServedMoment moment, LocalArtifactStore store)
    {
        if (moment.Served is not { Since: var since } served)
            return [$"At {Moment.Text(moment.AtUtc)} '{moment.Environment}' served nothing of {moment.Model}."];
        return
        [
            $"At {Moment.Text(moment.AtUtc)} '{moment.Environment}' served {moment.Model} version " +
            $"{Number(served.Version)} ({served.ModelHash[..8]}).",
            $"since {Moment.Text(since.DeployedUtc)}" +
            (since.From is { } from ? $", in place of version {Number(from)}" : ", as the first"),
            served is { UntilUtc: { } until, ReplacedBy: { } next }
                ? $"until {Moment.Text(until)}, when version {Number(next)} took its place"
                : "until now",
            $"deployed by {since.Who}: {since.Why}",
            $"gate {since.Gate}, evidence {Number(since.Evidence)}, evaluation {since.EvaluationHash}",
            .. since.ForcedReason is { } reason ? [$"by force: {reason}"] : Array.Empty<string>(),
            "",
            .. Gate(store, ContentHash.Parse(since.EvaluationHash)),
        ];
    }

    private static string[] Gate(LocalArtifactStore store, ContentHash evaluation)
    {
        try
        {
            var report = ReportFile.Read<GatedReport>(store.Verified(evaluation));
            return [report.Comparison, .. GateReportText.Render(report.Gate).TrimEnd().Split('\n')];
        }
        catch (Exception e) when (e is LostArtifactException or FormatException)
        {
            return [$"What the gate looked at cannot be read here. {e.Message}"];
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
