using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using MLBuild.Sources.Http;

namespace MLBuild.Sources.Tests.Http;

/// <summary>Faults that may pass, and how long they are waited for.</summary>
public sealed class Retrying : IDisposable
{
    private readonly FetchSpace _space = new();

    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task PassingStatusIsTriedAgain(int status)
    {
        await using var server = ScriptedServer.InTurn(Answers.Status(status), Answers.Json("[1]"));
        var report = await _space.Fetch(Of(server));
        Assert.Equal("1\n", _space.Rows);
        Assert.Equal((2, 1, 0), (report.Requests, report.Retries, report.Waits));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(501)]
    public async Task OtherStatusIsNot(int status)
    {
        await using var server = ScriptedServer.Of(Answers.Status(status));
        Assert.StartsWith($"failed: {server.Url()} answered {status} ", await _space.Run(Of(server)),
            StringComparison.Ordinal);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task WaitsDoubleAndAreSpread()
    {
        await using var server = ScriptedServer.Of(Answers.Status(503));
        // The spread is by the URL: a port would change it.
        var options = Of(server) with { MaxAttempts = 6, MaxDelay = TimeSpan.FromSeconds(6) };
        Assert.Equal(
            $"{server.Url()} answered 503 Service Unavailable. It was tried 6 times. Run the same command later.",
            await _space.Failure<UnreachableSourceException>(options));
        Assert.Equal(6, server.Asked.Length);
        var most = new double[] { 1, 2, 4, 6, 6 };
        Assert.Equal(most.Length, _space.Clock.Waits.Length);
        Assert.All(_space.Clock.Waits.Zip(most), pair => Assert.InRange(
            pair.First, TimeSpan.FromSeconds(pair.Second / 2), TimeSpan.FromSeconds(pair.Second)));
        Assert.Equal(5, _space.Clock.Waits.Distinct().Count());
    }

    [Fact]
    public async Task EqualFetchesWaitEquallyAndOthersDoNot()
    {
        await using var server = ScriptedServer.Of(Answers.Status(503));
        await _space.Run(Of(server));
        using var again = new FetchSpace();
        await again.Run(Of(server));
        using var other = new FetchSpace();
        await other.Run(Of(server) with { Url = server.Url("/other") });
        Assert.Equal(_space.Clock.Waits, again.Clock.Waits);
        Assert.NotEqual(_space.Clock.Waits, other.Clock.Waits);
    }

    [Fact]
    public async Task RetriesAreLogged()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Status(429, ("Retry-After", "7")), Answers.Broken("[1,2,3]"), Answers.Json("[1]"));
        await _space.Fetch(Of(server) with { FirstDelay = TimeSpan.Zero });
        Assert.Equal(
        [
            $"attempt 1 of 5 failed, the next begins in 7.00 s: {server.Url()} answered 429 Too Many Requests.",
            $"attempt 2 of 5 failed, the next begins in 0.00 s: {server.Url()} broke off before its answer was " +
                "complete.",
            "1 row in 1 page, 3 B, 3 requests, 2 of them again",
        ], _space.Log);
    }

    [Fact]
    public async Task WaitInSeconds()
    {
        await using var server =
            ScriptedServer.InTurn(Answers.Status(429, ("Retry-After", "120")), Answers.Json("[1]"));
        var report = await _space.Fetch(Of(server));
        Assert.Equal([TimeSpan.FromSeconds(120)], _space.Clock.Waits);
        Assert.Equal(1, report.Waits);
    }

    [Fact]
    public async Task WaitUntilADateByTheServersClock()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Status(503, ("Date", "Tue, 01 Dec 2026 10:00:00 GMT"),
                ("Retry-After", "Tue, 01 Dec 2026 10:01:30 GMT")),
            Answers.Json("[1]"));
        await _space.Fetch(Of(server));
        Assert.Equal([TimeSpan.FromSeconds(90)], _space.Clock.Waits);
    }

    [Fact]
    public async Task WaitUntilADateByThisClockWhereTheServerTellsNone()
    {
        await using var server = ScriptedServer.Raw(
            "HTTP/1.1 503 Busy\r\nRetry-After: Sun, 01 Mar 2026 12:00:45 GMT\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[1]");
        await _space.Fetch(Of(server));
        Assert.Equal([TimeSpan.FromSeconds(45)], _space.Clock.Waits);
    }

    [Fact]
    public async Task DateThatHasPassedIsNoWait()
    {
        await using var server = ScriptedServer.InTurn(
            Answers.Status(503, ("Date", "Tue, 01 Dec 2026 10:00:00 GMT"),
                ("Retry-After", "Tue, 01 Dec 2026 09:00:00 GMT")),
            Answers.Json("[1]"));
        await _space.Fetch(Of(server));
        Assert.Empty(_space.Clock.Waits);
    }

    [Fact]
    public async Task WaitThatIsTooLongIsAnError()
    {
        await using var server = ScriptedServer.Of(Answers.Status(429, ("Retry-After", "7200")));
        Assert.Equal(
            $"{server.Url()} answered 429 Too Many Requests. It asks to wait 2 h 0 min, longer than MaxDelay, 5 min " +
            "0 s. Run the same command after that, or raise MaxDelay.",
            await _space.Failure<UnreachableSourceException>(Of(server)));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task SilenceBeforeTheAnswer()
    {
        await using var server = ScriptedServer.Of(Answers.Silence(_space.Clock.Expire));
        Assert.Equal(
            $"{server.Url()} was silent for 1 min 40 s. It was tried 2 times. Raise Timeout, or run the same command " +
            "later.",
            await _space.Failure<UnreachableSourceException>(Of(server) with { MaxAttempts = 2 }));
        Assert.Equal(2, server.Asked.Length);
    }

    [Fact]
    public async Task SilenceWithinTheAnswer()
    {
        await using var server = ScriptedServer.InTurn(
            async context =>
            {
                context.Response.ContentLength = 3;
                await context.Response.WriteAsync("[1");
                await context.Response.Body.FlushAsync();
                await Answers.Silence(_space.Clock.Expire)(context);
            },
            Answers.Json("[1]"));
        var report = await _space.Fetch(Of(server));
        Assert.Equal(("1\n", 1), (_space.Rows, report.Retries));
    }

    [Fact]
    public async Task ResetConnection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var place = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var served = Task.Run(async () =>
        {
            for (var answered = 0; answered < 2; answered++)
            {
                using var client = await listener.AcceptSocketAsync();
                await client.ReceiveAsync(new byte[4096]);
                await client.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"u8.ToArray());
                if (answered > 0)
                    await client.SendAsync("[1]"u8.ToArray());
                else
                    client.LingerState = new(true, 0);
            }
        });
        var report = await _space.Fetch(new() { Url = $"http://{place}/", Answer = new HttpAnswer.Rows() });
        await served;
        Assert.Equal(("1\n", 1), (_space.Rows, report.Retries));
    }

    [Fact]
    public async Task ClosedPort()
    {
        // A port that nobody else can take while it is held, and at which nobody listens.
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var place = $"127.0.0.1:{((IPEndPoint)held.LocalEndPoint!).Port}";
        Assert.Equal(
            $"http://{place}/ cannot be reached: nothing listens at {place}. It was tried 3 times. Check host and " +
            "port in Url, and that the server runs and no firewall is between.",
            await _space.Failure<UnreachableSourceException>(new()
            {
                Url = $"http://{place}/",
                Answer = new HttpAnswer.Rows(),
                MaxAttempts = 3,
            }));
    }

    [Fact]
    public async Task NameThatDoesNotResolve() => Assert.Equal(
        "http://nowhere.invalid/ cannot be reached: the name 'nowhere.invalid' does not resolve. It was tried once. " +
        "Check the host in Url, and that this machine reaches a name server.",
        await _space.Failure<UnreachableSourceException>(new()
        {
            Url = "http://nowhere.invalid/",
            Answer = new HttpAnswer.Rows(),
            MaxAttempts = 1,
        }));

    [Fact]
    public async Task ServerThatSpeaksNoHttp()
    {
        await using var server = ScriptedServer.Raw("220 mail.example ESMTP\r\n");
        // What is between is the framework's.
        var failure = await _space.Failure<SourceSchemaException>(Of(server));
        Assert.StartsWith($"{server.Url()} is no HTTP: ", failure, StringComparison.Ordinal);
        Assert.EndsWith(" Check the port in Url.", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void FaultWithoutAKindSaysWhatItIs() => Assert.Equal(
        "rows failed: the weather was bad.",
        ConnectionFaults.Of(new("no", new InvalidOperationException("the weather was bad.")), "rows",
            new("http://api.example"), refusal: null).Message);

    [Fact]
    public async Task CancelledBuildEndsTheWait()
    {
        using var build = new CancellationTokenSource();
        await using var server = ScriptedServer.Of(Answers.Silence(build.Cancel));
        Assert.Equal("not run: the build is ending", await _space.Run(Of(server), build.Token));
        Assert.Single(server.Asked);
    }

    public void Dispose() => _space.Dispose();

    private static HttpOptions Of(ScriptedServer server) =>
        new() { Url = server.Url(), Answer = new HttpAnswer.Rows() };
}
