using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using MLBuild.Serving.Log;
using MLBuild.Serving.Metrics;
using MLBuild.Serving.Models;
using MLBuild.Serving.Requests;

namespace MLBuild.Serving.Predictions;

/// <summary><c>POST /predict</c>: receives a body, waits for a turn, has its rows scored, answers, and counts all
/// of it.</summary>
/// <param name="predictionLog">Null where predictions are not logged.</param>
internal sealed class PredictEndpoint<TRow>(
    RequestBody requestBody, ScoringTurns turns, Predictor<TRow> predictor, PredictionLog? predictionLog,
    ServingMetrics metrics, TimeProvider clock, ILogger log)
    where TRow : class, new()
{
    private readonly ObjectPool<Workspace<TRow>> _workspaces =
        ObjectPool.Create(new Workspace<TRow>.Policy());

    public async Task AnswerAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var outcome = new Outcome(null, StatusCodes.Status500InternalServerError, 0);
        metrics.Begin();
        try
        {
            outcome = await OutcomeAsync(context);
        }
        finally
        {
            var hungUp = context.RequestAborted.IsCancellationRequested;
            metrics.End(
                outcome.Version, hungUp ? StatusCodes.Status499ClientClosedRequest : outcome.StatusCode, outcome.Rows,
                clock.GetElapsedTime(started));
        }
        if (outcome.Shadow is { } shadow)
            await FollowAsync(context, shadow, outcome.Kept!);
    }

    private async Task<Outcome> OutcomeAsync(HttpContext context)
    {
        try
        {
            return await PredictAsync(context);
        }
        catch (BadRequestException e)
        {
            await Problem.WriteAsync(context, e.StatusCode, e.Message, e.Faults);
            return new(null, e.StatusCode, 0);
        }
        catch (BusyException e)
        {
            context.Response.Headers.RetryAfter = BusyException.RetryAfterSeconds;
            await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
            return new(null, StatusCodes.Status503ServiceUnavailable, 0);
        }
        catch (ScoringException e)
        {
            log.LogError("POST /predict was not answered: {Fault}", e.Message);
            await Problem.WriteAsync(context, StatusCodes.Status500InternalServerError, e.Message);
            return new(e.Version, StatusCodes.Status500InternalServerError, 0);
        }
    }

    private async Task<Outcome> PredictAsync(HttpContext context)
    {
        var workspace = _workspaces.Get();
        var isKept = false;
        try
        {
            await requestBody.ReadAsync(context, workspace.Body);
            Outcome outcome;
            // The turn ends before the answer is sent: a client that reads slowly keeps nobody waiting.
            using (await turns.TakeAsync())
                outcome = Predict(workspace);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = workspace.Answer.WrittenCount;
            await context.Response.BodyWriter.WriteAsync(workspace.Answer.WrittenMemory);
            isKept = outcome.Shadow is not null;
            return outcome;
        }
        finally
        {
            if (!isKept)
                _workspaces.Return(workspace);
        }
    }

    // The client has its answer. Where there is no turn for it, the shadow misses the request.
    private async Task FollowAsync(HttpContext context, Shadow shadow, Workspace<TRow> workspace)
    {
        try
        {
            await context.Response.CompleteAsync();
            using (await turns.TakeAsync())
                predictor.Follow(workspace, shadow);
        }
        catch (BusyException)
        {
        }
        finally
        {
            _workspaces.Return(workspace);
        }
    }

    private Outcome Predict(Workspace<TRow> workspace)
    {
        var prediction = predictor.Predict(workspace);
        workspace.Json.Reset(workspace.Answer);
        PredictionAnswer.Write(workspace.Json, prediction);
        if (predictionLog is not null)
        {
            var keys = workspace.Keys(prediction.Rows);
            for (var i = 0; i < keys.Length; i++)
                keys[i] = predictor.KeyOf(workspace.Rows[i]);
            predictionLog.Offer(prediction, keys);
        }
        return new(prediction.Model.Version, StatusCodes.Status200OK, prediction.Rows)
        {
            Shadow = prediction.Assignment.Shadow,
            Kept = workspace,
        };
    }

    /// <param name="Version">That answered; null where none was asked.</param>
    /// <param name="Rows">That were predicted.</param>
    private readonly record struct Outcome(int? Version, int StatusCode, int Rows)
    {
        /// <summary>Who scores the rows too, after the answer; null for none.</summary>
        public Shadow? Shadow { get; init; }

        /// <summary>Holds the rows for it.</summary>
        public Workspace<TRow>? Kept { get; init; }
    }
}
