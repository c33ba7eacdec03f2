using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MLBuild.Engine.Code;
using MLBuild.Learning.Models;
using MLBuild.Registry;
using MLBuild.Serving.Log;
using MLBuild.Serving.Metrics;
using MLBuild.Serving.Models;
using MLBuild.Serving.Predictions;
using MLBuild.Serving.Requests;
using MLBuild.Store;

namespace MLBuild.Serving;

/// <summary>An HTTP server that answers with the model version which the registry has deployed to its
/// environment.</summary>
public static class ModelServer
{
    /// <summary>Serves until SIGTERM or Ctrl+C, which let begun requests finish. A refusal to start is one line on the
    /// standard error stream.</summary>
    /// <param name="args">See <see cref="ServingOptions.Parse"/>.</param>
    /// <param name="adjust">Sets what the command line does not, such as <see cref="ServingOptions.Limits"/>. Default
    /// null: nothing.</param>
    /// <returns>The exit code: 0, or 1 if the server did not start.</returns>
    public static Task<int> RunAsync<TRow>(
        IReadOnlyList<string> args, ModelDefinition<TRow> definition, ServedRow<TRow> row,
        Func<ServingOptions, ServingOptions>? adjust = null)
        where TRow : class, new() =>
        HttpHost.RunAsync(() =>
        {
            var options = ServingOptions.Parse(args, Directory.GetCurrentDirectory());
            // Build validates them, also where they are adjusted.
            return Build(adjust?.Invoke(options) ?? options, definition, row, TimeProvider.System);
        });

    /// <summary>A server that is ready to start: its model is loaded and has passed every check.</summary>
    /// <param name="row">The fields of a request.</param>
    /// <exception cref="ServingException">An option is wrong, nothing is deployed, or what is deployed must not serve.
    /// </exception>
    public static WebApplication Build<TRow>(
        ServingOptions options, ModelDefinition<TRow> definition, ServedRow<TRow> row, TimeProvider clock)
        where TRow : class, new()
    {
        options.Validate();
        var key = definition.ServedKey ?? definition.Key;
        WithheldColumns.Demand(row, definition.Features);
        WithheldColumns.DemandKey(row, key);
        var registry = Open(options.Registry, clock);
        var code = FeatureCode.Of(definition.Features);
        var loader = new ModelLoader(new LocalArtifactStore(options.Store), code);
        var deployed = Deployed(registry, definition.Name, options.Environment);
        var live = new LiveModel(Begin(loader, deployed));

        var apiKeys = ApiKeys.Of(options.ApiKeys, options.Urls);
        var app = HttpHost.Build(options.Urls, options.Limits, services =>
        {
            services.AddSingleton(_ => new ScoringTurns(options.Limits, clock));
            services.AddSingleton(provider => new ServingMetrics(
                () => live.State.Version, () => provider.GetRequiredService<ScoringTurns>().Waiting));
            services.AddSingleton(provider => new Draining(options.Limits.DrainTime, clock, HttpHost.LogOf(provider)));
            services.AddHostedService(provider => provider.GetRequiredService<Draining>());
            services.AddHostedService(provider => new RegistryFollower(
                registry, loader, live, provider.GetRequiredService<ServingMetrics>(), options, clock,
                new(registry, clock, HttpHost.LogOf(provider)), HttpHost.LogOf(provider)));
            if (options.PredictionLog is not { } predictionLog)
                return;
            services.AddSingleton(provider => new PredictionLog(
                predictionLog, [.. definition.Features.Names], provider.GetRequiredService<ServingMetrics>(), clock,
                HttpHost.LogOf(provider)));
            services.AddHostedService(provider => provider.GetRequiredService<PredictionLog>());
        });
        var log = HttpHost.LogOf(app.Services);
        foreach (var unknown in ReachabilityFingerprint.NotKnown(code.Code))
            log.LogWarning(
                "The code of the features {Unknown}: nobody can tell whether it does what it did in training.",
                unknown);
        var metrics = app.Services.GetRequiredService<ServingMetrics>();
        var draining = app.Services.GetRequiredService<Draining>();
        var predictor = new Predictor<TRow>(
            new(row, options.Limits.MaxRows), definition.Features, key, live, options.Limits.RequestTimeout, clock);
        var predict = new PredictEndpoint<TRow>(
            new(options.Limits, clock), app.Services.GetRequiredService<ScoringTurns>(), predictor,
            app.Services.GetService<PredictionLog>(), metrics, clock, log);
        var fields = row.Columns
            .Select(column => new FieldStatus(column.Name, column.Type.ToString(), !column.IsNullable)).ToArray();

        app.Use((context, next) =>
        {
            // A connection that is kept would bring more requests until the server is gone.
            if (draining.HasBegun)
                context.Response.Headers.Connection = "close";
            return next(context);
        });
        app.UseStatusCodePages(Problem.OfRoutingAsync);
        app.Use((context, next) => Problem.GuardAsync(context, next, log));
        app.Use(Problem.OfStandbyAsync);
        app.MapPost("/predict", predict.AnswerAsync);
        app.MapGet("/health/live", context => Results.Json(LiveStatus.Alive).ExecuteAsync(context));
        app.MapGet("/health/ready", context =>
        {
            var status = ReadyStatus.Of(live.State, draining, showsFault: apiKeys.Allows(context));
            return Results.Json(status, statusCode: status.StatusCode).ExecuteAsync(context);
        });
        app.MapGet("/model", apiKeys.Guarded(context =>
            Results.Json(ModelStatus.Of(live.State, fields)).ExecuteAsync(context)));
        app.MapGet("/metrics", apiKeys.Guarded(context =>
            Results.Text(metrics.ToPrometheus(), PrometheusText.MediaType).ExecuteAsync(context)));
        app.MapGet("/openapi.json", context => Results.Json(OpenApi.Of(
            definition.Name, row, (live.State.Model ?? throw new StandbyException()).Model.Schema.Task,
            options.Limits.MaxRows)).ExecuteAsync(context));
        app.Lifetime.ApplicationStarted.Register(() => SayStarted(live.State, string.Join(" and ", app.Urls), log));
        app.Lifetime.ApplicationStopped.Register(() => log.LogInformation("Stopped."));
        return app;
    }

    // Another revision's servers answer with what is deployed, or what this one is there for was never deployed.
    private static LiveState Begin(ModelLoader loader, Served.Version deployed)
    {
        try
        {
            return new(loader.Load(deployed.Model), deployed.Since, Fault: null, Candidate: null);
        }
        catch (ServingException e) when (ModelLoader.IsOfOtherCode(e))
        {
            return new(null, deployed.Since, Fault: null, Candidate: null) { Standby = new(e.Message) };
        }
    }

    private static void SayStarted(LiveState state, string urls, ILogger log)
    {
        if (state.Standby is { } standby)
            log.LogWarning("{Because} Standing by for a version of this server's code, on {Urls}.",
                standby.Because, urls);
        else
            log.LogInformation("Serving {Model}, on {Urls}.", state, urls);
    }

    private static IModelRegistry Open(RegistryPlace place, TimeProvider clock)
    {
        try
        {
            // Briefly, as it is asked again soon, and a server that is told to stop must not wait for it.
            return place.Open(clock, busyTimeoutSeconds: 5);
        }
        catch (RegistryException e)
        {
            throw new ServingException(e.Message, e);
        }
    }

    private static Served.Version Deployed(IModelRegistry registry, string modelName, string environment)
    {
        try
        {
            return registry.Serving(modelName, environment) as Served.Version ?? throw new ServingException(
                $"Nothing is deployed to '{environment}'. Run ./build.sh Deploy --model-version N first.");
        }
        catch (RegistryException e)
        {
            throw new ServingException(e.Message, e);
        }
    }
}
