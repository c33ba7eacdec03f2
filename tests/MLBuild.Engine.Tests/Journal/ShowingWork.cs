using MLBuild.Engine.History;
using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Journal;

/// <summary>What is said of work that goes on: how far it is, or the time that is left by how long it took
/// before.</summary>
public sealed class ShowingWork
{
    [Theory]
    // Too short to show.
    [InlineData(0.4, 20.0, null, null)]
    [InlineData(0.4, null, null, null)]
    [InlineData(12, null, null, "12 s")]
    [InlineData(12, 20.0, null, "12 s, about 8 s left")]
    [InlineData(12, 300.0, null, "12 s, about 4 min 48 s left")]
    [InlineData(3900, 7500.0, null, "1 h 5 min, about 1 h 0 min left")]
    // Never less than nothing is left.
    [InlineData(19.5, 20.0, null, "19 s, nearly done")]
    [InlineData(20.9, 20.0, null, "20 s, nearly done")]
    [InlineData(21, 20.0, null, "21 s, longer than usual (20 s)")]
    [InlineData(200, 20.0, null, "3 min 20 s, longer than usual (20 s)")]
    [InlineData(2, 0.1, null, "2 s, longer than usual (1 s)")]
    // The work itself knows better.
    [InlineData(0.1, 20.0, "tree 3 of 100, about 9 s left", "tree 3 of 100, about 9 s left")]
    [InlineData(500, 20.0, "tree 3 of 100", "tree 3 of 100")]
    public void TimeIsSaid(double elapsed, double? usual, string? said, string? expected) => Assert.Equal(
        expected,
        new WorkInProgress(
            TimeSpan.FromSeconds(elapsed), usual is { } seconds ? TimeSpan.FromSeconds(seconds) : null, said).Text());

    [Fact]
    public async Task UsualIsWhatItTookLastOrWhatOthersOfItsStageTook()
    {
        using var space = new TestSpace().With("a.txt", "a").With("b.txt", "b");
        var seconds = new Dictionary<string, int> { ["a"] = 10, ["b"] = 30 };
        space.WithStage("split", reads: "a.txt b.txt", body: run =>
        {
            lock (seconds)
                space.Clock.Advance(TimeSpan.FromSeconds(seconds[Path.GetFileNameWithoutExtension(run.Source.Path)]));
            space.Stage("split").Mix(run);
        }).WithStage("train", reads: "split");
        var usual = new UsualDurations(space.Workspace());
        Assert.Null(usual.Of(Unit("a")));

        // One after the other, as they share the clock.
        var alone = new RunSetting(new ResourcePool(1, memoryBytes: 1_000_000_000), Selection.Everything);
        using (var runner = space.Runner(setting: alone))
            await runner.Ensure(new("split"));
        Assert.Equal(TimeSpan.FromSeconds(10), usual.Of(Unit("a")));
        Assert.Equal(TimeSpan.FromSeconds(30), usual.Of(Unit("b")));
        Assert.Equal(TimeSpan.FromSeconds(20), usual.Of(Unit("c")));
        Assert.Null(usual.Of(new(space.Pipeline().Find("train"), null)));

        StageUnit Unit(string partition) =>
            new(space.Pipeline().Find("split"), new PartitionSource.Point(partition, null));
    }
}
