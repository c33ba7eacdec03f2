using MLBuild.Learning.Features;
using MLBuild.Learning.Rows;
using MLBuild.Serving.Models;
using MLBuild.Serving.Requests;

namespace MLBuild.Serving.Predictions;

/// <summary>What a request's rows are predicted to be, in the memory of its workspace.</summary>
/// <param name="Features">Row after row.</param>
/// <param name="Scores">Row after row.</param>
internal readonly ref struct Prediction(
    Assignment assignment, int rows, ReadOnlySpan<float> features, ReadOnlySpan<float> scores)
{
    public Assignment Assignment => assignment;

    public ServedModel Model => assignment.Model;

    public int Rows => rows;

    public ReadOnlySpan<float> Features { get; } = features;

    public ReadOnlySpan<float> Scores { get; } = scores;

    /// <summary>Of the first row.</summary>
    public ReadOnlySpan<float> FirstScores => Scores[..Model.Model.Schema.Task.ScoreCount];
}

/// <summary>Scores the rows of a request, all of them by one model version.</summary>
internal sealed class Predictor<TRow>(
    RequestRows<TRow> requestRows, FeatureSet<TRow> features, Func<TRow, RowKey> key, LiveModel live,
    TimeSpan timeout, TimeProvider clock)
    where TRow : class, new()
{
    // Looking at the clock costs as much as some features.
    private const int RowsBetweenLooks = 16;

    /// <param name="asked">When the request asked for its turn: it has one time limit for its turn and its
    /// scores.</param>
    /// <exception cref="BadRequestException">The body is not rows that have features.</exception>
    /// <exception cref="BusyException">It took too long.</exception>
    /// <exception cref="ScoringException">A score is no finite number.</exception>
    public Prediction Predict(Workspace<TRow> workspace, long asked)
    {
        var count = workspace.RowCount = requestRows.Read(workspace.Body.WrittenSpan, workspace.Rows);
        workspace.RequestKey = KeyOf(workspace.Rows[0]);
        var assignment = live.For(workspace.RequestKey);
        workspace.Version = assignment.Model.Version;
        // From here on, as for a shadow: the latencies of the two are compared.
        var started = clock.GetTimestamp();
        try
        {
            var prediction = Predict(workspace, count, assignment, asked);
            assignment.Meter?.CountAnswer(
                workspace.RequestKey, clock.GetElapsedTime(started), prediction.FirstScores);
            return prediction;
        }
        // Whatever is not in the request, also what nobody thought of, is the version's.
        catch (Exception e) when (e is not BadRequestException || IsRefusedByCandidateAlone(workspace, assignment))
        {
            assignment.Meter?.CountFailure(workspace.RequestKey);
            throw;
        }
    }

    // Rows that the champion has features for are no fault of the request, and rows without do not end a rollout.
    private bool IsRefusedByCandidateAlone(Workspace<TRow> workspace, Assignment assignment)
    {
        if (assignment.InsteadOf is not { } champion)
            return false;
        var computer = features.Using(champion.State);
        try
        {
            for (var i = 0; i < workspace.RowCount; i++)
                computer.Compute(workspace.Rows[i], workspace.Features(features.Width));
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private Prediction Predict(Workspace<TRow> workspace, int count, Assignment assignment, long asked)
    {
        var model = assignment.Model;
        var scoreCount = model.Model.Schema.Task.ScoreCount;
        var width = features.Width;
        var values = workspace.Features(count * width);
        var scores = workspace.Scores(count * scoreCount);
        var computer = features.Using(model.State);
        RequestFaults? faults = null;
        for (var i = 0; i < count; i++)
        {
            if (i % RowsBetweenLooks == 0 && clock.GetElapsedTime(asked) > timeout)
                throw new BusyException(FormattableString.Invariant(
                    $"{i} of {count} rows were scored in {timeout.TotalSeconds} s, the wait for a turn among them. ")
                    + "Send it again later, or fewer rows at once.");
            var row = values.Slice(i * width, width);
            try
            {
                computer.Compute(workspace.Rows[i], row);
            }
            catch (ArgumentException e)
            {
                faults ??= new();
                if (faults.CountOne())
                    faults.Add(new(
                        i, null, RequestRule.HasFeatures, $"has no features: {e.Message.TrimEnd('.')}"));
                continue;
            }
            Score(model, row, scores.Slice(i * scoreCount, scoreCount), i);
        }
        return faults is null ? new(assignment, count, values, scores) : throw BadRequestException.Of(faults);
    }

    /// <summary>Has the rows of an answered request scored once more, for nobody. What the workspace held is gone
    /// then.</summary>
    public void Follow(Workspace<TRow> workspace, Shadow shadow)
    {
        var started = clock.GetTimestamp();
        try
        {
            var prediction = Predict(
                workspace, workspace.RowCount, new(shadow.Model, Meter: null), started);
            shadow.Meter.CountAnswer(workspace.RequestKey, clock.GetElapsedTime(started), prediction.FirstScores);
        }
        // Whatever it is, the champion has answered.
        catch (Exception)
        {
            shadow.Meter.CountFailure(workspace.RequestKey);
        }
    }

    /// <summary>What names a row; null where that cannot be told.</summary>
    // Any exception: the function is the team's, and its fault costs no answer.
    public RowKey? KeyOf(TRow row)
    {
        try
        {
            return key(row);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static void Score(ServedModel model, ReadOnlySpan<float> row, Span<float> scores, int number)
    {
        model.Model.Score(row, scores);
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
                throw new ScoringException(FormattableString.Invariant(
                    $"Row {number} scores {score} by version {model.Version}, expected a finite number."));
        }
    }
}

/// <summary>A model's score is no number, which is no fault of the request.</summary>
internal sealed class ScoringException(string message) : Exception(message);
