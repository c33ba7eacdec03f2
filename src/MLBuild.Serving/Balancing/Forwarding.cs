using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MLBuild.Serving.Requests;
using Yarp.ReverseProxy.Forwarder;

namespace MLBuild.Serving.Balancing;

/// <summary>Sends a request to a server, and, if it reached none, to the next. A request that a server may have begun
/// is sent once only, although a prediction changes nothing: what brought one server down is not to go round all of
/// them, and a rollout and the prediction log count it where it was scored. Its sender is told, and may send it
/// again.</summary>
internal sealed class Forwarding(RequestBody requestBody, LoadBalancerOptions options, ILogger log)
{
    /// <param name="send">Chooses one of the available servers and sends it the request.</param>
    public async Task AnswerAsync(HttpContext context, RequestDelegate send)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AvailableDestinations;
        await send(context);
        while (RefusedConnections.ReachedNobody(context.GetForwarderErrorFeature())
            && !context.RequestAborted.IsCancellationRequested)
        {
            var tried = proxy.ProxiedDestination;
            untried = [.. untried.Where(server => server != tried)];
            if (untried.Count == 0)
                break;
            proxy.AvailableDestinations = untried;
            proxy.ProxiedDestination = null;
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.Clear();
            await send(context);
        }
        if (context.GetForwarderErrorFeature() is { } failure && !IsClientGone(failure.Error))
            await ExplainAsync(context, failure, proxy.ProxiedDestination?.DestinationId);
    }

    private Task ExplainAsync(HttpContext context, IForwarderErrorFeature failure, string? server)
    {
        if (failure.Error == ForwarderError.NoAvailableDestinations || RefusedConnections.ReachedNobody(failure))
        {
            context.Response.Headers.RetryAfter = BusyException.RetryAfterSeconds;
            return Problem.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable,
                $"None of the {options.Servers.Count} servers is ready. Send it again later.");
        }
        var fault = BodyFault(failure);
        if (fault is null)
            log.LogWarning(
                "{Server} did not answer {Method} {Path}: {Fault}", server, context.Request.Method,
                context.Request.Path, failure.Exception?.GetBaseException().Message);
        // What has begun cannot become another answer: it is cut off, which its reader sees.
        if (context.Response.HasStarted)
            return Task.CompletedTask;
        if (fault is not null)
            return Problem.WriteAsync(context, fault.StatusCode, fault.Message);
        return failure.Error == ForwarderError.RequestTimedOut
            ? Problem.WriteAsync(
                context, StatusCodes.Status504GatewayTimeout,
                FormattableString.Invariant(
                    $"The server that had the request said nothing for {options.AnswerTimeout.TotalSeconds} s. ")
                + "Send it again later.")
            : Problem.WriteAsync(
                context, StatusCodes.Status502BadGateway,
                "The server that had the request went away before it answered. Send it again.");
    }

    private static bool IsClientGone(ForwarderError error) => error is ForwarderError.RequestCanceled
        or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
        or ForwarderError.ResponseBodyClient;

    // Null where it was not the client's body that failed.
    private BadRequestException? BodyFault(IForwarderErrorFeature failure) =>
        failure.Error != ForwarderError.RequestBodyClient ? null
        : (failure.Exception as AggregateException)?.InnerExceptions.OfType<BadHttpRequestException>().FirstOrDefault()
            is { } found ? requestBody.FaultOf(found)
        : new(StatusCodes.Status400BadRequest, "The body was cut off. Send it again.");
}
