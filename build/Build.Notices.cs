using MLBuild.Nuke;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Notices;
using Nuke.Common;
using TaxiFares;

/// <summary>Who is told when a window calls for it.</summary>
partial class Build
{
    [Parameter("Verdicts of windows that somebody is told of, by --webhook or --verdict-command")]
    readonly string OnVerdict = "Drift,Degraded,BadData";
    [Parameter("Address (https) that a verdict is posted to as JSON, once for each window"), Secret]
    readonly string? Webhook;
    [Parameter("Program and arguments that get a verdict as JSON on standard input, once for each window")]
    readonly string? VerdictCommand;

    IEnumerable<NoticeChannel> Channels =>
    [
        .. Webhook is { Length: > 0 } ? [NoticeChannel.Webhook] : Array.Empty<NoticeChannel>(),
        .. VerdictCommand is { Length: > 0 } ? [NoticeChannel.Command] : Array.Empty<NoticeChannel>(),
    ];

    Target Tell => _ => _
        .Description("Tells of the verdicts that Monitor came to")
        .Unlisted()
        .Stage(stage => stage
            .ForEach(() => Channels)
            .Reads(Monitor, MonitorStage.Report)
            .WithSecret(NoticeStage.Address, () => Webhook)
            .Writes(NoticeStage.Outputs)
            .AlwaysRuns()
            .Runs(TaxiPipeline.Tell, (NoticeChannel channel) => new NoticeOptions
            {
                Channel = channel,
                Model = ModelName,
                Environment = ServingEnvironment,
                On = NoticeOptions.Verdicts(OnVerdict),
                History = MonitorOptions.History,
                Command = channel == NoticeChannel.Command ? VerdictCommand : null,
                Folder = RootDirectory,
            }));
}
