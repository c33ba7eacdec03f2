using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>A stage with a piece of work for each point of a matrix, and stages that follow it partition by
/// partition.</summary>
public sealed class RunningMatrices : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("in.txt", "a").WithStage("split", reads: "in.txt")
        .WithStage("train", reads: "split").WithStage("score", reads: "train").WithStage("choose", reads: "score");

    private object[] _points = [new Point(0, 0.1), new Point(1, 0.1)];

    public RunningMatrices()
    {
        _space.Stage("train").Partitioning = new Partitioning.Points(() => _points);
        _space.Stage("train").OptionsOf = point => point;
        _space.Stage("score").Partitioning = new Partitioning.SameAs(new("train"));
    }

    private sealed record Point(int Fold, double Rate);

    private sealed record Knob(int Depth);

    private sealed record Month(string Name, int Rows) : INamedPoint
    {
        public string PartitionName => Name;
    }

    [Fact]
    public void PointThatNamesItselfKeepsItsNameWhenItsMembersChange()
    {
        _points = [new Month("2019-01", 10), new Month("2019-02", 5)];
        _space.Run();
        _points = [new Month("2019-01", 10), new Month("2019-02", 6)];
        Assert.Equal(
        [
            Built("train/2019-02", "parameter 'Rows' changed: 5 -> 6"),
        ], _space.Run().Where(e => e.What != "up to date"));
    }

    [Fact]
    public void EachPointIsAUnitNamedByItsMembers() => Assert.Equal(
    [
        Built("split/in"), Built("train/Fold=0,Rate=0.1"), Built("train/Fold=1,Rate=0.1"),
        Built("score/Fold=0,Rate=0.1"), Built("score/Fold=1,Rate=0.1"), Built("choose"),
    ], _space.Run());

    [Fact]
    public void WithoutPointsNothingRunsAndNothingIsForeseen()
    {
        _points = [];
        _space.Stage("train").OptionsOf = point => new Knob(((Point)point!).Fold);
        Assert.Equal(["split/in"], new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code).Of(new("train"))
            .Select(line => line.Unit));
        Assert.Empty(_space.Run("train"));
    }

    [Fact]
    public void AddedPointRunsAlone()
    {
        _space.Run();
        _points = [.. _points, new Point(0, 0.2)];
        Assert.Equal(
        [
            Built("train/Fold=0,Rate=0.2"), Built("score/Fold=0,Rate=0.2"),
            Built("choose", "input 'score/Fold=0,Rate=0.2/out.txt' is new"),
        ], _space.Run());
    }

    [Fact]
    public void KeyCountsBecauseTheCodeSeesIt()
    {
        _space.Stage("train").OptionsOf = _ => null;
        _space.Stage("train").Body = run => File.WriteAllText(run.Output("out.txt"), run.Partition);
        _space.Run();
        Assert.Equal("Fold=0,Rate=0.1", _space.Output("train/Fold=0,Rate=0.1/out.txt"));
        Assert.Equal("Fold=1,Rate=0.1", _space.Output("train/Fold=1,Rate=0.1/out.txt"));
    }

    [Fact]
    public void ReturningPointIsRestored()
    {
        _space.Run();
        var both = _points;
        _points = [both[0]];
        Assert.Equal(["choose"], _space.Run().Select(e => e.Unit));
        Assert.Equal(["choose/out.txt", "score/Fold=0,Rate=0.1/out.txt", "split/in/out.txt",
            "train/Fold=0,Rate=0.1/out.txt"], _space.Artifacts());
        _points = both;
        Assert.Equal([Restored("train/Fold=1,Rate=0.1"), Restored("score/Fold=1,Rate=0.1"), Restored("choose")],
            _space.Run());
    }

    [Fact]
    public void FollowingStageReadsItsOwnPartitionOnly()
    {
        var seen = new SortedSet<string>();
        _space.Stage("score").Body = run =>
        {
            lock (seen)
                seen.Add($"{run.Partition} reads {string.Join(' ', run.Inputs("out.txt").Select(i => i.Partition))}");
            File.WriteAllText(run.Output("out.txt"), "");
        };
        _space.Run();
        Assert.Equal(["Fold=0,Rate=0.1 reads Fold=0,Rate=0.1", "Fold=1,Rate=0.1 reads Fold=1,Rate=0.1"], seen);
    }

    [Fact]
    public void FollowersOfFollowersReadTheSamePartitionOfBoth()
    {
        _space.WithStage("plot", reads: "score train");
        _space.Stage("plot").Partitioning = new Partitioning.SameAs(new("score"));
        var seen = new SortedSet<string>();
        _space.Stage("plot").Body = run =>
        {
            lock (seen)
                seen.UnionWith(run.Inputs("train/out.txt").Concat(run.Inputs("score/out.txt"))
                    .Select(input => $"{run.Partition} {input.Stage} {input.Partition}"));
            File.WriteAllText(run.Output("out.txt"), "");
        };
        _space.Run();
        Assert.Equal(
        [
            "Fold=0,Rate=0.1 score Fold=0,Rate=0.1", "Fold=0,Rate=0.1 train Fold=0,Rate=0.1",
            "Fold=1,Rate=0.1 score Fold=1,Rate=0.1", "Fold=1,Rate=0.1 train Fold=1,Rate=0.1",
        ], seen);
    }

    [Fact]
    public void FollowingStageMayUseThePointInItsOptions()
    {
        _space.Stage("score").OptionsOf = point => new Knob(((Point)point!).Fold);
        _space.Run();
        _space.Stage("score").OptionsOf = point => new Knob(((Point)point!).Fold * 2);
        Assert.Equal(
        [
            Built("score/Fold=1,Rate=0.1", "parameter 'Depth' changed: 1 -> 2"),
        ], _space.Run("score"));
    }

    [Fact]
    public void LostPartitionIsRebuiltForItsFollowerAlone()
    {
        _space.Stage("train").Body = run => File.WriteAllText(run.Output("out.txt"), $"model {run.Partition}");
        _space.Run();
        var lost = _space.Output("train/Fold=1,Rate=0.1/out.txt");
        _space.Lose(lost);
        _space.Stage("score").Version = "2";
        File.Delete(_space["artifacts/train/Fold=1,Rate=0.1/out.txt"]);
        Assert.DoesNotContain(_space.Run(), e => e.What is "failed" or "not run");
        Assert.Equal(lost, _space.Output("train/Fold=1,Rate=0.1/out.txt"));
        Assert.DoesNotContain("train/Fold=0,Rate=0.1", _space.Observer.Begun);
    }

    [Fact]
    public void PointsWithOneKeyAreRefused()
    {
        _points = ["a b", "a_b"];
        _space.Stage("train").OptionsOf = _ => null;
        Assert.Equal(Failed("train", "Stage 'train' has 2 matrix points with the key 'a_b'. Each partition needs a " +
            "key of its own: leave out repeated points, or tell them apart by a member."), _space.Run("train")[0]);
    }

    [Theory]
    [InlineData("north", "north")]
    [InlineData(0.5, "0.5")]
    [InlineData(StageKind.Effect, "Effect")]
    public void ScalarsArePointsToo(object point, string key) => Assert.Equal(key, PartitionSource.Of(point).Key);

    [Fact]
    public void PointWithoutTextIsRefused() => Assert.Equal(
        "The matrix point '' cannot name a partition: its text must have 1 to 150 characters. Use a number, a text, " +
        "an enum or a record with few members.", Assert.Throws<SourceException>(() => PartitionSource.Of("")).Message);

    [Fact]
    public void FollowingAStageWithoutPartitionsIsRefused()
    {
        _space.Stage("choose").Partitioning = new Partitioning.SameAs(new("choose"));
        _space.Stage("score").Partitioning = null;
        _space.Stage("choose").Partitioning = new Partitioning.SameAs(new("score"));
        Assert.Equal("Stage 'choose' has a partition for each of 'score', which has none. Give 'score' a ForEach, or " +
            "read it with Reads.", Assert.Throws<PipelineException>(() => _space.Pipeline()).Message);
    }

    [Fact]
    public void AreDeclaredFluently()
    {
        var train = new StageBuilder(new("train")).ForEach(() => new[] { 0, 1 })
            .Runs(Work, (int fold) => new Knob(fold)).Writes("out.txt").Build();
        var score = new StageBuilder(new("score")).ForEach(new StageName("train"), "out.txt").Build();
        Assert.Equal(new Knob(1), train.OptionsOf(1));
        Assert.Equal(new Partitioning.SameAs(new("train")), score.Partitioning);
        Assert.Equal([new("train")], score.Inputs.Select(input => input.Stage));
        Assert.Equal("The options take a Int32, but the partitions are made of String. Give ForEach the same type.",
            Assert.Throws<PipelineException>(() => train.OptionsOf("x")).Message);
        Assert.Equal("Stage 'train' has 2 ForEach. Give it one; a matrix of several axes is a list of records.",
            Assert.Throws<PipelineException>(() =>
                new StageBuilder(new("train")).ForEach(() => new[] { 0 }).ForEach(() => new[] { 1 }).Build()).Message);

        static void Work(StageRun run, Knob knob)
        {
        }
    }

    public void Dispose() => _space.Dispose();
}
