using System.Text;
using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>How a server is told who asks, and how refusals are explained.</summary>
public sealed class Authenticating : IDisposable
{
    private const string Secret = "s3cret/t0ken+of=the-api";

    private readonly FetchSpace _space = new() { Secret = Secret };

    [Fact]
    public async Task BearerToken()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[]"));
        await _space.Fetch(As(server, new HttpAuthentication.Bearer("KEY")));
        Assert.Equal($"Bearer {Secret}", server.Arrived[0].Header("Authorization"));
    }

    [Fact]
    public async Task UserAndPassword()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[]"));
        _space.Secret = "pässword:1";
        await _space.Fetch(As(server, new HttpAuthentication.Basic("ann", "KEY")));
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:pässword:1"))}",
            server.Arrived[0].Header("Authorization"));
    }

    [Fact]
    public async Task KeyInAHeader()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[]"));
        await _space.Fetch(As(server, new HttpAuthentication.KeyInHeader("X-Api-Key", "KEY")));
        var arrived = server.Arrived[0];
        Assert.Equal((Secret, null), (arrived.Header("X-Api-Key"), arrived.Header("Authorization")));
    }

    [Fact]
    public async Task KeyInTheUrl()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.With(Answers.Json("[1]"), ("Link", "</rows?page=2>; rel=next")), Answers.Json("[]"));
        var options = As(server, new HttpAuthentication.KeyInQuery("api_key", "KEY")) with
        {
            Answer = new HttpAnswer.Rows { Paging = new HttpPaging.LinkHeader() },
        };
        await _space.Fetch(options);
        var key = Uri.EscapeDataString(Secret);
        Assert.Equal([$"GET /rows?api_key={key}", $"GET /rows?page=2&api_key={key}"], server.Asked);
        Assert.Empty(_space.FilesWith(Secret).Concat(_space.FilesWith(key)));
    }

    [Fact]
    public async Task MoreHeaders()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[]"));
        await _space.Fetch(As(server, new HttpAuthentication.None()) with
        {
            Headers = [new("X-Version", "3"), new("User-Agent", "taxi")],
            Accept = "application/vnd.api+json",
        });
        var arrived = server.Arrived[0];
        Assert.Equal(("3", "taxi", "application/vnd.api+json"),
            (arrived.Header("X-Version"), arrived.Header("User-Agent"), arrived.Header("Accept")));
    }

    [Fact]
    public async Task WrongSecretIsNamedAndNotTriedAgain()
    {
        await using var server = ScriptedServer.Of(Answers.Status(401));
        Assert.Equal(
            $"{server.Url()} answered 401 Unauthorized: it does not accept the secret 'KEY' as bearer token. Check " +
            "what the build takes its value from, and whether it has expired.",
            await _space.Failure<DeniedSourceException>(As(server, new HttpAuthentication.Bearer("KEY"))));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task MissingRightIsNamed()
    {
        await using var server = ScriptedServer.Of(Answers.Status(403));
        Assert.Equal(
            $"{server.Url()} answered 403 Forbidden: it knows the secret 'KEY' as password of 'ann', whose owner may " +
            "not read this. Ask for the right, or use another secret.",
            await _space.Failure<DeniedSourceException>(As(server, new HttpAuthentication.Basic("ann", "KEY"))));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task MissingAuthenticationIsNamed()
    {
        await using var server = ScriptedServer.Of(Answers.Status(401, ("WWW-Authenticate", "Bearer realm=x")));
        Assert.Equal(
            $"{server.Url()} answered 401 Unauthorized: it wants to know who asks (Bearer). Set Authentication, and " +
            "declare its secret with WithSecret.",
            await _space.Failure<DeniedSourceException>(As(server, new HttpAuthentication.None())));
    }

    [Fact]
    public async Task SecretThatNoHeaderCanHoldIsNamed()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[]"));
        _space.Secret = Secret + "\n";
        Assert.Equal(
            "The secret 'KEY' cannot be sent: its character 24 of 24 is not printable ASCII. Check what the build " +
            "takes it from; a file often ends with a line break.",
            await _space.Failure<DeniedSourceException>(As(server, new HttpAuthentication.Bearer("KEY"))));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task SecretThatTheServerRepeatsIsHidden()
    {
        await using var server = ScriptedServer.Of(context =>
        {
            context.Response.StatusCode = 400;
            return Answers.Text($"no such key: {context.Request.Query["k"]}", "text/plain")(context);
        });
        Assert.Equal(
            $"{server.Url()} answered 400 Bad Request, expected 200: 'no such key: ***'. Check Url, Headers and " +
            "Answer against the server's documentation.",
            await _space.Failure<SourceSchemaException>(As(server, new HttpAuthentication.KeyInQuery("k", "KEY"))));
    }

    [Fact]
    public async Task UserAndPasswordThatTheServerRepeatsAreHidden()
    {
        await using var server = ScriptedServer.Of(context =>
            Answers.Text($"<p>{context.Request.Headers.Authorization}", "text/html")(context));
        Assert.Equal(
            $"{server.Url()} is a web page (text/html), expected JSON. It begins: '<p>Basic ***'. Servers show a " +
            "login or an error so: check Url and Authentication, and whether a proxy is between.",
            await _space.Failure<SourceSchemaException>(As(server, new HttpAuthentication.Basic("ann", "KEY"))));
    }

    [Fact]
    public async Task RowThatHoldsTheSecretIsRefused()
    {
        await using var server = ScriptedServer.Of(context =>
            Answers.Json($$"""[{"self":"{{context.Request.Path}}{{context.Request.QueryString}}"}]""")(context));
        Assert.Equal(
            $"Row 1 of {server.Url()} holds the value of the secret 'KEY', which no artifact may hold. Send it in a " +
            "header, or ask the owner of the API to leave it out.",
            await _space.Failure<SourceSchemaException>(As(server, new HttpAuthentication.KeyInQuery("k", "KEY"))));
        Assert.Empty(_space.FilesWith(Uri.EscapeDataString(Secret)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(81_910)]
    [InlineData(163_830)]
    public async Task FileThatHoldsTheSecretIsRefused(int before)
    {
        await using var server = ScriptedServer.Of(
            Answers.Text($"{new string('-', before)}{Secret}{new string('-', 100_000)}", "text/plain"));
        await FileIsRefused(server);
    }

    [Fact]
    public async Task FileThatHoldsTheSecretAcrossABreakIsRefused()
    {
        var text = Encoding.UTF8.GetBytes($"{Secret} and so on");
        await using var server = ScriptedServer.InTurn(
            Answers.Broken(text, 10, ("ETag", "\"1\"")), Answers.Resumable(text, "\"1\""));
        await FileIsRefused(server);
    }

    [Fact]
    public async Task CompressedFileThatHoldsTheSecretIsRefused()
    {
        await using var server = ScriptedServer.Of(async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new System.IO.Compression.GZipStream(
                context.Response.Body, System.IO.Compression.CompressionMode.Compress);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Secret));
        });
        await FileIsRefused(server);
    }

    private async Task FileIsRefused(ScriptedServer server)
    {
        Assert.Equal(
            $"{server.Url()} holds the value of the secret 'KEY', which no artifact may hold. Send it in a header, " +
            "or ask the owner of the server to leave it out.",
            await _space.Failure<SourceSchemaException>(As(server, new HttpAuthentication.Bearer("KEY")) with
            {
                Answer = new HttpAnswer.File("trips.txt"),
                FirstDelay = TimeSpan.Zero,
            }));
        Assert.Empty(_space.FilesWith(Secret));
    }

    public void Dispose() => _space.Dispose();

    private static HttpOptions As(ScriptedServer server, HttpAuthentication authentication) =>
        new() { Url = server.Url(), Answer = new HttpAnswer.Rows(), Authentication = authentication };
}
