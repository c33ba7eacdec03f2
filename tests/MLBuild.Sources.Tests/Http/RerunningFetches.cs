using MLBuild.Engine;
using MLBuild.Engine.Code;
using MLBuild.Engine.Stages;
using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>A fetch as a stage of a pipeline: unchanged means untouched, and no secret is kept.</summary>
public sealed class RerunningFetches : IDisposable
{
    private const string Secret = "s3cret-t0ken-of-the-api";

    private readonly FetchSpace _space = new() { Secret = Secret };

    [Fact]
    public async Task UnchangedSourceIsOnlyProbed()
    {
        var tag = "\"v1\"";
        await using var server = ScriptedServer.Of(context =>
            Answers.With(context.Request.Method == "HEAD" ? Answers.Status(200) : Answers.Json("[1]"), ("ETag", tag))(
                context));
        var options = Observed(server);
        Assert.Equal("built because it was never built", await _space.Run(options));
        Assert.Equal(["HEAD /rows", "GET /rows", "HEAD /rows"], server.Asked);
        Assert.Equal("up to date", await _space.Run(options));
        Assert.Equal(["HEAD /rows"], server.Asked[3..]);
        tag = "\"v2\"";
        Assert.Equal("built because observed 'http' changed: etag \"v1\" -> etag \"v2\"",
            await _space.Run(options));
        tag = "\"v1\"";
        Assert.StartsWith("restored", await _space.Run(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SourceThatChangedMeanwhileIsNotKept()
    {
        var version = 1;
        await using var server = ScriptedServer.Of(context =>
        {
            // Somebody writes while the rows are read.
            var tag = $"\"v{(context.Request.Method == "HEAD" ? version : version++)}\"";
            return Answers.With(context.Request.Method == "HEAD" ? Answers.Status(200) : Answers.Json("[1]"),
                ("ETag", tag))(context);
        });
        Assert.Equal(
            $"failed: {server.Url()} changed after it was observed: it was etag \"v1\", and is etag \"v2\". What was " +
            "fetched is not kept. Run the same command again.",
            await _space.Run(Observed(server)));
    }

    [Fact]
    public async Task SourceWithoutAnIdentityIsFetchedOnce()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"));
        var options = new HttpOptions
        {
            Url = server.Url(),
            Answer = new HttpAnswer.Rows(),
            Identity = new HttpIdentity.Unknown(),
        };
        Assert.Equal("built because it was never built", await _space.Run(options));
        Assert.Equal("up to date", await _space.Run(options with { Timeout = TimeSpan.FromSeconds(99) }));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task WhatIsMissingInTheDeclarationIsFoundBeforeAnythingIsAsked()
    {
        await using var server = ScriptedServer.Of(Answers.Json("[1]"));
        var options = new HttpOptions
        {
            Url = server.Url(),
            Answer = new HttpAnswer.Rows(),
            Identity = new HttpIdentity.Body(server.Url("/version")),
        };
        Assert.Equal(
            "Stage 'Fail' does not observe 'http'. Declare it with Observes. Its probe is HttpProbe.Of. If nothing " +
            "tells versions apart, set Identity = new HttpIdentity.Unknown(): it is then fetched once.",
            await _space.Failure<ArgumentException>(options));
        _space.Outputs = [HttpFetchStage.Rows];
        Assert.Equal("Stage 'Fail' does not write 'fetch.json'. It writes: rows.jsonl. Declare it with Writes.",
            await _space.Failure<PipelineException>(options));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task NoFileAndNoLineHoldsTheSecret()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Status(200, ("ETag", "\"v1\"")),
            context => Answers.With(Answers.Status(503), ("X-Echo", context.Request.Headers.Authorization!))(context),
            Answers.With(Answers.Json("[1]"), ("Link", $"</rows?token={Secret}>; rel=next")),
            Answers.Text($"<html>{Secret}", "text/html"));
        var outcome = await _space.Run(Observed(server) with
        {
            Answer = new HttpAnswer.Rows { Paging = new HttpPaging.LinkHeader() },
        });
        Assert.StartsWith($"failed: Page 2 of {server.Url()} is a web page (text/html), expected JSON. It begins: " +
            "'<html>***'.", outcome, StringComparison.Ordinal);
        Assert.All(server.Arrived, one => Assert.Equal($"Bearer {Secret}", one.Header("Authorization")));
        Assert.Empty(_space.FilesWith(Secret));
        Assert.NotEmpty(_space.Log);
        Assert.All(_space.Log, line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnotherSecretRerunsNothing()
    {
        await using var server = ScriptedServer.Of(context =>
            Answers.With(context.Request.Method == "HEAD" ? Answers.Status(200) : Answers.Json("[1]"),
                ("ETag", "\"v1\""))(context));
        await _space.Run(Observed(server));
        _space.Secret = "another-t0ken-of-the-api";
        Assert.Equal("up to date", await _space.Run(Observed(server)));
    }

    // Network and clock are what it is for: what it reads is declared by its options and its probe.
    [Fact]
    public void NothingUndeclaredIsFoundInItsCode()
    {
        var options = new HttpOptions { Url = "https://api.example/rows", Answer = new HttpAnswer.Rows() };
        var stage = new StageBuilder(new("Fetch")).Writes(HttpFetchStage.Outputs).WithSecret("KEY", () => Secret)
            .Observes(HttpFetchStage.Observation, run => HttpProbe.Of(options, run, () => Secret))
            .Runs<HttpOptions>(HttpFetchStage.Run, () => options).Build();
        var code = new ReachabilityFingerprint(
            Path.Combine(AppContext.BaseDirectory, $"{typeof(RerunningFetches).Assembly.GetName().Name}.deps.json"));
        var reading = code.Of(stage);
        Assert.Empty(reading.Findings);
        Assert.Contains(reading.Entries, entry => entry.Name.Contains("HttpDownload", StringComparison.Ordinal));
    }

    public void Dispose() => _space.Dispose();

    private HttpOptions Observed(ScriptedServer server)
    {
        var options = new HttpOptions
        {
            Url = server.Url(),
            Answer = new HttpAnswer.Rows(),
            Authentication = new HttpAuthentication.Bearer("KEY"),
        };
        _space.Probe = run => HttpProbe.Of(options, run, () => _space.Secret, _space.Clock);
        return options;
    }
}
