using System.Buffers;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MLBuild.Serving.Requests;

/// <summary>Receives the body of a request, which has to be JSON, short enough, and here in time.</summary>
internal sealed class RequestBody(ServingLimits limits, TimeProvider clock)
{
    /// <summary>Reads all of it to <paramref name="into"/>.</summary>
    /// <exception cref="BadRequestException">It is something else, too long, too slow, or cut off.</exception>
    public async ValueTask ReadAsync(HttpContext context, ArrayBufferWriter<byte> into)
    {
        DemandJson(context.Request);
        var reader = context.Request.BodyReader;
        // Most bodies came with the headers: no timer for them.
        CancellationTokenSource? timeout = null;
        try
        {
            while (true)
            {
                if (!reader.TryRead(out var read))
                {
                    timeout ??= new(limits.RequestTimeout, clock);
                    read = await reader.ReadAsync(timeout.Token);
                }
                foreach (var part in read.Buffer)
                    into.Write(part.Span);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        catch (OperationCanceledException) when (timeout is { IsCancellationRequested: true })
        {
            throw TooSlow();
        }
        catch (BadHttpRequestException e)
        {
            throw FaultOf(e);
        }
        finally
        {
            timeout?.Dispose();
        }
    }

    /// <summary>What Kestrel found, in our words.</summary>
    public BadRequestException FaultOf(BadHttpRequestException e) => e.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new(
            e.StatusCode,
            $"The body is longer than {limits.MaxBodyBytes} bytes, expected at most that. Send several requests."),
        StatusCodes.Status408RequestTimeout => TooSlow(),
        _ => new(e.StatusCode, $"The body cannot be read: {e.Message}"),
    };

    private BadRequestException TooSlow() => new(
        StatusCodes.Status408RequestTimeout,
        FormattableString.Invariant(
            $"The body did not come within {limits.RequestTimeout.TotalSeconds} s. Send it faster, or less."));

    // Not for order alone: a page in a browser can send a form or plain text to a server of the machine that it is on,
    // but no JSON, unless the server allows it.
    private static void DemandJson(HttpRequest request)
    {
        const string expected = "expected application/json in UTF-8";
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
            throw new BadRequestException(
                StatusCodes.Status415UnsupportedMediaType,
                $"The body is encoded as {JsonText.Cut($"{encoding}")}, {expected}. Send it as it is.");
        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue
                || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
            throw new BadRequestException(
                StatusCodes.Status415UnsupportedMediaType,
                request.ContentType is { Length: > 0 } other
                    ? $"The body is said to be {JsonText.Cut(other)}, {expected}. Send it with that Content-Type."
                    : $"The request does not say what its body is, {expected}. Send it with that Content-Type.");
    }
}
