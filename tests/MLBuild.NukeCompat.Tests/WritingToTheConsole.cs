namespace MLBuild.NukeCompat.Tests;

/// <summary>The log, its levels, and the parts of the output.</summary>
public sealed class WritingToTheConsole : IDisposable
{
    private readonly Workspace _space = new();

    [Theory]
    [InlineData("verbose", "VRB DBG INF WRN ERR")]
    [InlineData("normal", "DBG INF WRN ERR")]
    [InlineData("minimal", "WRN ERR")]
    [InlineData("quiet", "ERR")]
    public void VerbosityChoosesLevels(string verbosity, string levels) =>
        Assert.Equal(
            levels,
            string.Join(' ', _space.Run("Logging", $"--verbosity {verbosity}").Lines
                .Where(line => line.StartsWith("HH:MM:SS [")).Select(line => line[10..13])));

    [Fact]
    public void ValuesAndExceptions()
    {
        var lines = _space.Run("Logging").Lines;

        Assert.Contains("""HH:MM:SS [INF] rate 0.5 of ["a b"] and {A=1}""", lines);
        Assert.Equal(
            [
                "HH:MM:SS [ERR] error", "System.InvalidOperationException: outer", " ---> System.IO.IOException: inner",
                "╬══════════════════════", "║ Errors & Warnings", "╬═════════════",
                "[WRN] Levels: warning 3", "[ERR] Levels: error"
            ],
            lines.SkipWhile(line => line != "HH:MM:SS [ERR] error").Take(8));
    }

    [Fact]
    public void LinesOfSeveralThreadsDoNotMix()
    {
        var messages = _space.Run("Logging", "Many").Messages;

        Assert.Equal(200, messages.Count);
        Assert.All(messages, message => Assert.Matches("^line [0-9]+ x{200}$", message));
    }

    [Fact]
    public void PartsCanBeTurnedOff() =>
        Assert.Equal(["[WRN] said", "═══════════════════════════════════════"], _space.Run("Quiet").Lines.Take(2));

    [Fact]
    public void GitHubFoldsTargetsAndMarksWarnings()
    {
        var result = _space.WithVariable("GITHUB_ACTIONS", "true").Run("Logging", "Levels Command");

        Assert.Equal(
            [
                "::group::Command", "::notice::hello", "::endgroup::Command", "::group::Levels", "HH:MM:SS [DBG] debug",
                """HH:MM:SS [INF] rate 0.5 of ["a b"] and {A=1}""", "HH:MM:SS [WRN] warning 3", "::warning::warning 3",
                "HH:MM:SS [ERR] error", "System.InvalidOperationException: outer", " ---> System.IO.IOException: inner",
                "::error::error", "::endgroup::Levels"
            ],
            result.Lines.Skip(1).Take(13));
    }

    [Fact]
    public void HostCanBeNamed() =>
        Assert.Contains("::group::Levels", _space.Run("Logging", "--host githubactions").Lines);

    public void Dispose() => _space.Dispose();
}
