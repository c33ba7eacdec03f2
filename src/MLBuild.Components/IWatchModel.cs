using MLBuild.Nuke;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Notices;
using Nuke.Common;

namespace MLBuild.Components;

/// <summary>Who is told when a window calls for it. A build gets it with <see cref="IMonitorModel{TRow}"/>, or by
/// naming this component and declaring Monitor itself.</summary>
public interface IWatchModel : IHaveRegistry
{
    [Parameter("Verdicts of windows that somebody is told of, by --webhook or --verdict-command")]
    string OnVerdict => TryGetValue(() => OnVerdict) ?? "Drift,Degraded,BadData";

    [Parameter("Address (https) that a verdict is posted to as JSON, once for each window"), Secret]
    string? Webhook => TryGetValue(() => Webhook);

    [Parameter("Program and arguments that get a verdict as JSON on standard input, once for each window")]
    string? VerdictCommand => TryGetValue(() => VerdictCommand);

    /// <summary>The stage that judges windows of recent rows: it writes <see cref="MonitorStage.Outputs"/>.</summary>
    Target Monitor { get; }

    /// <summary>Where it is kept what Monitor said of each window, and who was told.</summary>
    string MonitorHistory =>
        Path.Combine(PipelineSession.StoreOf(RootDirectory), "monitor", ModelName, ServingEnvironment);

    private IEnumerable<NoticeChannel> Channels =>
    [
        .. Webhook is { Length: > 0 } ? [NoticeChannel.Webhook] : Array.Empty<NoticeChannel>(),
        .. VerdictCommand is { Length: > 0 } ? [NoticeChannel.Command] : Array.Empty<NoticeChannel>(),
    ];

    Target Tell => _ => _
        .Description("Tells of the verdicts that Monitor came to")
        .Unlisted()
        .TriggeredBy(Monitor)
        .Stage(stage => stage
            .ForEach(() => Channels)
            .Reads(Monitor, MonitorStage.Report)
            .WithSecret(NoticeStage.Address, () => Webhook)
            .Writes(NoticeStage.Outputs)
            .AlwaysRuns()
            .Runs((run, options) => NoticeStage.Run(run, options, TimeProvider.System),
                (NoticeChannel channel) => new NoticeOptions
                {
                    Channel = channel,
                    Model = ModelName,
                    Environment = ServingEnvironment,
                    On = NoticeOptions.Verdicts(OnVerdict),
                    History = MonitorHistory,
                    Command = channel == NoticeChannel.Command ? VerdictCommand : null,
                    Folder = RootDirectory,
                }));
}
