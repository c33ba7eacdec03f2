namespace MLBuild.NukeCompat.Tests;

/// <summary>The extension points that the adapter rides on.</summary>
public sealed class TellingExtensions : IDisposable
{
    private readonly Workspace _space = new();

    [Fact]
    public void EventsComeInOrderOfPriorityAndTheBuildsOwnLast()
    {
        string[] told = ["high", "low", "own"];
        IEnumerable<string> Events(string extension, string own) =>
            told.Select(name => $"{name}: {(name == "own" ? own : extension)}");

        var lines = _space.Run("Events").Lines.Where(line => told.Any(name => line.StartsWith(name + ":")));

        Assert.Equal(
            [
                .. Events("created 4", "created"),
                .. Events("initialized Off+Good+Grouping+Bad Scheduled", "initialized"),
                .. Events("skipped Off Skipped", "skipped Off"),
                .. Events("running Good Running", "running Good"),
                "high: summary Good [Rows, 12]", "low: summary Good [Rows, 12]",
                .. Events("succeeded Good Succeeded", "succeeded Good"),
                .. Events("running Bad Running", "running Bad"),
                "high: summary Bad [InvalidOperationException, bad]",
                "low: summary Bad [InvalidOperationException, bad]",
                .. Events("failed Bad Failed", "failed Bad"),
                .. Events("finished True", "finished")
            ],
            lines);
    }

    [Fact]
    public void BuildFinishedComesAfterTheSummary()
    {
        var lines = _space.Run("Events").Lines.ToList();

        Assert.True(lines.FindIndex(line => line.StartsWith("Build failed")) < lines.IndexOf("high: finished True"));
    }

    [Fact]
    public void AdapterRewritesActionsDependenciesAndRemarks()
    {
        var result = _space.Run("Extended", "--rows new");

        Assert.Equal(["stage Train reads new", "train"], result.Messages);
        Assert.Equal(["Ingest Skipped // Cached: dbb5765d", "Train Succeeded // Ran: all"], result.Summary);
    }

    [Fact]
    public void OwnTerminalOfTheBuildReplacesThePlainOne()
    {
        var result = _space.WithVariable("OWN_TERMINAL", "1").Run("Extended");

        Assert.Contains("own table of 2", result.Lines);
        Assert.Empty(result.Summary);
    }

    public void Dispose() => _space.Dispose();
}
