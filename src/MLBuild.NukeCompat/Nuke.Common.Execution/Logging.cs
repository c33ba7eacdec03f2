#nullable disable
using MLBuild.NukeCompat;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;
using Serilog.Sinks.SystemConsole.Themes;

namespace Nuke.Common.Execution;

/// <summary>The log: Serilog's console, and a memory of warnings and errors for the end of the build.
/// Colours appear on a terminal only. Nothing is written to files.</summary>
public static class Logging
{
    private const string LineTemplate = $"[{{Level:u3}}] {{Message:l}}{{NewLine}}{{{ThrownEnricher.Property}:l}}";
    private const string RememberedTemplate = $"[{{Level:u3}}] {{{TargetEnricher.Property}}}: {{Message:l}}{{NewLine}}";

    public static readonly LoggingLevelSwitch LevelSwitch = new(LogEventLevel.Debug);

    /// <summary>The lowest level that the console shows.</summary>
    public static LogLevel Level
    {
        get => LevelSwitch.MinimumLevel switch
        {
            LogEventLevel.Verbose => LogLevel.Trace,
            LogEventLevel.Debug or LogEventLevel.Information => LogLevel.Normal,
            LogEventLevel.Warning => LogLevel.Warning,
            LogEventLevel.Error or LogEventLevel.Fatal => LogLevel.Error,
            _ => throw new InvalidOperationException($"LevelSwitch holds {LevelSwitch.MinimumLevel}.")
        };
        set => LevelSwitch.MinimumLevel = value switch
        {
            LogLevel.Trace => LogEventLevel.Verbose,
            LogLevel.Normal => LogEventLevel.Debug,
            LogLevel.Warning => LogEventLevel.Warning,
            LogLevel.Error => LogEventLevel.Error,
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, null)
        };
    }

    /// <summary>Sets the logger of the process; it is made when something is logged, which many runs never
    /// do.</summary>
    public static void Configure(INukeBuild build = null) => Log.Logger = new LateLogger(() => Create(build));

    private static Logger Create(INukeBuild build)
    {
        var template = build is NukeBuild nuke && !nuke.Shows(DefaultOutput.Timestamps)
            ? LineTemplate
            : "{Timestamp:HH:mm:ss} " + LineTemplate;
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Enrich.With(new TargetEnricher(), new ThrownEnricher())
            .WriteTo.Console(
                outputTemplate: template,
                levelSwitch: LevelSwitch,
                // These themes write a line in one piece; the others piece by piece, so that lines could mix.
                theme: ConsoleLines.Colours ? AnsiConsoleTheme.Literate : ConsoleTheme.None,
                formatProvider: System.Globalization.CultureInfo.InvariantCulture)
            .WriteTo.Sink(InMemorySink.Instance, LogEventLevel.Warning);
        if (build != null)
            configuration = configuration
                .WriteTo.Sink(new HostSink(), LogEventLevel.Warning)
                .Filter.ByExcluding(entry => build.Host.FilterMessage(entry.MessageTemplate.Text));
        return configuration.CreateLogger();
    }

    /// <summary>Names the target that log entries belong to, until the result is disposed.</summary>
    public static IDisposable SetTarget(string name)
    {
        TargetEnricher.Current = name;
        return new Bracket(() => TargetEnricher.Current = "");
    }

    internal static void WriteRemembered(IEnumerable<LogEvent> events)
    {
        var formatter = new MessageTemplateTextFormatter(RememberedTemplate);
        foreach (var entry in events.Where(entry => entry.MessageTemplate.Text.Length > 0))
        {
            using var line = new StringWriter { NewLine = "" };
            formatter.Format(entry, line);
            ConsoleLines.Write(
                line.ToString().TrimEnd('\r', '\n'),
                entry.Level == LogEventLevel.Warning ? Paint.Warning : Paint.Error);
        }
    }

    /// <summary>What was logged as warning or error since the process started.</summary>
    public class InMemorySink : ILogEventSink, IDisposable
    {
        private readonly List<LogEvent> _logEvents = [];

        public static InMemorySink Instance { get; } = new();

        public IReadOnlyCollection<LogEvent> LogEvents
        {
            get
            {
                lock (_logEvents)
                    return [.. _logEvents];
            }
        }

        public void Emit(LogEvent logEvent)
        {
            lock (_logEvents)
                _logEvents.Add(logEvent);
        }

        public void Dispose()
        {
            lock (_logEvents)
                _logEvents.Clear();
        }
    }

    private sealed class HostSink : ILogEventSink
    {
        public void Emit(LogEvent entry)
        {
            if (entry.Level == LogEventLevel.Warning)
                NukeBuild.Host.ReportWarning(entry.RenderMessage(), entry.Exception?.ToString());
            else
                NukeBuild.Host.ReportError(entry.RenderMessage(), entry.Exception?.ToString());
        }
    }
}
