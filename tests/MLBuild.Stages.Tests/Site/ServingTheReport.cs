using System.Net;
using System.Net.Sockets;
using MLBuild.Engine;
using MLBuild.Stages.Site;

namespace MLBuild.Stages.Tests.Site;

/// <summary>The report as a server on this machine shows it.</summary>
public sealed class ServingTheReport : IClassFixture<SiteSpace>, IAsyncLifetime
{
    private readonly SiteSpace _space;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port = FreePort.Find();
    private SiteState _state;
    private readonly SiteServer _server;
    private Task _serving = Task.CompletedTask;

    public ServingTheReport(SiteSpace space)
    {
        (_space, _state) = (space, space.State);
        _server = new(() => _state);
    }

    public async Task InitializeAsync()
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _serving = _server.Run(_port, listening.SetResult, _stop.Token);
        // One that cannot listen says why.
        if (await Task.WhenAny(listening.Task, _serving) == _serving)
            await _serving;
        _client.BaseAddress = new(await listening.Task);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _server.Dispose();
        _client.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task EachFileIsServedAsItIsWritten()
    {
        foreach (var page in SitePages.Of(_state))
        {
            using var answer = await _client.GetAsync(page.Path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(page.ContentType, answer.Content.Headers.ContentType!.ToString());
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(_space.Folder, page.Path)),
                await answer.Content.ReadAsByteArrayAsync());
        }
        Assert.Equal(await _client.GetStringAsync("index.html"), await _client.GetStringAsync(""));
    }

    [Fact]
    public async Task APageIsAsTheStateIsWhenItIsAskedFor()
    {
        _state = _space.State with { Versions = [], Environments = [], Runs = [] };
        Assert.Contains("No version is registered.", await _client.GetStringAsync("index.html"));
        using var gone = await _client.GetAsync("versions/1.html");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);

        _state = _space.State;
        Assert.Contains("version 1", await _client.GetStringAsync("versions/1.html"));
    }

    [Theory]
    [InlineData("stages/../../../secret.txt")]
    [InlineData("..%2f..%2fsecret.txt")]
    [InlineData("%2e%2e/%2e%2e/secret.txt")]
    [InlineData("stages\\..\\..\\secret.txt")]
    [InlineData("stages/")]
    [InlineData("Index.html")]
    public async Task OtherPathsLeadNowhere(string path)
    {
        await File.WriteAllTextAsync(Path.Combine(_space.Folder, "..", "..", "secret.txt"), "secret");
        // As it is written: a client of .NET would tidy it.
        var answer = await Raw($"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{_port}\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("secret", answer.Split("\r\n\r\n", 2)[1]);
    }

    [Fact]
    public async Task WhatIsNotThereIsSaid()
    {
        using var answer = await _client.GetAsync("stages/Nothing.html");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("The report has no such page. It begins at /index.html\n",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task NothingCanBeSent()
    {
        using var answer = await _client.PostAsync("index.html", new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("Only GET and HEAD are answered.\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ANameOfAnotherSiteIsRefused()
    {
        var answer = await Raw($"GET /index.html HTTP/1.1\r\nHost: evil.example:{_port}\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("sales", answer);
    }

    [Fact]
    public async Task PagesMayLoadNothingFromElsewhere()
    {
        using var answer = await _client.GetAsync("index.html");
        Assert.Equal(
            "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task AStateThatCannotBeReadIsSaidAndTheNextRequestIsAnswered()
    {
        _state = null!;
        using var answer = await _client.GetAsync("index.html");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.StartsWith("The state cannot be read: ", await answer.Content.ReadAsStringAsync());
        _state = _space.State;
        Assert.Contains("<h1>", await _client.GetStringAsync("index.html"));
    }

    [Fact]
    public async Task APortThatAnotherProgramHasIsNamed()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            _server.Run(port, _ => { }, CancellationToken.None));
        Assert.Matches($"^The report cannot be served on port {port}: .*Give another --report-port\\.$",
            failure.Message);
    }

    [Fact]
    public async Task APortThatAnotherReportHasIsNamed()
    {
        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            _server.Run(_port, _ => { }, CancellationToken.None));
        Assert.StartsWith($"The report cannot be served on port {_port}: ", failure.Message);
    }

    [Fact]
    public async Task AnotherProgramMayTakeThePortAsSoonAsTheServerEnds()
    {
        for (var round = 0; round < 20; round++)
        {
            var port = FreePort.Find();
            using var stop = new CancellationTokenSource();
            using var other = new TcpListener(IPAddress.Loopback, port);
            // What registers first is called last: once the server has let go of its port.
            using var taking = stop.Token.Register(() => Take(other));
            using var server = new SiteServer(() => _state);
            var serving = server.Run(port, _ => { }, stop.Token);
            stop.Cancel();
            await serving;
            Assert.True(other.Server.IsBound);
        }

        // A process that another test starts at this moment has a copy of the server's listener until its own program
        // begins.
        static void Take(TcpListener other)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    other.Start();
                    return;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < 1_000)
                {
                    Thread.Sleep(1);
                }
            }
        }
    }

    [Fact]
    public async Task APortThatIsNoneIsNamed()
    {
        var failure = await Assert.ThrowsAsync<PipelineException>(() =>
            _server.Run(70_000, _ => { }, CancellationToken.None));
        Assert.Equal("--report-port is 70000, expected a port from 1 to 65535.", failure.Message);
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
