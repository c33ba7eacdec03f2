using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace MLBuild.Serving;

/// <summary>How our programs speak HTTP: where they listen, how much they take, how they start, stop and log.</summary>
internal static class HttpHost
{
    /// <summary>Serves until SIGTERM or Ctrl+C, which let begun requests finish. A refusal to start is one line on the
    /// standard error stream.</summary>
    /// <param name="build">Makes the program.</param>
    /// <returns>The exit code: 0, or 1 if it did not start.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (ServingException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    // Empty, so that no variable or file of the machine can open it to the network.
    public static WebApplication Build(
        IReadOnlyList<string> urls, ServingLimits limits, Action<IServiceCollection> add)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
            // A body has its own clock, and answers are sent as fast as Kestrel demands: 240 bytes a second.
            kestrel.Limits.RequestHeadersTimeout = limits.RequestTimeout;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = limits.StopTimeout);
        builder.Services.AddRoutingCore();
        builder.Logging
            .AddFilter("Microsoft", LogLevel.Warning)
            // That it did not start is said by StartAsync, without a stack.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
            });
        add(builder.Services);
        var app = builder.Build();
        foreach (var url in urls)
            app.Urls.Add(url);
        return app;
    }

    public static ILogger LogOf(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger("MLBuild.Serving");

    /// <summary>What is wrong with <c>--urls</c>, for people.</summary>
    public static IEnumerable<string> UrlFaults(IReadOnlyList<string> urls) => urls.Count == 0
        ? ["--urls is empty, expected something like http://127.0.0.1:8090"]
        : urls.Where(url => !IsHttp(url)).Select(url =>
            $"--urls has '{url}', expected something like http://127.0.0.1:8090; several are separated by ';'");

    private static async Task StartAsync(WebApplication app)
    {
        // What it is bound to takes the place of what it was told.
        var urls = string.Join(" and ", app.Urls);
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new ServingException(
                $"The server cannot listen on {urls}: {e.Message} Choose another place: --urls.", e);
        }
    }

    // Certificates are the business of a proxy in front.
    private static bool IsHttp(string url)
    {
        try
        {
            return BindingAddress.Parse(url).Scheme == "http";
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
