using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using MLBuild.Store;

namespace MLBuild.Engine.Revisions;

/// <summary>Asks the git program about the repository that a folder is in.</summary>
public sealed class Git(string folder)
{
    /// <summary>Whether tracked files have edits.</summary>
    public TreeState State()
    {
        try
        {
            return Ask("status", "--porcelain", "--untracked-files=no") switch
            {
                null => TreeState.Unknown,
                "" => TreeState.Committed,
                _ => TreeState.Edited,
            };
        }
        catch (Win32Exception)
        {
            return TreeState.Unknown;
        }
    }

    /// <summary>The commit that a person means by a tag, a branch, <c>HEAD~3</c> or the first digits of a
    /// hash.</summary>
    /// <exception cref="PipelineException">git, the repository or the revision is not there.</exception>
    public string CommitOf(string revision)
    {
        try
        {
            return Ask("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
                ?? throw new PipelineException(Ask("rev-parse", "--git-dir") is null
                    ? $"--against {revision} needs a git repository, and '{folder}' is not in one."
                    : $"git knows no revision '{revision}' in '{folder}'. Name a tag, a branch, a commit or HEAD~1.");
        }
        catch (Win32Exception e)
        {
            throw new PipelineException($"--against {revision} needs git, which cannot be started: {e.Message}. " +
                $"Install it or put it on the PATH.");
        }
    }

    /// <summary>How many commits one has that another has not, and the other way round; null if one of them is not in
    /// the repository.</summary>
    public (int Behind, int Ahead)? Distance(string from, string to) =>
        Ask("rev-list", "--left-right", "--count", $"{from}...{to}")?.Split('\t') is [var left, var right]
            ? (int.Parse(left, CultureInfo.InvariantCulture), int.Parse(right, CultureInfo.InvariantCulture))
            : null;

    // Null if git says no.
    private string? Ask(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Not to take a lock that a person's own git waits for.
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        using var git = Process.Start(start)!;
        git.ErrorDataReceived += (_, _) => { };
        git.BeginErrorReadLine();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output.Trim() : null;
    }
}
