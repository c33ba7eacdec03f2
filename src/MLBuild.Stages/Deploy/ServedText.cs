using System.Globalization;
using MLBuild.Learning.Gates;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Deploy;

/// <summary>What an environment served, and why, for a person.</summary>
public static class ServedText
{
    private const int MostOfWhy = 60;

    public static IEnumerable<string> Lines(ServedHistory history) => history.Deployments.Count == 0
        ? [$"Nothing of {history.Model} was ever deployed to '{history.Environment}'."]
        : TextTable.Lines(
            ["when", "from", "to", "by", "why", "gate", "evidence", "by force"],
            history.Deployments.Select(entry => (string[])
            [
                Moment.Text(entry.DeployedUtc),
                entry.From is { } from ? Number(from) : "-",
                Number(entry.To),
                entry.Who,
                Start(entry.Why),
                entry.Gate.ToString(),
                entry.EvaluationHash[..8],
                entry.ForcedReason ?? "",
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

    // All that a canary was judged by is a paragraph: Served --at has it whole.
    private static string Start(string why) => why.Length <= MostOfWhy ? why : why[..(MostOfWhy - 1)] + "…";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
