using MLBuild.Registry;

namespace MLBuild.Stages.Deploy;

/// <summary>Every deployment to an environment, oldest first.</summary>
public sealed record ServedHistory(string Model, string Environment, IReadOnlyList<ServedDeployment> Deployments)
{
    public static ServedHistory Of(IModelRegistry registry, string model, string environment) =>
        new(model, environment, [.. registry.History(model, environment).Select(ServedDeployment.Of)]);
}

/// <param name="Position">1, 2, 3… It orders the history; two clocks may not.</param>
/// <param name="From">The version that served before; null in the first deployment.</param>
/// <param name="Gate">What the gate said in the evidence that was the latest then.</param>
/// <param name="Evidence">The place of that in the version's evidence history.</param>
/// <param name="ForcedReason">Why the gate was overridden; null when nobody asked for that.</param>
public sealed record ServedDeployment(
    int Position,
    DateTimeOffset DeployedUtc,
    int? From,
    int To,
    string Who,
    string Why,
    GateOutcome Gate,
    int Evidence,
    string EvaluationHash,
    string? ForcedReason)
{
    internal static ServedDeployment Of(Deployment entry) => new(
        entry.Position, entry.DeployedUtc, entry.From, entry.To, entry.Who, entry.Why, entry.Gate,
        entry.EvidenceNumber, entry.EvaluationHash.Hex, entry.ForcedReason);
}
