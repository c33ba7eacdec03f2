using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using MLBuild.Serving.Models;
using MLBuild.Serving.Requests;

namespace MLBuild.Serving.Predictions;

/// <summary><c>POST /predict</c>: receives a body, waits for a turn, has its rows scored, and answers.</summary>
internal sealed class PredictEndpoint<TRow>(
    RequestBody requestBody, ScoringTurns turns, Predictor<TRow> predictor, FeatureLog<TRow>? served, ILogger log)
    where TRow : class, new()
{
    private readonly ObjectPool<Workspace<TRow>> _workspaces =
        ObjectPool.Create(new Workspace<TRow>.Policy());

    public async Task AnswerAsync(HttpContext context)
    {
        var workspace = _workspaces.Get();
        try
        {
            await requestBody.ReadAsync(context, workspace.Body);
            // The turn ends before the answer is sent: a client that reads slowly keeps nobody waiting.
            Shadow? shadow;
            using (await turns.TakeAsync())
                shadow = Predict(workspace);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = workspace.Answer.WrittenCount;
            await context.Response.BodyWriter.WriteAsync(workspace.Answer.WrittenMemory);
            if (shadow is not null)
            {
                await context.Response.CompleteAsync();
                await FollowAsync(workspace, shadow);
            }
        }
        catch (BadRequestException e)
        {
            await Problem.WriteAsync(context, e.StatusCode, e.Message, e.Faults);
        }
        catch (BusyException e)
        {
            context.Response.Headers.RetryAfter = BusyException.RetryAfterSeconds;
            await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (ScoringException e)
        {
            log.LogError("POST /predict was not answered: {Fault}", e.Message);
            await Problem.WriteAsync(context, StatusCodes.Status500InternalServerError, e.Message);
        }
        // Not in a finally: memory that an unknown fault left behind is not trusted again.
        _workspaces.Return(workspace);
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

    private Shadow? Predict(Workspace<TRow> workspace)
    {
        var prediction = predictor.Predict(workspace);
        served?.Append(workspace.Rows, prediction, log);
        workspace.Json.Reset(workspace.Answer);
        PredictionAnswer.Write(workspace.Json, prediction);
        return prediction.Assignment.Shadow;
    }
}
