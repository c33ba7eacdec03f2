using System.Globalization;
using MLBuild.Learning.Gates;
using MLBuild.Registry;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Deploy;

/// <summary>What an environment served, and why, for a person.</summary>
public static class ServedText
{
    /// <summary>Every deployment to an environment, oldest first.</summary>
    public static IEnumerable<string> Log(IModelRegistry registry, string model, string environment)
    {
        var history = registry.History(model, environment);
        return history.Count == 0
            ? [$"Nothing of {model} was ever deployed to '{environment}'."]
            : TextTable.Lines(
                ["when", "from", "to", "by", "why", "gate", "evidence", "by force"],
                history.Select(entry => (string[])
                [
                    Moment.Text(entry.DeployedUtc),
                    entry.From is { } from ? Number(from) : "-",
                    Number(entry.To),
                    entry.Who,
                    entry.Why,
                    entry.Gate.ToString(),
                    entry.EvaluationHash.Short,
                    entry.ForcedReason ?? "",
                ]));
    }

    /// <summary>What served at one moment, who deployed it, and what its gate said then.</summary>
    /// <param name="store">Has the evaluation, unless it is another machine's.</param>
    public static IEnumerable<string> At(
        IModelRegistry registry, LocalArtifactStore store, string model, string environment, DateTimeOffset moment)
    {
        if (registry.ServingAt(model, environment, moment) is not Served.Version served)
            return [$"At {Moment.Text(moment)} '{environment}' served nothing of {model}."];

        var since = served.Since;
        var next = registry.History(model, environment).FirstOrDefault(entry => entry.Position == since.Position + 1);
        return
        [
            $"At {Moment.Text(moment)} '{environment}' served {model} version {Number(since.To)} " +
            $"({served.Model.ModelHash.Short}).",
            $"since {Moment.Text(since.DeployedUtc)}" +
            (since.From is { } from ? $", in place of version {Number(from)}" : ", as the first"),
            next is null
                ? "until now"
                : $"until {Moment.Text(next.DeployedUtc)}, when version {Number(next.To)} took its place",
            $"deployed by {since.Who}: {since.Why}",
            $"gate {since.Gate}, evidence {Number(since.EvidenceNumber)}, evaluation {since.EvaluationHash}",
            .. since.ForcedReason is { } reason ? [$"by force: {reason}"] : Array.Empty<string>(),
            "",
            .. Gate(store, since.EvaluationHash),
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
