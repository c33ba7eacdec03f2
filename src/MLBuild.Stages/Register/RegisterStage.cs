using MLBuild.Engine.Stages;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Registry;
using MLBuild.Stages.Cards;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Register;

/// <summary>Gives a model its version, with all that is known of it: evaluation, golden rows, profiles, and the recipes
/// of every stage that had a part in it. An upsert by content: doing it twice is doing it once.</summary>
public static class RegisterStage
{
    public const string Report = "version.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report];

    /// <summary>The prefix of the attachments that are recipes.</summary>
    public const string RecipePrefix = "recipe:";

    private static readonly string[] Attached =
    [
        TrainStage.Report, EvaluateStage.Report, EvaluateStage.Page, EvaluateStage.Golden,
        EvaluateStage.Scores, CardStage.Card,
        .. FeaturesStage.Registered, SplitStage.Report, ReferenceStage.Report,
    ];

    /// <exception cref="GateException">The gate did not pass. The model is registered all the same, and cannot be
    /// deployed unforced.</exception>
    public static void Run(StageRun run, RegisterOptions options, TimeProvider clock)
    {
        var evaluation = ReportFile.Read<EvaluateReport>(run.Input(EvaluateStage.Report));
        var evidence = new Evidence(
            LineageHash: run.Lineage[run.InputFile(TrainStage.Model).Stage.ToString()],
            EvaluationHash: run.InputFile(EvaluateStage.Report).Hash,
            Gate: GatedReport.OutcomeOf(evaluation.Gate),
            Metrics: Metrics(evaluation.Overall.Metrics.Summary),
            Attachments: new(
            [
                .. Attached.Select(name => KeyValuePair.Create(name, run.InputFile(name).Hash)),
                .. run.Lineage.OrderBy(unit => unit.Key, StringComparer.Ordinal)
                    .Select(unit => KeyValuePair.Create(RecipePrefix + unit.Key, unit.Value)),
            ]))
        {
            InputSchemaHash = run.InputFile(FeaturesStage.Schema).Hash,
        };
        var registered = options.Registry.Open(clock)
            .Register(new(options.Model, run.InputFile(TrainStage.Model).Hash, evidence, options.Who));
        var version = registered.Version;
        ReportFile.Write(run.Output(Report), new RegisterReport(options.Model, version.Number, version.ModelHash.Hex,
            evidence.Gate, evaluation.Champion));
        run.Log(registered switch
        {
            Registered.New => $"{options.Model} version {version.Number} registered ({version.ModelHash.Short})",
            Registered.Reevaluated =>
                $"{options.Model} version {version.Number} has a new evaluation ({version.ModelHash.Short})",
            _ => $"{options.Model} version {version.Number} was registered before ({version.ModelHash.Short}); " +
            $"nothing changed",
        });
        if (evidence.Gate != GateOutcome.Passed)
            throw new GateException(
                $"{options.Model} version {version.Number} is registered, but its gate did not pass, so it cannot be " +
                $"deployed.\n" +
                GateReportText.Render(evaluation.Gate).TrimEnd());
        run.Log($"its gate passed; deploy it with ./build.sh Deploy --model-version {version.Number}");
    }

    private static NamedValues<double> Metrics(IEnumerable<NamedMetric> metrics) => new(metrics
        .Where(metric => metric.Value is MetricValue.Value)
        .Select(metric => KeyValuePair.Create(metric.Id, ((MetricValue.Value)metric.Value).Number)));
}

/// <summary>Which version a model's bytes have.</summary>
public sealed record RegisterReport(string Name, int Version, string Model, GateOutcome Gate, string Champion);

/// <summary>The model does not satisfy its gate.</summary>
public sealed class GateException(string message) : Exception(message);
