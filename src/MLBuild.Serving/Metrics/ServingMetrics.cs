using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MLBuild.Serving.Metrics;

/// <summary>What a server counts and measures of itself, by the version that answered where there is one: instruments
/// of System.Diagnostics, aggregated by OpenTelemetry.</summary>
internal sealed class ServingMetrics : IDisposable
{
    // Between a row of a small model and a full batch of a large one, in seconds.
    private static readonly double[] DurationBounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter _meter = new("MLBuild.Serving");
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _rows;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Counter<long> _reloadFailures;
    private readonly Counter<long> _shadowMissed;
    private readonly Counter<long> _logged;
    private readonly Counter<long> _dropped;
    private readonly PrometheusText _text = new();
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;
    private readonly Lock _lock = new();

    /// <param name="version">The version that serves now; null for none.</param>
    /// <param name="waiting">Requests that wait for their turn now.</param>
    public ServingMetrics(Func<int?> version, Func<long> waiting)
    {
        _duration = _meter.CreateHistogram<double>(
            "mlbuild.predict.duration", "s", "From a request's headers to its answer, by version and status code.");
        _rows = _meter.CreateCounter<long>("mlbuild.predict.rows", null, "Rows that were predicted.");
        _inFlight = _meter.CreateUpDownCounter<long>(
            "mlbuild.predict.in_flight", null, "Requests that are being answered now, waiting ones among them.");
        _meter.CreateObservableGauge(
            "mlbuild.predict.waiting", waiting, null, "Requests that wait for their turn now.");
        _meter.CreateObservableGauge(
            "mlbuild.model.version", () => version() ?? 0, null, "The version that serves now.");
        _reloadFailures = _meter.CreateCounter<long>(
            "mlbuild.reload.failures", null,
            "Looks into the registry that failed, and deployed versions that must not serve.");
        _shadowMissed = _meter.CreateCounter<long>(
            "mlbuild.shadow.missed", null, "Answered requests that a shadow did not score, as no turn was free.");
        _logged = _meter.CreateCounter<long>(
            "mlbuild.prediction_log.rows", null, "Predicted rows that are in a file of the log.");
        _dropped = _meter.CreateCounter<long>(
            "mlbuild.prediction_log.dropped", null, "Predicted rows that were not logged.");
        _reader = new(_text);
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(_meter.Name)
            // Meters are found by name, and there may be another server in this process.
            .AddView(instrument => !ReferenceEquals(instrument.Meter, _meter) ? MetricStreamConfiguration.Drop
                : instrument == _duration ? new ExplicitBucketHistogramConfiguration { Boundaries = DurationBounds }
                : null)
            .AddReader(_reader)
            .Build();
        // Known from the start: what appears with the first fault cannot be told from what was never counted.
        _rows.Add(0, Version(version()));
        _reloadFailures.Add(0);
        _shadowMissed.Add(0);
        _logged.Add(0);
        _dropped.Add(0);
    }

    public void Begin() => _inFlight.Add(1);

    /// <summary>A request was answered.</summary>
    /// <param name="version">Null where no model was asked.</param>
    /// <param name="rows">That were predicted.</param>
    public void End(int? version, int statusCode, int rows, TimeSpan duration)
    {
        _inFlight.Add(-1);
        _duration.Record(duration.TotalSeconds, Version(version), new("status", statusCode));
        if (rows > 0)
            _rows.Add(rows, Version(version));
    }

    public void ReloadFailed() => _reloadFailures.Add(1);

    public void ShadowMissed() => _shadowMissed.Add(1);

    public void Logged(int rows) => _logged.Add(rows);

    public void Dropped(int rows) => _dropped.Add(rows);

    /// <summary>All of it, as Prometheus reads it.</summary>
    public string ToPrometheus()
    {
        lock (_lock)
        {
            _reader.Collect();
            return _text.Last;
        }
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    // Boxed once for each request: tags are objects.
    private static KeyValuePair<string, object?> Version(int? version) =>
        new("version", version is { } known ? known : "none");
}
