using MLBuild.Engine;
using Nuke.Common;

namespace MLBuild.Nuke.Completion;

/// <summary>A target that teaches a shell the targets and switches of the build. A build gets it by naming this
/// component.</summary>
/// <remarks>The parameter is not named Shell: hosts read parameters from the environment, where SHELL is a path.
/// </remarks>
public interface ICompleteCommands : INukeBuild
{
    [Parameter("Completion: Bash, Zsh or PowerShell.")]
    CompletionShell? ForShell => TryGetValue<CompletionShell?>(() => ForShell);

    Target Completion => _ => _
        .Description("Writes a script by which a shell completes ./build.sh (--for-shell bash, zsh or powershell)")
        // Not required of the host, whose code for a value type would have to be compiled at each start.
        .Executes(() => ConsolePage.Print(CompletionScript.Write(
            ForShell ?? throw new PipelineException("Name the shell: --for-shell bash, zsh or powershell."),
            RootDirectory)));
}

/// <summary>A shell that can complete the build's commands.</summary>
public enum CompletionShell
{
    Bash,
    Zsh,
    PowerShell,
}
