using Microsoft.AspNetCore.Http;
using MLBuild.Engine.Stages;
using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>What tells that data have changed, unread.</summary>
public sealed class Probing
{
    private readonly TestClock _clock = new(TimeSpan.FromSeconds(100));

    [Fact]
    public async Task Tag()
    {
        await using var server = ScriptedServer.Of(Answers.Status(200, ("ETag", "\"v1\""), ("Content-Length", "7"),
            ("Last-Modified", "Sun, 01 Mar 2026 12:00:00 GMT")));
        Assert.Equal("etag \"v1\"", Of(server));
        Assert.Equal(["HEAD /rows"], server.Asked);
    }

    [Fact]
    public async Task TimeAndLength()
    {
        await using var server = ScriptedServer.Of(Answers.Status(
            200, ("Content-Length", "7000"), ("Last-Modified", "Sun, 01 Mar 2026 12:00:00 GMT")));
        Assert.Equal("last modified 2026-03-01T12:00:00Z, 7000 bytes", Of(server));
    }

    [Theory]
    [InlineData(405)]
    [InlineData(501)]
    [InlineData(403)]
    public async Task ServerThatKnowsNoHead(int status)
    {
        await using var server = ScriptedServer.Of(async context =>
        {
            if (context.Request.Method == "HEAD")
            {
                await Answers.Status(status)(context);
                return;
            }
            context.Response.StatusCode = 206;
            context.Response.Headers.LastModified = "Sun, 01 Mar 2026 12:00:00 GMT";
            context.Response.Headers.ContentRange = "bytes 0-0/7000";
            await context.Response.WriteAsync("x");
        });
        Assert.Equal("last modified 2026-03-01T12:00:00Z, 7000 bytes", Of(server));
        Assert.Equal("bytes=0-0", server.Arrived[1].Header("Range"));
    }

    [Fact]
    public async Task ServerThatKnowsNeitherHeadNorRanges()
    {
        await using var server = ScriptedServer.Of(context => context.Request.Method == "HEAD"
            ? Answers.Status(405)(context)
            : Answers.With(Answers.Json("[1]"), ("ETag", "\"v1\""))(context));
        Assert.Equal("etag \"v1\"", Of(server));
    }

    [Fact]
    public async Task ServerThatSaysNothing()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"));
        Assert.Equal(
            $"{server.Url()} says neither ETag nor Last-Modified, so nothing tells its versions apart unread. Give " +
            "Identity a small answer that changes with it: new HttpIdentity.Body(\"https://...\"). Without one, " +
            "leave out Observes, set Identity = new HttpIdentity.Unknown(), and let the stage run by AlwaysRuns.",
            Assert.Throws<SourceSchemaException>(() => Of(server)).Message);
    }

    [Fact]
    public void NothingIsObservedOfAnUnknownIdentity() => Assert.Equal(
        "Identity is Unknown, so there is nothing to observe. Leave out Observes, or give Identity what tells " +
        "versions apart.",
        Assert.Throws<ArgumentException>(() => HttpProbe.Of(new()
        {
            Url = "http://api.example",
            Answer = new HttpAnswer.Rows(),
            Identity = new HttpIdentity.Unknown(),
        }, ProbeRun.Alone)).Message);

    [Fact]
    public async Task SmallAnswerElsewhere()
    {
        await using var server = ScriptedServer.Of(Answers.Json("""{"rows": 12, "last": "2026-03-01"}"""));
        Assert.Equal("""{"rows": 12, "last": "2026-03-01"}""", Of(server, new HttpIdentity.Body(server.Url("/info"))));
        Assert.Equal("12", Of(server, new HttpIdentity.Body(server.Url("/info"), "/rows")));
        Assert.Equal(["GET /info", "GET /info"], server.Asked);
    }

    [Fact]
    public async Task LongAnswerElsewhereIsHashed()
    {
        await using var server = ScriptedServer.Of(Answers.Json($"[{new string('1', 200)}]"));
        Assert.Matches("^sha256 [0-9a-f]{64}$", Of(server, new HttpIdentity.Body(server.Url("/info"))));
    }

    [Fact]
    public async Task PartOfAnAnswerThatIsMissing()
    {
        await using var server = ScriptedServer.Of(Answers.Json("""{"rows": 12}"""));
        Assert.Equal(
            $"{server.Url("/info")} has nothing at '/count': there is nothing at '/count'; the answer is an object " +
            "with 'rows'. Give Identity.At the place of what changes with the data.",
            Assert.Throws<SourceSchemaException>(
                () => Of(server, new HttpIdentity.Body(server.Url("/info"), "/count"))).Message);
    }

    [Fact]
    public async Task SecretIsSentAndNotRepeated()
    {
        const string Secret = "s3cret-t0ken-of-the-api";
        await using var server = ScriptedServer.Of(context =>
            Answers.Text($"for {context.Request.Headers.Authorization}", "text/plain")(context));
        var options = Options(server, new HttpIdentity.Body(server.Url("/info"))) with
        {
            Authentication = new HttpAuthentication.Bearer("KEY"),
        };
        Assert.Equal("for Bearer ***", HttpProbe.Of(options, ProbeRun.Alone, () => Secret, _clock));
        Assert.Equal($"Bearer {Secret}", server.Arrived[0].Header("Authorization"));
    }

    [Fact]
    public async Task MissingSecretIsNamed()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"));
        var options = Options(server) with { Authentication = new HttpAuthentication.Bearer("KEY") };
        Assert.Equal(
            $"The secret 'KEY', which {server.Url()} needs, has no value. Set what the build takes it from, and run " +
            "the same command again.",
            Assert.Throws<DeniedSourceException>(
                () => HttpProbe.Of(options, ProbeRun.Alone, () => null, _clock)).Message);
    }

    [Fact]
    public async Task PassingFaultIsTriedAgain()
    {
        await using var server = ScriptedServer.InTurn(Answers.Status(503), Answers.Status(200, ("ETag", "\"v1\"")));
        var said = new List<string>();
        var run = new ProbeRun(said.Add, CancellationToken.None);
        Assert.Equal("etag \"v1\"", HttpProbe.Of(Options(server), run, secret: null, _clock));
        Assert.Single(_clock.Waits);
        Assert.StartsWith("attempt 1 of 5 failed, the next begins in ", Assert.Single(said));
    }

    [Fact]
    public async Task WaitEndsWithTheBuild()
    {
        await using var server = ScriptedServer.Of(Answers.Status(503, ("Retry-After", "60")));
        using var build = new CancellationTokenSource();
        var run = new ProbeRun(_ => build.Cancel(), build.Token);
        Assert.ThrowsAny<OperationCanceledException>(
            () => HttpProbe.Of(Options(server), run, secret: null, TimeProvider.System));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task LostDataIsNamedByGet()
    {
        await using var server = ScriptedServer.Of(Answers.Status(404));
        Assert.Throws<LostSourceDataException>(() => Of(server));
        Assert.Equal(["HEAD /rows", "GET /rows"], server.Asked);
    }

    private string Of(ScriptedServer server, HttpIdentity? identity = null) =>
        HttpProbe.Of(Options(server, identity), ProbeRun.Alone, secret: null, _clock);

    private static HttpOptions Options(ScriptedServer server, HttpIdentity? identity = null) => new()
    {
        Url = server.Url(),
        Answer = new HttpAnswer.Rows(),
        Identity = identity ?? new HttpIdentity.Validators(),
    };
}
