using MLBuild.Learning.Gates;
using MLBuild.Registry;

namespace MLBuild.Stages.Evaluate;

/// <summary>What a deployment, a history and a package need of an <see cref="EvaluateReport"/>: which model was judged,
/// for which environment, against what, and what the gate said. A report has said it in these words from the first
/// version on, so whatever was registered can be deployed.</summary>
/// <param name="Model">The hash of the model's bytes.</param>
/// <param name="Environment">Where the champion serves.</param>
/// <param name="Champion"><c>none</c>, or the version it was compared with: <c>v3</c>.</param>
/// <param name="Comparison">Why there is or is not a comparison with the champion.</param>
public sealed record GatedReport(
    string Model, string Environment, string Champion, string Comparison, GateReport Gate)
{
    /// <summary>What a registry keeps of the gate.</summary>
    internal GateOutcome Outcome => OutcomeOf(Gate);

    internal static GateOutcome OutcomeOf(GateReport gate) => gate.Overall switch
    {
        Learning.Gates.Outcome.Pass => GateOutcome.Passed,
        Learning.Gates.Outcome.Inconclusive => GateOutcome.Inconclusive,
        _ => GateOutcome.Failed,
    };
}
