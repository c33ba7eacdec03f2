using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using MLBuild.Serving.Balancing;
using MLBuild.Serving.Requests;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace MLBuild.Serving;

/// <summary>An HTTP server that has several model servers answer, each request by one that is ready (YARP). Which one
/// does not matter: they follow one registry, and a rollout shares requests by their key.</summary>
public static class LoadBalancer
{
    private const string Servers = "servers";

    // The only paths of a server that are the same whoever answers. Metrics are each server's own.
    private static (string Path, string Method)[] Paths =>
        [("/predict", HttpMethods.Post), ("/openapi.json", HttpMethods.Get), ("/model", HttpMethods.Get)];

    // All that a server reads. Cookies, credentials for others and names of machines go no further.
    private static string[] RequestHeaders =>
    [
        HeaderNames.Accept, HeaderNames.ContentEncoding, HeaderNames.ContentLength, HeaderNames.ContentType,
        Serving.ApiKeys.Header,
    ];

    /// <summary>Balances until SIGTERM or Ctrl+C, which let begun requests finish. A refusal to start is one line on
    /// the standard error stream.</summary>
    /// <param name="args">See <see cref="LoadBalancerOptions.Parse"/>.</param>
    /// <returns>The exit code: 0, or 1 if the load balancer did not start.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args) => HttpHost.RunAsync(() => Build(
        LoadBalancerOptions.Parse(args, Directory.GetCurrentDirectory()), TimeProvider.System));

    /// <summary>A load balancer that is ready to start.</summary>
    /// <exception cref="ServingException">An option is wrong.</exception>
    public static WebApplication Build(LoadBalancerOptions options, TimeProvider clock)
    {
        options.Validate();
        var apiKeys = Serving.ApiKeys.Of(options.ApiKeys, options.Urls);
        var app = HttpHost.Build(options.Urls, options.Limits, services =>
        {
            AddProxy(services, options);
            services.AddSingleton(provider =>
                new Draining(options.Limits.DrainTime, clock, HttpHost.LogOf(provider)));
            services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        });
        var log = HttpHost.LogOf(app.Services);
        var draining = app.Services.GetRequiredService<Draining>();
        var proxies = app.Services.GetRequiredService<IProxyStateLookup>();
        var forwarding = new Forwarding(new(options.Limits, clock), options, log);

        app.UseStatusCodePages(Problem.OfRoutingAsync);
        app.Use((context, next) => Problem.GuardAsync(context, next, log));
        app.MapGet("/health/live", context => Results.Json(LiveStatus.Alive).ExecuteAsync(context));
        app.MapGet("/health/ready", context =>
        {
            var servers = proxies.TryGetCluster(Servers, out var cluster) ? cluster.DestinationsState : null;
            var status = BalancerStatus.Of(
                servers?.AvailableDestinations.Count ?? 0, servers?.AllDestinations.Count ?? 0, draining.HasBegun);
            return Results.Json(status, statusCode: status.StatusCode).ExecuteAsync(context);
        });
        app.MapGet("/metrics", context => Problem.WriteAsync(
            context, StatusCodes.Status404NotFound,
            "This is a load balancer, and each of its servers counts for itself. Ask them for /metrics."));
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(next =>
            {
                RequestDelegate answer = context => forwarding.AnswerAsync(context, next);
                var guarded = apiKeys.Guarded(answer);
                return context => context.Request.Path == "/model" ? guarded(context) : answer(context);
            });
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        app.Lifetime.ApplicationStarted.Register(() => log.LogInformation(
            "Balancing {Servers}, on {Urls}.", string.Join(" and ", options.Servers), string.Join(" and ", app.Urls)));
        app.Lifetime.ApplicationStopped.Register(() => log.LogInformation("Stopped."));
        return app;
    }

    private static void AddProxy(IServiceCollection services, LoadBalancerOptions options)
    {
        services.AddReverseProxy()
            .LoadFromMemory([.. Paths.Select(Route)], [Cluster(options)])
            .ConfigureHttpClient((_, handler) =>
            {
                handler.ConnectTimeout = ReadinessChecks.ConnectTimeout;
                handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
            })
            .AddTransforms(transforms =>
            {
                transforms.UseDefaultForwarders = false;
                transforms.AddRequestHeadersAllowed(RequestHeaders);
            });
        // It would keep keys for cookies in the home folder, and no server has any.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        foreach (var keeper in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(EphemeralDataProtectionProvider).Assembly).ToArray())
            services.Remove(keeper);
        services.AddSingleton<IActiveHealthCheckPolicy>(provider => new ReadinessChecks(
            provider.GetRequiredService<IDestinationHealthUpdater>(), HttpHost.LogOf(provider)));
        services.AddSingleton<IPassiveHealthCheckPolicy, RefusedConnections>();
        services.AddSingleton<IAvailableDestinationsPolicy, ReadyServers>();
        // Of each probe that fails there would be a line: what changes is said by ReadinessChecks.
        services.AddLogging(logging => logging.AddFilter("Yarp", LogLevel.Error));
    }

    private static RouteConfig Route((string Path, string Method) endpoint) => new()
    {
        RouteId = endpoint.Path,
        ClusterId = Servers,
        Match = new() { Path = endpoint.Path, Methods = [endpoint.Method] },
    };

    private static ClusterConfig Cluster(LoadBalancerOptions options) => new()
    {
        ClusterId = Servers,
        Destinations = options.Servers.ToDictionary(url => url, url => new DestinationConfig { Address = url }),
        // Not the one with the fewest requests: that is whoever has just gone away, and refuses all of them at once.
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        HealthCheck = new()
        {
            AvailableDestinationsPolicy = ReadyServers.PolicyName,
            Active = new()
            {
                Enabled = true,
                Path = "/health/ready",
                Interval = ReadinessChecks.Interval,
                Timeout = ReadinessChecks.Timeout,
                Policy = ReadinessChecks.PolicyName,
            },
            Passive = new()
            {
                Enabled = true,
                Policy = RefusedConnections.PolicyName,
                ReactivationPeriod = RefusedConnections.ReactivationPeriod,
            },
        },
        // A server closes the connections that are too many: half of them leave room for probes and for others.
        HttpClient = new() { MaxConnectionsPerServer = Math.Max(1, options.Limits.MaxConnections / 2) },
        HttpRequest = new()
        {
            Version = System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = options.AnswerTimeout,
        },
    };
}
