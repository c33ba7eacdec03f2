using Nuke.Common;

namespace MLBuild.Nuke;

/// <summary>Targets that look after the store. A build gets them by naming this component.</summary>
public interface IKeepStore : IRunPipeline
{
    Target Verify => _ => _
        .Description("Checks every stored artifact, record and copy against its hash")
        .Executes(() => StoreKeeping.Verify(PipelineSession.Of(this), Console.Out));
}
