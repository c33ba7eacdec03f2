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
        var workspace = _workspaces.Get();
        Shadow? shadow = null;
        try
        {
            shadow = await MeasuredAsync(context, workspace);
        }
        finally
        {
            if (shadow is null)
                _workspaces.Return(workspace);
        }
        if (shadow is not null)
            BeginToFollow(workspace, shadow);
    }

    /// <returns>Who is to score the rows once more, for nobody.</returns>
    private async Task<Shadow?> MeasuredAsync(HttpContext context, Workspace<TRow> workspace)
    {
        var started = clock.GetTimestamp();
        var outcome = Outcome.Refused(StatusCodes.Status500InternalServerError);
        metrics.Begin();
        try
        {
            outcome = await OutcomeAsync(context, workspace);
            return outcome.Shadow;
        }
        catch
        {
            outcome = outcome with { Version = workspace.Version };
            throw;
        }
        finally
        {
            var hungUp = context.RequestAborted.IsCancellationRequested;
            metrics.End(
                outcome.Version, hungUp ? StatusCodes.Status499ClientClosedRequest : outcome.StatusCode, outcome.Rows,
                clock.GetElapsedTime(started));
        }
    }

    private async Task<Outcome> OutcomeAsync(HttpContext context, Workspace<TRow> workspace)
    {
        try
        {
            await requestBody.ReadAsync(context, workspace.Body);
            Outcome outcome;
            var asked = clock.GetTimestamp();
            // The turn ends before the answer is sent: a client that reads slowly keeps nobody waiting.
            using (await turns.TakeAsync(context.RequestAborted))
                outcome = Predict(workspace, asked);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = workspace.Answer.WrittenCount;
            await context.Response.BodyWriter.WriteAsync(workspace.Answer.WrittenMemory);
            return outcome;
        }
        catch (BadRequestException e)
        {
            await Problem.WriteAsync(context, e.StatusCode, e.Message, e.Faults);
            return Outcome.Refused(e.StatusCode);
        }
        catch (BusyException e)
        {
            context.Response.Headers.RetryAfter = BusyException.RetryAfterSeconds;
            await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
            return Outcome.Refused(StatusCodes.Status503ServiceUnavailable) with { Version = workspace.Version };
        }
        catch (StandbyException e)
        {
            context.Response.Headers.RetryAfter = BusyException.RetryAfterSeconds;
            await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
            return Outcome.Refused(StatusCodes.Status503ServiceUnavailable);
        }
        catch (ScoringException e)
        {
            log.LogError("POST /predict was not answered: {Fault}", e.Message);
            await Problem.WriteAsync(context, StatusCodes.Status500InternalServerError, e.Message);
            return Outcome.Refused(StatusCodes.Status500InternalServerError) with { Version = workspace.Version };
        }
    }

    private Outcome Predict(Workspace<TRow> workspace, long asked)
    {
        var prediction = predictor.Predict(workspace, asked);
        workspace.Json.Reset(workspace.Answer);
        PredictionAnswer.Write(workspace.Json, prediction);
        if (predictionLog is not null)
        {
            var keys = workspace.Keys(prediction.Rows);
            for (var i = 0; i < keys.Length; i++)
                keys[i] = predictor.KeyOf(workspace.Rows[i]);
            predictionLog.Offer(prediction, keys);
        }
        return new(
            prediction.Model.Version, StatusCodes.Status200OK, prediction.Rows, prediction.Assignment.Shadow);
    }

    // The client has its answer, and its connection is free for the next request. The turn is taken here, so that there
    // are never more shadows than turns, and none while somebody waits for one.
    private void BeginToFollow(Workspace<TRow> workspace, Shadow shadow)
    {
        if (turns.TryTake() is not { } turn)
        {
            metrics.ShadowMissed();
            _workspaces.Return(workspace);
            return;
        }
        _ = Task.Run(() =>
        {
            using (turn)
                predictor.Follow(workspace, shadow);
            _workspaces.Return(workspace);
        });
    }

    /// <param name="Version">That answered; null where none was asked.</param>
    /// <param name="Rows">That were predicted.</param>
    private readonly record struct Outcome(int? Version, int StatusCode, int Rows, Shadow? Shadow)
    {
        public static Outcome Refused(int statusCode) => new(null, statusCode, 0, null);
    }
}
