using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Servers that send their clients elsewhere.</summary>
public sealed class Redirecting : IDisposable
{
    private readonly FetchSpace _space = new();

    [Fact]
    public async Task OnTheSameServerNothingIsLost()
    {
        await using var server = ScriptedServer.InTurn(Answers.Redirect("/v2/rows?x=1"), Answers.Json("[1]"));
        var report = await _space.Fetch(Signed(server));
        Assert.Equal(["GET /rows", "GET /v2/rows?x=1"], server.Asked);
        Assert.All(server.Arrived, one => Assert.StartsWith("Bearer ", one.Header("Authorization")));
        Assert.Equal(server.Url("/v2/rows"), report.FinalUrl);
    }

    [Fact]
    public async Task AnotherServerGetsNoSecretAndNoHeaders()
    {
        await using var other = ScriptedServer.Of(Answers.Json("[1]"));
        await using var server = ScriptedServer.Of(Answers.Redirect(other.Url("/rows?signature=0123456789")));
        var report = await _space.Fetch(Signed(server) with { Headers = [new("X-Team", "taxi")] });
        Assert.Equal("1\n", _space.Rows);
        Assert.Equal((null, null), (other.Arrived[0].Header("Authorization"), other.Arrived[0].Header("X-Team")));
        Assert.NotNull(server.Arrived[0].Header("Authorization"));
        Assert.Equal(other.Url(), report.FinalUrl);
        Assert.Empty(_space.FilesWith("0123456789"));
    }

    [Fact]
    public async Task AnotherNameOfTheSameServerGetsNoSecret()
    {
        await using var server = ScriptedServer.Of(context => context.Request.Path == "/rows"
            ? Answers.Redirect($"http://localhost:{context.Request.Host.Port}/here")(context)
            : Answers.Json("[1]")(context));
        await _space.Fetch(Signed(server));
        Assert.Equal([true, false], server.Arrived.Select(one => one.Header("Authorization") is not null));
    }

    [Fact]
    public async Task AnotherServerThatWantsASecretIsNamed()
    {
        await using var other = ScriptedServer.Of(Answers.Status(401));
        await using var server = ScriptedServer.Of(Answers.Redirect(other.Url()));
        Assert.Equal(
            $"{server.Url()} answered 401 Unauthorized: it was redirected to {other.Place}, which gets no secret. If " +
            "'KEY' is for that server, give Url its address.",
            await _space.Failure<DeniedSourceException>(Signed(server)));
    }

    [Fact]
    public async Task NextPageOnAnotherServerGetsNoSecret()
    {
        await using var other = ScriptedServer.Of(Answers.Json("[2]"));
        await using var server = ScriptedServer.Of(
            Answers.With(Answers.Json("[1]"), ("Link", $"<{other.Url()}>; rel=next")));
        await _space.Fetch(Signed(server) with
        {
            Answer = new HttpAnswer.Rows { Paging = new HttpPaging.LinkHeader() },
        });
        Assert.Equal("1\n2\n", _space.Rows);
        Assert.Null(other.Arrived[0].Header("Authorization"));
    }

    [Theory]
    [InlineData("s3cret/t0ken+of=the-api")]
    [InlineData("short")]
    public async Task AnotherServerGetsNoKeyThatTheRedirectionRepeats(string secret)
    {
        _space.Secret = secret;
        await using var other = ScriptedServer.Of(Answers.Json("[1]"));
        await using var server = ScriptedServer.Of(context =>
            Answers.Redirect(other.Url($"{context.Request.Path}{context.Request.QueryString}"))(context));
        Assert.Equal(
            $"{server.Url()} is sent on to {other.Place} with the secret 'KEY' in the address, which that server may " +
            "not get. If it may, give Url its address; else ask the owner of the server.",
            await _space.Failure<DeniedSourceException>(WithKey(server)));
        Assert.Empty(other.Asked);
    }

    [Fact]
    public async Task AnotherServerGetsNoKeyThatTheNextLinkRepeats()
    {
        await using var other = ScriptedServer.Of(Answers.Json("[2]"));
        await using var server = ScriptedServer.Of(context => Answers.With(Answers.Json("[1]"),
            ("Link", $"<{other.Url($"/rows?page=2&k={context.Request.Query["k"]}")}>; rel=next"))(context));
        Assert.Equal(
            $"Page 2 of {server.Url()} is sent on to {other.Place} with the secret 'KEY' in the address, which that " +
            "server may not get. If it may, give Url its address; else ask the owner of the server.",
            await _space.Failure<DeniedSourceException>(WithKey(server) with
            {
                Answer = new HttpAnswer.Rows { Paging = new HttpPaging.LinkHeader() },
            }));
        Assert.Empty(other.Asked);
    }

    [Fact]
    public async Task FromHttpToHttpsIsFollowed()
    {
        using var certificates = new TestCertificates();
        await using var safe = ScriptedServer.Of(Answers.Json("[1]"), certificates.Good);
        await using var server = ScriptedServer.Of(Answers.Redirect($"https://localhost:{safe.Port}/rows"));
        await _space.Fetch(Signed(server) with { TrustedCertificates = certificates.AuthorityFile });
        Assert.Null(safe.Arrived[0].Header("Authorization"));
    }

    [Fact]
    public async Task FromHttpsToHttpIsRefused()
    {
        using var certificates = new TestCertificates();
        await using var plain = ScriptedServer.Of(Answers.Json("[1]"));
        await using var server = ScriptedServer.Of(Answers.Redirect(plain.Url("/rows?x=1")), certificates.Good);
        var url = $"https://localhost:{server.Port}/rows";
        Assert.Equal(
            $"{url} redirects from https to {plain.Url()}, where anybody on the way can change what is read. Ask its " +
            "owner for an https address.",
            await _space.Failure<UnreachableSourceException>(
                Signed(server) with { Url = url, TrustedCertificates = certificates.AuthorityFile }));
        Assert.Empty(plain.Asked);
    }

    [Fact]
    public async Task EndlessRedirectionsAreNamed()
    {
        await using var server = ScriptedServer.Of(Answers.Redirect("/rows"));
        Assert.Equal(
            $"{server.Url()} redirects more than 10 times, at last to {server.Url()}. Give Url the address where it " +
            "ends, or ask its owner.",
            await _space.Failure<UnreachableSourceException>(Signed(server)));
        Assert.Equal(11, server.Asked.Length);
    }

    [Fact]
    public async Task RedirectionToNowhereIsNamed()
    {
        await using var server = ScriptedServer.Of(Answers.Status(302));
        Assert.Equal($"{server.Url()} redirects without saying where. Ask its owner.",
            await _space.Failure<SourceSchemaException>(Signed(server)));
    }

    [Fact]
    public async Task RedirectionToAFileIsRefused()
    {
        await using var server = ScriptedServer.Of(Answers.Redirect("file:///etc/passwd"));
        Assert.Equal($"{server.Url()} redirects to a file address. Ask its owner.",
            await _space.Failure<SourceSchemaException>(Signed(server)));
    }

    public void Dispose() => _space.Dispose();

    private static HttpOptions WithKey(ScriptedServer server) =>
        Signed(server) with { Authentication = new HttpAuthentication.KeyInQuery("k", "KEY") };

    private static HttpOptions Signed(ScriptedServer server) => new()
    {
        Url = server.Url(),
        Answer = new HttpAnswer.Rows(),
        Authentication = new HttpAuthentication.Bearer("KEY"),
    };
}
