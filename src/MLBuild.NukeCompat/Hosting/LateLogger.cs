using System.Diagnostics.CodeAnalysis;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace MLBuild.NukeCompat;

/// <summary>A logger that is made when it is first used: configuring one takes about a tenth of a run with nothing to
/// do, which logs nothing.</summary>
internal sealed class LateLogger(Func<Logger> create) : ILogger, IDisposable
{
    private readonly Lazy<Logger> _logger = new(create);

    private ILogger Logger => _logger.Value;

    public void Write(LogEvent logEvent) => Logger.Write(logEvent);

    public bool IsEnabled(LogEventLevel level) => Logger.IsEnabled(level);

    public ILogger ForContext(ILogEventEnricher enricher) => Logger.ForContext(enricher);

    public ILogger ForContext(IEnumerable<ILogEventEnricher> enrichers) => Logger.ForContext(enrichers);

    public ILogger ForContext(string propertyName, object? value, bool destructureObjects = false) =>
        Logger.ForContext(propertyName, value, destructureObjects);

    public ILogger ForContext(Type source) => Logger.ForContext(source);

    public bool BindMessageTemplate(
        string messageTemplate, object?[]? propertyValues, [NotNullWhen(true)] out MessageTemplate? parsedTemplate,
        [NotNullWhen(true)] out IEnumerable<LogEventProperty>? boundProperties) =>
        Logger.BindMessageTemplate(messageTemplate, propertyValues, out parsedTemplate, out boundProperties);

    public bool BindProperty(
        string? propertyName, object? value, bool destructureObjects,
        [NotNullWhen(true)] out LogEventProperty? property) =>
        Logger.BindProperty(propertyName, value, destructureObjects, out property);

    public void Dispose()
    {
        if (_logger.IsValueCreated)
            _logger.Value.Dispose();
    }
}
