using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MLBuild.Serving.Tests;

/// <summary>Stands for a model server: says whether it is ready, and answers everything else as the test does.
/// </summary>
internal sealed class StandInServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandInServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>The headers of each request that was not for its health.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Requests { get; } = new();

    /// <param name="ready">What it says to whoever asks whether it is ready; null for nothing, ever.</param>
    public static async Task<StandInServer> StartAsync(
        RequestDelegate answer, int? ready = StatusCodes.Status200OK)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new StandInServer(app);
        app.Run(context =>
        {
            if (context.Request.Path == "/health/ready")
            {
                if (ready is not { } status)
                    return Task.Delay(Timeout.Infinite, context.RequestAborted);
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            }
            server.Requests.Enqueue(context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            return answer(context);
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
