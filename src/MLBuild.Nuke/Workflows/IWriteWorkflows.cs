using Nuke.Common;

namespace MLBuild.Nuke.Workflows;

/// <summary>A target that writes the workflows of GitHub Actions. A build gets it by naming this component and
/// declaring them.</summary>
/// <remarks>NUKE's own attribute writes one job for each machine, which cannot start from the newest cache of another
/// run, nor do anything after a failure.</remarks>
public interface IWriteWorkflows : INukeBuild
{
    [Parameter("Workflows: fails if a file is not as declared, and writes none.")]
    bool Check => TryGetValue<bool?>(() => Check) ?? false;

    /// <summary>One of a kind.</summary>
    IReadOnlyList<Workflow> DeclaredWorkflows { get; }

    Target Workflows => _ => _
        .Description("Writes .github/workflows as the build declares it (--check: only says whether it is so)")
        .Executes(() =>
        {
            if (Check)
                WorkflowFiles.Check(RootDirectory, DeclaredWorkflows, Console.Out);
            else
                WorkflowFiles.Write(RootDirectory, DeclaredWorkflows, Console.Out);
        });
}
