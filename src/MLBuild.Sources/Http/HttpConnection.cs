using System.Net;
using System.Net.Security;

namespace MLBuild.Sources.Http;

/// <summary>Asks a server: signed, at the declared pace, through redirections, again where a fault may
/// pass.</summary>
internal sealed class HttpConnection : IDisposable
{
    private const int MostRedirects = 10;

    private readonly TimeProvider _clock;
    private readonly CertificateCheck _certificates;
    private readonly HttpPace _pace;
    private readonly HttpRetries _retries;
    private readonly HttpMessageInvoker _http;

    /// <param name="valueOf">Gives the value of a secret by its name.</param>
    /// <param name="log">Gets a line for each attempt that failed.</param>
    /// <exception cref="DeniedSourceException">The secret has no value.</exception>
    public HttpConnection(
        HttpOptions options, Func<string, string?> valueOf, TimeProvider clock, Action<string> log)
    {
        (Options, _clock, Credentials) = (options, clock, HttpCredentials.Of(options, valueOf));
        _certificates = new(options.TrustedCertificates);
        _pace = new(options, clock);
        _retries = new(options, Credentials, Tally, clock, log);
        _http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Silence is timed here, for the whole way to the first byte.
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ActivityHeadersPropagator = null,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = _certificates.Accepts,
            },
        });
    }

    public HttpOptions Options { get; }

    public HttpCredentials Credentials { get; }

    public HttpTally Tally { get; } = new();

    /// <summary>Asks until there is an answer that can be taken.</summary>
    /// <param name="ask">Called for each attempt.</param>
    /// <param name="take">Reads the answer; what it throws as a passing fault makes another attempt.</param>
    /// <exception cref="SourceFaultException">There is none.</exception>
    public Task<T> Ask<T>(Func<HttpAsk> ask, Func<HttpReply, Task<T>> take, CancellationToken cancel) =>
        _retries.Run(async () =>
        {
            using var reply = await Send(ask(), cancel);
            return await take(reply);
        }, cancel);

    public void Dispose() => _http.Dispose();

    private async Task<HttpReply> Send(HttpAsk ask, CancellationToken cancel)
    {
        var url = ask.Url;
        for (var redirects = 0; ; redirects++)
        {
            await _pace.Wait(cancel);
            Tally.Requests++;
            var reply = await Sent(ask, url, cancel);
            if (WaitHeaders.UsedUp(reply.Response, _clock) is { } wait)
                _pace.Hold(reply.Place, wait);
            if (reply.Response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found
                or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                return reply;
            using (reply)
                url = Redirected(ask, url, reply.Response.Headers.Location);
            if (redirects == MostRedirects)
                throw new UnreachableSourceException($"{ask.What} redirects more than {MostRedirects} times, at last " +
                    $"to {UrlQuery.Shown(url)}. Give Url the address where it ends, or ask its owner.");
        }
    }

    private static Uri Redirected(HttpAsk ask, Uri from, Uri? location)
    {
        if (location is null)
            throw new SourceSchemaException($"{ask.What} redirects without saying where. Ask its owner.");
        var to = new Uri(from, location);
        if (to.Scheme is not ("http" or "https"))
            throw new SourceSchemaException($"{ask.What} redirects to a {to.Scheme} address. Ask its owner.");
        if (from.Scheme == "https" && to.Scheme == "http")
            throw new UnreachableSourceException($"{ask.What} redirects from https to {UrlQuery.Shown(to)}, where " +
                "anybody on the way can change what is read. Ask its owner for an https address.");
        return to;
    }

    private async Task<HttpReply> Sent(HttpAsk ask, Uri url, CancellationToken cancel)
    {
        if (!Credentials.BelongTo(url) && Credentials.AreIn(url))
            throw new DeniedSourceException($"{ask.What} is sent on to {url.IdnHost}:{url.Port} with the secret " +
                $"'{Credentials.SecretName}' in the address, which that server may not get. If it may, give Url its " +
                "address; else ask the owner of the server.");
        using var request = Request(ask, url);
        var silence = new Silence(Options.Timeout, _clock, cancel);
        try
        {
            var response = await _http.SendAsync(request, silence.Token);
            silence.Pause();
            return new(response, ask, url, silence, Credentials);
        }
        catch (Exception e)
        {
            silence.Dispose();
            throw e switch
            {
                OperationCanceledException when silence.IsOver => silence.Fault(ask.What),
                HttpRequestException fault => ConnectionFaults.Of(fault, ask.What, url, _certificates.Refusal),
                IOException => ConnectionFaults.Broken(ask.What, e),
                _ => e,
            };
        }
    }

    private HttpRequestMessage Request(HttpAsk ask, Uri url)
    {
        var request = new HttpRequestMessage(ask.Method, url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("Accept", ask.Accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", ask.AcceptEncoding);
        request.Headers.Range = ask.Range;
        request.Headers.IfRange = ask.IfRange;
        // Whatever else was declared is for the server that was declared.
        if (Credentials.BelongTo(url))
        {
            foreach (var header in Options.Headers)
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            Credentials.Sign(request);
        }
        if (!request.Headers.Contains("User-Agent"))
            request.Headers.TryAddWithoutValidation("User-Agent", "MLBuild");
        return request;
    }
}
