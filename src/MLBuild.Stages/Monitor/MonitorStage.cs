using MLBuild.Engine.Stages;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Features;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Features;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Monitor;

/// <summary>Compares recent rows, and what the serving model predicts for them, with the rows it was trained
/// on.</summary>
public static class MonitorStage
{
    public const string Report = "monitor.json";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report];

    /// <summary>What the model that serves must have been registered with.</summary>
    public static readonly string[] ChampionAttachments =
        [FeaturesStage.Schema, FeaturesStage.Profile, FeaturesStage.State, EvaluateStage.Scores];

    /// <exception cref="ChampionException">Nothing serves, or what serves cannot be read.</exception>
    /// <exception cref="FeatureSchemaException">The serving model takes other features than this code
    /// computes.</exception>
    public static void Run<TRow>(
        StageRun run, ModelDefinition<TRow> definition, Contract<TRow> contract, MonitorOptions options)
        where TRow : class, new()
    {
        options.Validate();
        if (Champion.Parse(run.Observed(EvaluateStage.ChampionObservation)) is not Champion.Serving serving)
            throw new ChampionException("No model serves yet, so there is nothing to monitor. " +
                "Deploy one with ./build.sh Deploy --model-version N.");
        var trainedWith = FeatureSchema.FromJson(File.ReadAllText(serving.Open(run, FeaturesStage.Schema)));
        trainedWith.Demand(definition.Features.Schema);
        var state = serving.State(run, definition.Features);
        var computer = definition.Features.Using(state);
        using var file = File.OpenRead(serving.OpenModel(run));
        var model = ScoringModel.Load(file);
        var counters = Profile(FeaturesStage.Profile).Select(profile => profile.NewCounter()).ToArray();
        var predictions = Profile(EvaluateStage.Scores).Select(profile => profile.NewCounter()).ToArray();
        var scorer = new RowScorer(model);

        var files = run.Inputs(IngestStage.Report).Select(input => ReportFile.Read<IngestReport>(input.Path)).ToArray();
        using var check = contract.Begin();
        foreach (var ingested in files)
            check.Open(ingested.File, ingested.Columns);
        var features = new float[definition.Features.Width];
        foreach (var input in run.Inputs(IngestStage.Rows))
        {
            using var pass = RowTable.Read<TRow>(input.Path).Begin(new());
            while (pass.Next())
            {
                run.Cancel.ThrowIfCancellationRequested();
                check.Sift(pass.Batch);
                for (var row = 0; row < pass.Batch.Count; row++)
                {
                    computer.Compute(pass.Batch.Row(row), features);
                    for (var i = 0; i < features.Length; i++)
                        Count(counters[i], features[i]);
                    PredictionProfile.Count(model.Schema.Task, predictions, scorer.Score(features));
                }
            }
        }

        var (quality, drift) = (check.Complete(), DriftReport.Compare([.. counters, .. predictions], options.Drift));
        var unreadable = QuarantineLimit.Fault(files, options.MaxQuarantined);
        var verdict = unreadable is null ? Verdict(quality, drift) : MonitorVerdict.BadData;
        ReportFile.Write(run.Output(Report), new MonitorReport(
            serving.Version, verdict, QuarantineLimit.Share(files), quality, drift));
        IEnumerable<string> findings =
        [
            .. drift.Sentences(),
            .. Lines(unreadable),
            .. Lines(quality.Passed ? null : ContractReportText.Render(quality)),
        ];
        foreach (var line in findings)
            run.Log(line);
        if (state.HistoryUntil is { } until)
            run.Log(FormattableString.Invariant(
                $"the histories of version {serving.Version} end at {until:yyyy-MM-dd HH:mm:ss}: what happened ") +
                "later is in no feature until a model that learned from it serves");
        run.Log(verdict switch
        {
            MonitorVerdict.Fine => $"fine: the rows look like those that version {serving.Version} was trained on",
            MonitorVerdict.Drift => "drift: train on recent data and let the gate compare; " +
                $"version {serving.Version} was trained on other rows",
            MonitorVerdict.BadData => "bad data: mend it first; do not learn from it",
            MonitorVerdict.NotEnoughData => "not enough rows to say",
            _ => throw new InvalidOperationException($"BUG: unknown verdict {verdict}."),
        });

        IReadOnlyList<FeatureProfile> Profile(string attachment) =>
            ReportFile.Read<ModelProfile>(serving.Open(run, attachment)).Features;
    }

    private static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

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

    // What all rows satisfy together says nothing of too few of them, but no number of rows excuses a broken row rule.
    private static MonitorVerdict Verdict(ContractReport quality, DriftReport drift) => quality switch
    {
        { Passed: true } => drift.Verdict switch
        {
            DriftVerdict.None => MonitorVerdict.Fine,
            DriftVerdict.Drift => MonitorVerdict.Drift,
            DriftVerdict.NotEnoughData => MonitorVerdict.NotEnoughData,
            _ => throw new InvalidOperationException($"BUG: unknown drift verdict {drift.Verdict}."),
        },
        _ when quality.Headers.Verdict == CheckVerdict.Failed
            || quality.Schema.Any(column => column.Verdict == CheckVerdict.Failed)
            || quality.Rules.Any(IsBroken) => MonitorVerdict.BadData,
        _ => quality.Expectations.Any(IsTooFewRows) ? MonitorVerdict.NotEnoughData : MonitorVerdict.BadData,
    };

    // Without rows nothing has a share, and every rule fails.
    private static bool IsBroken(RuleReport rule) => rule is { Verdict: CheckVerdict.Failed, Share: not null };

    // Of all files together: an empty one among them says nothing of the others.
    private static bool IsTooFewRows(ExpectationReport rows) =>
        rows is { File: null, Statistic: Statistic.Rows, Verdict: CheckVerdict.Failed, Expected.Min: { } least }
        && rows.Measured < least;
}
