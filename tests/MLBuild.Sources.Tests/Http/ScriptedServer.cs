using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace MLBuild.Sources.Tests.Http;

/// <summary>A request as it arrived.</summary>
internal sealed record Arrived(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>A real server on a free port of this machine, which answers as a test says and keeps what it was
/// asked.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<Arrived> _arrived = [];

    // An aborted connection ends behind what was sent; otherwise its reset may overtake that.
    static ScriptedServer() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.FinOnError", true);

    private ScriptedServer(Action<ListenOptions> listen, RequestDelegate? answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen));
        _app = builder.Build();
        if (answer is not null)
            _app.Run(context =>
            {
                Keep(context.Request);
                return answer(context);
            });
        _app.StartAsync().GetAwaiter().GetResult();
        Port = new Uri(_app.Urls.Single()).Port;
    }

    /// <summary>Answers as HTTP; with a certificate, over TLS.</summary>
    public static ScriptedServer Of(RequestDelegate answer, X509Certificate2? certificate = null) => new(
        listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
                listen.UseHttps(certificate);
        }, answer);

    /// <summary>Answers each request in turn; the last answer is given to all that come after.</summary>
    public static ScriptedServer InTurn(params RequestDelegate[] answers)
    {
        var next = 0;
        return Of(context => answers[Math.Min(Interlocked.Increment(ref next), answers.Length) - 1](context));
    }

    /// <summary>Sends bytes as they are to each connection once a request has come, and closes it.</summary>
    public static ScriptedServer Raw(params string[] answers)
    {
        var next = 0;
        return new(listen => listen.Run(async connection =>
        {
            var request = "";
            while (!request.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await connection.Transport.Input.ReadAsync();
                request += Encoding.Latin1.GetString(read.Buffer.FirstSpan);
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
            var answer = answers[Math.Min(Interlocked.Increment(ref next), answers.Length) - 1];
            await connection.Transport.Output.WriteAsync(Encoding.Latin1.GetBytes(answer));
        }), answer: null);
    }

    public int Port { get; }

    public string Place => $"127.0.0.1:{Port}";

    /// <summary>Its address with a path.</summary>
    public string Url(string path = "/rows") => $"http://{Place}{path}";

    public Arrived[] Arrived
    {
        get
        {
            lock (_arrived)
                return [.. _arrived];
        }
    }

    /// <summary>What was asked, without headers.</summary>
    public string[] Asked => [.. Arrived.Select(one => $"{one.Method} {one.Target}")];

    public async ValueTask DisposeAsync()
    {
        // Connections that a test left hanging end with the server.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private void Keep(HttpRequest request)
    {
        lock (_arrived)
            _arrived.Add(new(request.Method, $"{request.Path}{request.QueryString}", request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
    }
}
