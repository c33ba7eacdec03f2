using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Notices;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tests.Pipelines;

namespace MLBuild.Stages.Tests.Notices;

/// <summary>A space in which Monitor comes to verdicts that a test says, and somebody is told.</summary>
internal sealed class NoticeSpace : IDisposable
{
    public PipelineSpace Space { get; } = new();

    public string? Address { get; set; }

    public NoticeOptions Options { get; set; }

    public (string Window, WindowVerdict Verdict)[] Windows { get; set; } =
    [
        ("2019-02", WindowVerdict.Fine), ("2019-03", WindowVerdict.Drift), ("2019-04", WindowVerdict.NotEnoughData),
    ];

    public int Version { get; set; } = 3;

    public NoticeSpace() => Options = new()
    {
        Channel = NoticeChannel.Webhook,
        Model = "sales",
        Environment = "production",
        History = Space.History,
        Folder = Path.GetDirectoryName(Space.History)!,
        FirstDelay = TimeSpan.Zero,
    };

    public Pipeline Pipeline => new(
    [
        new StageBuilder(new("Monitor")).Writes(MonitorStage.Report).AlwaysRuns().Runs(run =>
            ReportFile.Write(run.Output(MonitorStage.Report), Report())).Build(),
        new StageBuilder(new("Tell")).ForEach(() => Address is null && Options.Channel == NoticeChannel.Webhook
                ? [] : (NoticeChannel[])[Options.Channel])
            .Reads(new("Monitor"), MonitorStage.Report).WithSecret(NoticeStage.Address, () => Address)
            .Writes(NoticeStage.Outputs).AlwaysRuns()
            .Runs((StageRun run, NoticeOptions options) => NoticeStage.Run(run, options, TimeProvider.System),
                (NoticeChannel _) => Options).Build(),
    ]);

    public Task Done() => Space.Done(Pipeline, "Tell");

    public async Task<string> Failure() => await Space.Failure(Pipeline, "Tell");

    public IEnumerable<string> Told => Space.Log.Where(line => line.StartsWith("Tell", StringComparison.Ordinal));

    public void Dispose() => Space.Dispose();

    private MonitorReport Report()
    {
        var none = MetricValue.Of(0);
        var ends = new MeanAndEnds(none, none, none);
        WindowReport[] windows =
        [
            .. Windows.Select(window => new WindowReport(
                new(window.Window, null, null), Version, window.Verdict,
                window.Verdict == WindowVerdict.Fine ? [] : [window.Verdict], ["area: drift; PSI 0.4."], 900,
                new(900, 0, [], []), new(new(), []),
                new("mean absolute error", 900, 0, PerformanceVerdict.NotAsked, ends, ends, ends, 0), [])),
        ];
        return new(Version, windows[^1].Verdict, windows, []);
    }
}
