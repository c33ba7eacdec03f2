using System.Text;
using Microsoft.AspNetCore.Builder;

namespace MLBuild.Serving.Tests;

/// <summary>A load balancer on a free port of this machine, and a client of it.</summary>
internal sealed class RunningBalancer : IAsyncDisposable
{
    // Five minutes: reached only where what is waited for never comes.
    private const int MostLooks = 15_000;

    private readonly WebApplication _app;

    private RunningBalancer(WebApplication app)
    {
        _app = app;
        // Waits for the balancer to ask for a body, where a test wants to be asked.
        Client = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
        {
            BaseAddress = new Uri(app.Urls.Single().Replace("0.0.0.0", "127.0.0.1")),
        };
    }

    public HttpClient Client { get; }

    public static Task<RunningBalancer> StartAsync(params string[] servers) => StartAsync(new LoadBalancerOptions
    {
        Servers = servers,
        Urls = ["http://127.0.0.1:0"],
        Limits = new() { DrainTime = TimeSpan.Zero },
    });

    public static async Task<RunningBalancer> StartAsync(LoadBalancerOptions options)
    {
        var app = LoadBalancer.Build(options, TimeProvider.System);
        await app.StartAsync();
        return new(app);
    }

    public async Task<Answer> PredictAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync("/predict", content);
        return await Answer.OfAsync(response);
    }

    public async Task<Answer> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await Answer.OfAsync(response);
    }

    /// <summary>Waits until so many servers are ready.</summary>
    public async Task<Answer> ReadyAsync(int servers)
    {
        var answer = await GetAsync("/health/ready");
        await OnceAsync(async () =>
            (answer = await GetAsync("/health/ready")).Json.GetProperty("ready").GetInt32() == servers);
        return answer;
    }

    /// <summary>Waits until something holds.</summary>
    public static async Task OnceAsync(Func<Task<bool>> holds)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            if (await holds())
                return;
            await Task.Delay(20);
        }
        throw new InvalidOperationException("What is waited for never came.");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
