using MLBuild.Engine.Stages;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Features;
using MLBuild.Learning.Gates;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Stages.Deploy;
using MLBuild.Stages.Features;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Split;
using MLBuild.Stages.Tables;
using MLBuild.Stages.Train;

namespace MLBuild.Stages.Evaluate;

/// <summary>Scores a model on held-out rows, beside the model that serves and a constant, over all rows and by subgroup,
/// and lets the gate judge. Also keeps what serving and monitoring need of it: golden rows and the profile of its scores.</summary>
public static class EvaluateStage
{
    public const string Report = "evaluation.json";
    public const string Golden = "golden.json";
    public const string Scores = "scores.json";

    /// <summary>What is observed: the text of a <see cref="Champion"/>.</summary>
    public const string ChampionObservation = "champion";

    private const int GoldenRowCount = 100;

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report, Golden, Scores];

    /// <summary>What a champion must have been registered with to be compared with.</summary>
    public static readonly string[] ChampionAttachments = [SplitStage.Report];

    /// <exception cref="ChampionException">What serves cannot be read.</exception>
    public static void Run(StageRun run, EvaluateOptions options)
    {
        options.Validate();
        var schema = FeatureSchema.FromJson(File.ReadAllText(run.Input(FeaturesStage.Schema)));
        var model = run.InputFile(TrainStage.Model);
        var challenger = Load(model.Path);
        var (champion, comparison) = Comparable(run, schema);
        var table = FeatureTableReader.Open(run.Input(FeaturesStage.HoldOut));
        var source = new FeatureTableSource(table, schema);

        var overall = new SliceScores(champion is not null);
        var baseline = new BaselineScores(
            new TrainingRows(run.Input(FeaturesStage.Train)).MeanLabel(run.Cancel));
        var slices = new Dictionary<(string Group, string Value), SliceScores>();
        var scores = new NumericProfileBuilder("prediction", FeatureRole.Prediction, new());
        foreach (var batch in table.Read())
        {
            run.Cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Count; i++)
            {
                var features = batch.Values.AsSpan(i * schema.Width, schema.Width);
                var score = challenger.Score(features);
                var other = champion?.Score(features);
                overall.Add(batch.Labels[i], score, other);
                baseline.Add(batch.Labels[i], score);
                scores.Add(score);
                for (var group = 0; group < table.Groups.Count; group++)
                    Slice((table.Groups[group], batch.Groups[group][i])).Add(batch.Labels[i], score, other);
            }
        }

        var whole = overall.Report("all rows");
        var reports = slices
            .OrderBy(slice => slice.Key.Group, StringComparer.Ordinal)
            .ThenBy(slice => slice.Key.Value, StringComparer.Ordinal)
            .Select(slice => new MeasuredSlice(
                Learning.Gates.Slice.Of(slice.Key.Group, slice.Key.Value),
                slice.Value.Report($"{slice.Key.Group}={slice.Key.Value}")))
            .ToArray();
        var serving = Champion.Parse(run.Observed(ChampionObservation));
        var gate = EvaluateGate.Judge(new(
            serving is Champion.Serving ? ChampionState.Serving : ChampionState.None,
            whole, reports, baseline.Comparison), options);
        var trivial = baseline.Report();
        ReportFile.Write(run.Output(Report), new EvaluateReport(
            model.Hash.Hex, options.Environment, serving is Champion.Serving { Version: var version }
                ? $"v{version}" : "none", comparison,
            whole, [.. reports.Select(slice => slice.Report)], gate)
        {
            Baseline = trivial,
        });
        File.WriteAllText(run.Output(Golden), GoldenRows.Choose(challenger, source, GoldenRowCount).ToJson());
        ReportFile.Write(run.Output(Scores), new ModelProfile([scores.Build()]));
        Tell(run, whole, trivial, comparison, gate);

        SliceScores Slice((string, string) key)
        {
            if (!slices.TryGetValue(key, out var slice))
                slices[key] = slice = new(champion is not null);
            return slice;
        }
    }

    // A champion that cannot be compared is not "no champion": the gate then finds its measurements missing, and fails.
    private static (RegressionModel? Champion, string Comparison) Comparable(StageRun run, FeatureSchema schema)
    {
        if (Champion.Parse(run.Observed(ChampionObservation)) is not Champion.Serving serving)
            return (null, "Nothing serves yet: thresholds alone decide.");
        var rule = ReportFile.Read<SplitReport>(run.Input(SplitStage.Report)).Rule;
        var itsRule = ReportFile.Read<SplitReport>(serving.Open(run, SplitStage.Report)).Rule;
        if (rule != itsRule)
            return (null,
                $"Not compared with v{serving.Version}: it was trained with {itsRule}, this hold-out is {rule}, so " +
                $"it may have learned these rows.");
        var champion = Load(serving.OpenModel(run));
        return champion.Schema.Features.Equals(schema)
            ? (champion, $"Compared with v{serving.Version} on the same rows.")
            : (null, $"Not compared with v{serving.Version}: it takes other features " +
            $"({string.Join(", ", champion.Schema.Features.Names)}).");
    }

    private static RegressionModel Load(string path)
    {
        using var file = File.OpenRead(path);
        return RegressionModel.Load(file);
    }

    private static void Tell(StageRun run, SliceReport whole, BaselineReport baseline, string comparison, GateReport gate)
    {
        run.Log($"{Named("RMSE", whole.Metrics.Rmse)}, {Named("MAE", whole.Metrics.Mae)}, " +
        $"{Named("R2", whole.Metrics.R2)}, " +
            $"{Named("within 10 %", whole.Metrics.ShareWithinTenPercent)} on " +
            $"{FormattableString.Invariant($"{whole.Metrics.Count:N0}")} held-out rows");
        run.Log($"{Named("RMSE", baseline.Metrics.Rmse)} if every row is predicted as the mean of the training labels");
        run.Log(comparison);
        foreach (var line in gate.Passed ? [$"Gate passed: {gate.Results.Count} checks."] : Lines(
            GateReportText.Render(gate)))
            run.Log(line);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Named(string name, MetricValue value) => value is MetricValue.Value { Number: var number }
        ? FormattableString.Invariant($"{name} {number:0.000}")
        : $"{name} {value}";
}
