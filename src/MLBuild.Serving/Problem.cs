using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MLBuild.Serving.Models;
using MLBuild.Serving.Requests;

namespace MLBuild.Serving;

/// <summary>Answers of requests that cannot be served: <c>application/problem+json</c> (RFC 9457) with a
/// <c>detail</c> for people and, where rows are wrong, their <c>faults</c> for programs.</summary>
internal static class Problem
{
    public static Task WriteAsync(
        HttpContext context, int statusCode, string detail, IReadOnlyList<RequestFault>? faults = null) =>
        Results.Problem(detail, statusCode: statusCode, extensions: faults is { Count: > 0 }
            ? new Dictionary<string, object?> { ["faults"] = faults }
            : null).ExecuteAsync(context);

    /// <summary>What no endpoint answered.</summary>
    public static Task OfRoutingAsync(StatusCodeContext answered)
    {
        var (request, response) = (answered.HttpContext.Request, answered.HttpContext.Response);
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => WriteAsync(
                answered.HttpContext, response.StatusCode,
                $"There is no {JsonText.Cut($"{request.Path}")} here; what there is says GET /openapi.json."),
            StatusCodes.Status405MethodNotAllowed => WriteAsync(
                answered.HttpContext, response.StatusCode,
                $"{JsonText.Cut($"{request.Path}")} does not take {JsonText.Cut(request.Method)}, expected "
                + $"{response.Headers.Allow}."),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>Answers who asks a server that stands by for what only a model can answer.</summary>
    public static async Task OfStandbyAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (StandbyException e)
        {
            context.Response.Headers.RetryAfter = BusyException.RetryAfterSeconds;
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    /// <summary>Answers what threw: the fault is ours or of the team's functions, and its text is for the log
    /// only.</summary>
    public static async Task GuardAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception e)
        {
            log.LogError(e, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted)
                throw;
            await WriteAsync(
                context, StatusCodes.Status500InternalServerError,
                $"The server failed with {e.GetType().Name}; its log says more.");
        }
    }
}
