using MLBuild.Learning.Contracts;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rollouts;
using MLBuild.Learning.Rows;
using MLBuild.Learning.Statistics;
using MLBuild.Registry;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Rollouts;

/// <summary>Files of rows with labels, as a stage that ingests reads them, joined with the files of a prediction log by
/// the key that rows are served with. Both may come in any order, each file is read once, and files are to be complete
/// when they appear. Kept is the label of each row, in some fifty bytes.</summary>
/// <param name="predictionLog">The folder that all servers log to.</param>
/// <param name="labels">Files, folders or globs.</param>
/// <param name="say">Gets a line for what cannot be read.</param>
public sealed class ArrivingLabels<TRow>(
    ModelDefinition<TRow> model, string predictionLog, IReadOnlyList<string> labels, Action<string> say)
    : IArrivingLabels
    where TRow : class, new()
{
    // A server's clock may be ahead of that of whoever holds its files.
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromHours(1);

    private readonly AppearingFiles _predictionFiles = new([predictionLog], [".parquet"], "--prediction-log", say);
    private readonly AppearingFiles _labelFiles = new(labels, RowFiles.Extensions, "--canary-labels", say);

    // NaN where two rows say different things of one key: which of them is right is not known here.
    private readonly Dictionary<RowKey, double> _labels = [];

    private StepScores? _scores;
    private QualityCounts? _counts;

    /// <param name="predictionLog">Null where none was named.</param>
    /// <exception cref="RolloutException">It is null.</exception>
    public static ArrivingLabels<TRow> Of(
        ModelDefinition<TRow> model, string? predictionLog, IReadOnlyList<string> labels, Action<string> say) =>
        new(model, predictionLog ?? throw new RolloutException(
            "--canary-labels says what requests turned out to be, and not what was predicted of them. Name the folder "
            + "that the servers log to: --prediction-log FOLDER."), labels, say);

    public QualityCounts Counts(ActiveRollout rollout, DateTimeOffset championSince)
    {
        if (_scores?.Position != rollout.Last.Position)
            (_scores, _counts) = (_scores?.Next(rollout, championSince) ?? new(rollout, championSince), null);
        var scores = _scores;
        if (_predictionFiles.Read(file => Add(file.Path, scores)) | _labelFiles.Read(Add) || _counts is null)
            _counts = new(
                PredictionError.MeanName(model.Task.Kind), Losses(scores.Champion), Losses(scores.Candidate));
        return _counts;
    }

    private void Add(string predictions, StepScores scores)
    {
        // A file is written after its rows were predicted: there may be those of months.
        if (File.GetLastWriteTimeUtc(predictions) < (scores.Since - ClocksDiffer).UtcDateTime)
            return;
        foreach (var row in ServedRows.Read(predictions, Path.GetFileName(predictions)))
            scores.Add(row, () => row.ScoresOf(model.Task));
    }

    private void Add(Engine.Stages.SourceFile file)
    {
        var (faults, first) = (0L, (RowFault?)null);
        using var pass = RowFiles.Open<TRow>(file).Begin(new()
        {
            Fault = fault => (faults, first) = (faults + 1, first ?? fault),
        });
        while (pass.Next())
        {
            for (var i = 0; i < pass.Batch.Count; i++)
                Add(pass.Batch.Row(i));
        }
        if (first is { } example)
            say($"Labels: {Figures.Count(faults, "line")} of '{file.Name}' {(faults == 1 ? "is" : "are")} passed over. "
                + $"The first: {example}");
    }

    private void Add(TRow row)
    {
        if (Read(row) is not var (key, label) || double.IsNaN(label))
            return;
        if (!_labels.TryAdd(key, label) && !_labels[key].Equals(label))
            _labels[key] = double.NaN;
    }

    // Any exception: both functions are the team's, and may need what a contract would demand.
    private (RowKey Key, double Label)? Read(TRow row)
    {
        try
        {
            return ((model.ServedKey ?? model.Key)(row), model.Label(row));
        }
        catch (Exception)
        {
            return null;
        }
    }

    private RunningMoments Losses(IReadOnlyDictionary<RowKey, float[]> scores)
    {
        var losses = new RunningMoments();
        foreach (var (key, of) in scores)
        {
            if (_labels.TryGetValue(key, out var label)
                && PredictionError.Of(model.Task.Kind, label, [.. of.Select(score => (double)score)]) is var loss
                && double.IsFinite(loss))
                losses.Add(loss);
        }
        return losses;
    }
}
