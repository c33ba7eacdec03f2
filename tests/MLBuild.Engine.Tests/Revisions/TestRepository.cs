using System.Diagnostics;

namespace MLBuild.Engine.Tests.Revisions;

/// <summary>A git repository in a folder, without a person's settings.</summary>
internal sealed class TestRepository(string folder)
{
    public string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org",
            "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output.Trim();
    }

    /// <summary>Commits everything and returns the commit.</summary>
    public string Commit(string message)
    {
        Git("add", "-A");
        Git("commit", "-q", "--allow-empty", "-m", message);
        return Git("rev-parse", "HEAD");
    }
}
