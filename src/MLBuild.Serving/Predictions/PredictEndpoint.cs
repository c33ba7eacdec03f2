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
        try
        {
            if (await MeasuredAsync(context, workspace) is { } shadow)
            {
                await context.Response.CompleteAsync();
                await FollowAsync(workspace, shadow);
            }
        }
        finally
        {
            _workspaces.Return(workspace);
        }
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
            // The turn ends before the answer is sent: a client that reads slowly keeps nobody waiting.
            using (await turns.TakeAsync())
                outcome = Predict(workspace);
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
        catch (ScoringException e)
        {
            log.LogError("POST /predict was not answered: {Fault}", e.Message);
            await Problem.WriteAsync(context, StatusCodes.Status500InternalServerError, e.Message);
            return Outcome.Refused(StatusCodes.Status500InternalServerError) with { Version = workspace.Version };
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
        return new(
            prediction.Model.Version, StatusCodes.Status200OK, prediction.Rows, prediction.Assignment.Shadow);
    }

    // The client has its answer. Where there is no turn for it, the shadow misses the request.
    private async Task FollowAsync(Workspace<TRow> workspace, Shadow shadow)
    {
        try
        {
            using (await turns.TakeAsync())
                predictor.Follow(workspace, shadow);
        }
        catch (BusyException)
        {
        }
    }

    /// <param name="Version">That answered; null where none was asked.</param>
    /// <param name="Rows">That were predicted.</param>
    private readonly record struct Outcome(int? Version, int StatusCode, int Rows, Shadow? Shadow)
    {
        public static Outcome Refused(int statusCode) => new(null, statusCode, 0, null);
    }
}
