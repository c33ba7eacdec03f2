using Nuke.Common.Execution;
using Serilog.Core;
using Serilog.Events;

namespace MLBuild.NukeCompat;

/// <summary>Marks log entries with the target that runs; empty between targets.</summary>
internal sealed class TargetEnricher : ILogEventEnricher
{
    public const string Property = "ExecutingTarget";

    // One for the process, as in NUKE: targets run one by one, and entries of threads they started belong to them.
    public static string Current { get; set; } = "";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) =>
        logEvent.AddOrUpdateProperty(new LogEventProperty(Property, new ScalarValue(Current)));
}

/// <summary>Tells what was thrown: type and message of the exception and of those inside it. The stack is told at
/// verbosity Verbose only, since most failures of a target are of its tools and data.</summary>
internal sealed class ThrownEnricher : ILogEventEnricher
{
    public const string Property = "Thrown";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (logEvent.Exception is { } exception)
            logEvent.AddOrUpdateProperty(new LogEventProperty(Property, new ScalarValue(
                (Logging.Level == Nuke.Common.LogLevel.Trace ? exception.ToString() : Text(exception))
                + Environment.NewLine)));
    }

    private static string Text(Exception exception)
    {
        IEnumerable<Exception> inner = exception switch
        {
            AggregateException many => many.InnerExceptions,
            { InnerException: { } one } => [one],
            _ => []
        };
        return $"{exception.GetType()}: {exception.Message}"
            + string.Concat(inner.Select(cause => $"{Environment.NewLine} ---> {Text(cause)}"));
    }
}
