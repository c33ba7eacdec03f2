using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Monitor;

/// <summary>Compares recent rows, and what the serving model predicts for them, with the rows it was trained on.</summary>
public static class MonitorStage
{
    public const string Report = "monitor.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report];

    /// <summary>What the model that serves must have been registered with.</summary>
    public static readonly string[] ChampionAttachments = [FeaturesStage.Schema, FeaturesStage.Profile, EvaluateStage.Scores];

    /// <exception cref="InvalidOperationException">Nothing serves.</exception>
    /// <exception cref="FeatureSchemaException">The serving model takes other features than this code computes.</exception>
    public static void Run<TRow>(StageRun run, ModelDefinition<TRow> definition, Contract<TRow> contract, DriftOptions options)
        where TRow : class, new()
    {
        if (Champion.Parse(run.Observed(EvaluateStage.ChampionObservation)) is not Champion.Serving serving)
            throw new InvalidOperationException("No model serves yet, so there is nothing to monitor. Deploy one with ./build.sh Deploy --model-version N.");
        definition.Features.Schema.Demand(FeatureSchema.FromJson(File.ReadAllText(run.Artifact(serving.Attachment(FeaturesStage.Schema)))));
        using var file = File.OpenRead(run.Artifact(serving.Model));
        var model = RegressionModel.Load(file);
        var counters = Profile(serving, FeaturesStage.Profile).Select(profile => profile.NewCounter()).ToArray();
        var predictions = (NumericBinCounter)Profile(serving, EvaluateStage.Scores).Single().NewCounter();

        var check = contract.Begin();
        foreach (var ingested in run.Inputs(IngestStage.Report).Select(input => ReportFile.Read<IngestReport>(input.Path)))
            check.Open(ingested.File, ingested.Columns);
        var features = new float[definition.Features.Width];
        foreach (var row in run.Inputs(IngestStage.Rows).SelectMany(input => RowTable.Read<TRow>(input.Path)))
        {
            if (check.Check(row.Row, new(row.File, row.Line)) is not RowOutcome.Accepted)
                continue;
            definition.Features.Compute(row.Row, features);
            for (var i = 0; i < features.Length; i++)
                Count(counters[i], features[i]);
            predictions.Add(model.Score(features));
        }

        var (quality, drift) = (check.Complete(), DriftReport.Compare([.. counters, predictions], options));
        var report = new MonitorReport(serving.Version, Verdict(quality, drift), quality, drift);
        ReportFile.Write(run.Output(Report), report);
        foreach (var sentence in drift.Sentences())
            run.Log(sentence);
        foreach (var line in quality.Passed ? [] : ContractReportText.Render(quality).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            run.Log(line);
        run.Log(report.Verdict switch
        {
            MonitorVerdict.Fine => $"fine: the rows look like those that version {serving.Version} was trained on",
            MonitorVerdict.Drift => $"drift: train on recent data and let the gate compare; version {serving.Version} was trained on other rows",
            MonitorVerdict.BadData => "bad data: mend it first; do not learn from it",
            MonitorVerdict.NotEnoughData => "not enough rows to say",
            _ => throw new InvalidOperationException($"BUG: unknown verdict {report.Verdict}."),
        });

        IReadOnlyList<FeatureProfile> Profile(Champion.Serving champion, string attachment) =>
            ReportFile.Read<ModelProfile>(run.Artifact(champion.Attachment(attachment))).Features;
    }

    private static void Count(BinCounter counter, float value)
    {
        switch (counter)
        {
            case NumericBinCounter numeric:
                numeric.Add(FeatureProfiler.Number(value));
                break;
            case CategoricalBinCounter categorical:
                categorical.Add(FeatureProfiler.Code(value));
                break;
            default:
                throw new InvalidOperationException($"BUG: unknown counter {counter.GetType().Name}.");
        }
    }

    private static MonitorVerdict Verdict(ContractReport quality, DriftReport drift) => quality.Passed
        ? drift.Verdict switch
        {
            DriftVerdict.None => MonitorVerdict.Fine,
            DriftVerdict.Drift => MonitorVerdict.Drift,
            DriftVerdict.NotEnoughData => MonitorVerdict.NotEnoughData,
            _ => throw new InvalidOperationException($"BUG: unknown drift verdict {drift.Verdict}."),
        }
        : MonitorVerdict.BadData;
}
