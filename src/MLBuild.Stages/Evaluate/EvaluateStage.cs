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

/// <summary>Scores a model on held-out rows, beside the model that serves, the best one that ever did, and a constant,
/// over all rows and by subgroup, lets the gate judge, and writes reports for programs and for people. Also keeps what
/// serving and monitoring need of it: golden rows and the profile of its scores.</summary>
/// <remarks>A version that is compared with is scored on the features that it computes where it serves. Where its fit
/// is that of the features stage, these are in the table. Where it is another, the held-out rows are read once more,
/// and what its fit takes in memory is needed besides. Where its feature code is another, the table is taken all the
/// same, and the report says so.</remarks>
public static class EvaluateStage
{
    public const string Report = "evaluation.json";
    public const string Page = "evaluation.html";
    public const string Golden = "golden.json";
    public const string Scores = "scores.json";

    /// <summary>What is observed: the text of a <see cref="Champion"/>.</summary>
    public const string ChampionObservation = "champion";

    /// <summary>What is observed: the text of <see cref="ServedVersions"/>.</summary>
    public const string ServedObservation = "served";

    private const int GoldenRowCount = 100;
    private const int Resamples = 999;
    private const int Repetitions = 3;

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Report, Page, Golden, Scores];

    /// <summary>What a champion, or a version that served before, must have been registered with to be compared
    /// with.</summary>
    public static readonly string[] ChampionAttachments =
        [SplitStage.Report, FeaturesStage.Code, FeaturesStage.State];

    /// <param name="definition">That of the features stage: with its features a version that was fitted on other rows
    /// is scored as it serves.</param>
    /// <param name="together">Features that come from one raw column, whose importance is measured together; null for
    /// none. Slots of a text always are.</param>
    /// <exception cref="ArgumentException">An option is out of its range, a feature is none that the model takes, or
    /// the definition is another than the features stage's.</exception>
    /// <exception cref="ChampionException">What serves cannot be read.</exception>
    public static void Run<TRow>(
        StageRun run, ModelDefinition<TRow> definition, EvaluateOptions options,
        IReadOnlyList<FeatureGroup>? together = null)
        where TRow : class, new()
    {
        using var rows = new HeldOutRows<TRow>(run, definition);
        Run(run, rows, options, FeatureGroup.WithTexts(together ?? [], definition.Features));
    }

    private static void Run(
        StageRun run, IHeldOutRows rows, EvaluateOptions options, IReadOnlyList<FeatureGroup> together)
    {
        options.Validate();
        var schema = FeatureSchema.FromJson(File.ReadAllText(run.Input(FeaturesStage.Schema)));
        var model = run.InputFile(TrainStage.Model);
        var challenger = Load(model.Path);
        challenger.Schema.Features.Demand(schema);
        var evaluation = TaskEvaluation.Of(challenger.Schema.Task, options);
        var split = ReportFile.Read<SplitReport>(run.Input(SplitStage.Report));
        var champion = ComparableChampion.Of(run, challenger.Schema, split.Rule, rows);
        var keys = new HoldOutCounter(split.Rule, split.TrainRows, split.HoldOutRows, split.KeysOnBothSides);
        var constant = evaluation.NewConstant();
        var trained = new TrainedGroups(FeatureTableReader.Open(run.Input(FeaturesStage.Train)).Groups);
        foreach (var batch in TrainingRows.Read(run.Input(FeaturesStage.Train)))
        {
            run.Cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Count; i++)
            {
                constant.Add(batch.Labels[i]);
                keys.AddTraining(batch.Keys[i]);
                trained.Add(batch.Groups, i);
            }
        }
        var table = FeatureTableReader.Open(run.Input(FeaturesStage.HoldOut));
        var source = new FeatureTableSource(table, schema);
        var sample = HoldOutSample.Draw(table, options.SampleRows, (ulong)options.Seed);
        var best = BestCandidates.Of(run, challenger.Schema, split.Rule, champion, sample, rows);
        var figures = evaluation.NewFigures(sample.Scored(challenger));
        var scores = new HoldOutScores(evaluation, champion, best, constant, table.Groups, Profile(run, schema),
            new() { Resamples = Resamples, Seed = (ulong)options.Seed }, figures);
        var scorer = new RowScorer(challenger);
        rows.Begin(best.Models.Select(one => one.Version).Append(champion.Version)
            .OfType<ComparableModel.Loaded>().Select(version => version.Features));
        foreach (var batch in table.Read())
        {
            run.Cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < batch.Count; i++)
            {
                var features = batch.Values.AsSpan(i * schema.Width, schema.Width);
                rows.MoveNext(batch.Keys[i]);
                scores.Add(batch, i, features, scorer.Score(features));
                keys.AddHoldOut(batch.Keys[i]);
            }
        }

        var importance = PermutationImportance.Of(
            challenger, sample.Features, sample.Labels, together, Repetitions, (ulong)options.Seed, run.Cancel);
        var measured = scores.Measured(keys.Complete(), trained);
        var report = new EvaluateReport(
            model.Hash.Hex, options.Environment, champion.Name, champion.Comparison, measured.Overall,
            [.. measured.Slices.Select(slice => slice.Report)], EvaluateGate.Judge(evaluation, measured, options))
        {
            Task = evaluation.Task.Kind,
            Unit = options.Unit,
            Baseline = scores.Baseline,
            BestEver = measured.BestEver,
            Pairs = [.. measured.Pairs.Select(pair => pair.Report)],
            PairsNotMeasured = scores.PairsNotMeasured,
            Importance = new(sample.Count, Repetitions, options.Seed, importance),
            Classes = scores.Classes,
            Calibration = figures.Calibration,
            Subgroups = EvaluateGate.Subgroups(measured, options),
        };
        ReportFile.Write(run.Output(Report), report);
        File.WriteAllText(run.Output(Page), EvaluatePage.Render(report, figures));
        File.WriteAllText(run.Output(Golden), GoldenRows.Choose(challenger, source, GoldenRowCount).ToJson());
        ReportFile.Write(run.Output(Scores), new ModelProfile(scores.Profile()));
        foreach (var line in EvaluateText.Lines(report))
            run.Log(line);
    }

    private static IReadOnlyList<FeatureProfile> Profile(StageRun run, FeatureSchema schema)
    {
        var profile = ReportFile.Read<ModelProfile>(run.Input(FeaturesStage.Profile)).Features;
        return profile.Select(feature => feature.Name).SequenceEqual(schema.Names)
            ? profile
            : throw new FeatureSchemaException(
                $"The training profile has the features {string.Join(", ", profile.Select(feature => feature.Name))}; "
                + $"the schema says {string.Join(", ", schema.Names)}. Take both from one Features stage.");
    }

    internal static ScoringModel Load(string path)
    {
        using var file = File.OpenRead(path);
        return ScoringModel.Load(file);
    }
}
