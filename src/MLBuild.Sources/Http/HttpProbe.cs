using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Http;

/// <summary>Asks a server which version of its data it has, without reading them: a text for Observes.</summary>
public static class HttpProbe
{
    private const int MostBytes = 1_000_000;
    private const int MostShown = 100;

    /// <summary><c>etag "33a64df5"</c>, <c>last modified 2026-03-01T12:00:00Z, 1042 bytes</c>, or the text of
    /// <see cref="HttpIdentity.Body"/>.</summary>
    /// <param name="run">What <c>Observes</c> gives.</param>
    /// <param name="secret">Gives the value of the secret that the options name.</param>
    /// <exception cref="SourceSchemaException">The server says nothing that would tell versions apart.</exception>
    /// <exception cref="SourceFaultException">There is no answer.</exception>
    /// <exception cref="ArgumentException">The options are not in their ranges.</exception>
    /// <exception cref="OperationCanceledException">The build is ending.</exception>
    public static string Of(HttpOptions options, ProbeRun run, Func<string?>? secret = null) =>
        Of(options, run, secret, TimeProvider.System);

    /// <param name="clock">Times silence and waits.</param>
    public static string Of(HttpOptions options, ProbeRun run, Func<string?>? secret, TimeProvider clock)
    {
        options.Validate();
        return Read(options, _ => secret?.Invoke(), clock, run.Log, run.Cancel).GetAwaiter().GetResult();
    }

    internal static async Task<string> Read(HttpOptions options, Func<string, string?> valueOf, TimeProvider clock,
        Action<string> log, CancellationToken cancel)
    {
        using var connection = new HttpConnection(options, valueOf, clock, log);
        var text = options.Identity switch
        {
            HttpIdentity.Validators => await Validators(connection, clock, cancel),
            HttpIdentity.Body body => await Body(connection, body, clock, cancel),
            HttpIdentity.Unknown => throw new ArgumentException("Identity is Unknown, so there is nothing to observe." +
                " Leave out Observes, or give Identity what tells versions apart."),
            var other => throw new InvalidOperationException($"BUG: unknown identity {other.GetType().Name}."),
        };
        return connection.Credentials.Masked(text);
    }

    private static async Task<string> Validators(
        HttpConnection connection, TimeProvider clock, CancellationToken cancel)
    {
        var url = new Uri(connection.Options.Url);
        var head = new HttpAsk(
            HttpMethod.Head, url, UrlQuery.Shown(url), connection.Options.Accept ?? "*/*");
        return await connection.Ask(() => head, Head, cancel)
            ?? await connection.Ask(
                () => head with { Method = HttpMethod.Get, Range = new RangeHeaderValue(0, 0) }, Get, cancel);

        // Some servers, and addresses that are signed for one method, know only GET; it has the last word.
        async Task<string?> Head(HttpReply reply)
        {
            if (reply.Response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented
                or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
                return null;
            await StatusFaults.Demand(reply, connection.Credentials, clock, HttpStatusCode.OK);
            return Identity(reply, reply.Response.Content.Headers.ContentLength);
        }

        // The body, if there is more of it than a byte, is left unread.
        async Task<string> Get(HttpReply reply)
        {
            await StatusFaults.Demand(reply, connection.Credentials, clock, HttpStatusCode.OK,
                HttpStatusCode.PartialContent, HttpStatusCode.RequestedRangeNotSatisfiable);
            var content = reply.Response.Content.Headers;
            return Identity(reply, content.ContentRange?.Length
                ?? (reply.Response.StatusCode == HttpStatusCode.OK ? content.ContentLength : null));
        }
    }

    private static string Identity(HttpReply reply, long? length) => HttpValidators.Of(reply.Response) switch
    {
        { TagText: { } tag } => $"etag {tag}",
        { LastModifiedText: { } time } when length is { } bytes =>
            FormattableString.Invariant($"last modified {time}, {bytes} bytes"),
        { LastModifiedText: { } time } => $"last modified {time}",
        _ => throw new SourceSchemaException($"{reply.What} says neither ETag nor Last-Modified, so nothing tells " +
            "its versions apart unread. Give Identity a small answer that changes with it: new " +
            "HttpIdentity.Body(\"https://...\"). Without one, leave out Observes, set Identity = new " +
            "HttpIdentity.Unknown(), and let the stage run by AlwaysRuns."),
    };

    private static async Task<string> Body(
        HttpConnection connection, HttpIdentity.Body body, TimeProvider clock, CancellationToken cancel)
    {
        var url = new Uri(body.Url);
        var ask = new HttpAsk(HttpMethod.Get, url, UrlQuery.Shown(url), "application/json, */*;q=0.5");
        return await connection.Ask(() => ask, async reply =>
        {
            await StatusFaults.Demand(reply, connection.Credentials, clock, HttpStatusCode.OK);
            var whole = await reply.Whole(MostBytes, () => new SourceSchemaException($"{reply.What} is longer than " +
                $"{MostBytes.ToString("N0", CultureInfo.InvariantCulture)} bytes, expected a small answer that " +
                "changes with the data. Give Identity.Url another address."));
            var text = JsonBody.Text(reply, whole, "a small answer that changes with the data");
            if (body.At == "")
                return Shown(text.Span);
            using var json = JsonBody.Parse(reply, text, reply.What);
            var at = new JsonPointer(body.At);
            return at.Find(json.RootElement) is { } part
                ? Shown(Encoding.UTF8.GetBytes(part.GetRawText()))
                : throw new SourceSchemaException(connection.Credentials.Masked($"{reply.What} has nothing at " +
                    $"'{body.At}': {at.Missing(json.RootElement)}. Give Identity.At the place of " +
                    "what changes with the data."));
        }, cancel);
    }

    // Short enough to be read in the reason for a run, or its hash.
    private static string Shown(ReadOnlySpan<byte> text)
    {
        var line = Encoding.UTF8.GetString(text).Trim();
        return line.Length is > 0 and <= MostShown && !line.Any(char.IsControl)
            ? line
            : $"sha256 {Convert.ToHexStringLower(SHA256.HashData(text))}";
    }
}
