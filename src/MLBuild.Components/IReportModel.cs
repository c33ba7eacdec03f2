using MLBuild.Nuke;
using MLBuild.Stages.Site;
using Nuke.Common;

namespace MLBuild.Components;

/// <summary>The report for people: pages of the pipeline, its runs, data, models and what serves. A build gets it by
/// naming this component.</summary>
public interface IReportModel : IHaveRegistry
{
    [Parameter("Report is served on this port of this machine until Ctrl+C, always as things are")]
    int? ReportPort => TryGetValue<int?>(() => ReportPort);

    Target Report => _ => _
        .Description("Writes artifacts/Report/index.html: pipeline, runs, data, models, what serves " +
            "(--report-port 8099 serves it)")
        .Executes(() =>
        {
            var session = PipelineSession.Of(this);
            var reader = new SiteReader(
                session.Pipeline, session.Workspace, session.Code, Registry, ModelName,
                Path.Combine(PipelineSession.StoreOf(RootDirectory), "monitor", ModelName));
            if (ReportPort is { } port)
            {
                using var server = new SiteServer(reader.Read);
                server.Run(port, address => Say($"{address} until Ctrl+C"), default).GetAwaiter().GetResult();
            }
            else
                Say(SiteCommand.Write(reader.Read(), RootDirectory / "artifacts" / "Report"));
            session.SaveLearned();
        });
}
