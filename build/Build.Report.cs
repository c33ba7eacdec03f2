using MLBuild.Nuke;
using MLBuild.Stages.Site;
using Nuke.Common;
using Serilog;

/// <summary>The report for people: pages of the pipeline, its runs, data, models and what serves.</summary>
partial class Build
{
    [Parameter("Report is served on this port of this machine until Ctrl+C, always as things are")]
    readonly int? ReportPort;

    Target Report => _ => _
        .Description("Writes artifacts/Report/index.html: pipeline, runs, data, models, what serves " +
            "(--report-port 8099 serves it)")
        .Executes(() =>
        {
            var session = PipelineSession.Of(this);
            var reader = new SiteReader(
                session.Pipeline, session.Workspace, session.Code, Registry, ModelName,
                Path.Combine(Store, "monitor", ModelName));
            if (ReportPort is { } port)
            {
                using var server = new SiteServer(reader.Read);
                server.Run(port, address => Log.Information("{Address:l} until Ctrl+C", address), default)
                    .GetAwaiter().GetResult();
            }
            else
                Log.Information("{Done:l}",
                    SiteCommand.Write(reader.Read(), RootDirectory / "artifacts" / "Report"));
            session.SaveLearned();
        });
}
