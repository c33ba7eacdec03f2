using MLBuild.Engine.Running;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using MLBuild.Store;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>A frozen stage: its last result stands whatever has changed.</summary>
public sealed class FreezingStages : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("in.txt", "a").With("more.txt", "x")
        .WithStage("split", reads: "in.txt").WithStage("train", reads: "split").WithStage("report", reads: "train");

    public FreezingStages() => _space.Stage("train").FrozenBecause = "a week of GPU time";

    [Fact]
    public void WithoutAResultItIsBuilt()
    {
        Assert.Equal([Built("split/in"), Built("train"), Built("report")], _space.Run());
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void LastResultStandsAndTheReasonIsSaid()
    {
        _space.Run();
        var (trained, before) = (_space.Output("train/out.txt"), ContentHash.Of(_space.Output("split/in/out.txt")));
        _space.Write("in.txt", "b");
        Assert.Equal([Built("split/in", "input 'in.txt' changed: ca978112 -> 3e23e816"), Kept("train")], _space.Run());
        Assert.Equal(
        [
            "train: kept as it is: it is frozen (a week of GPU time); it would run because input " +
            $"'split/in/out.txt' changed: {before.Short} -> {ContentHash.Of(_space.Output("split/in/out.txt")).Short}",
        ], _space.Observer.Lines);
        Assert.Equal(trained, _space.Output("train/out.txt"));

        _space.Stage("train").FrozenBecause = null;
        Assert.Equal(["train", "report"], _space.Run().Select(e => e.Unit));
    }

    [Fact]
    public void RemovedOutputsArePutBack()
    {
        _space.Run();
        var trained = _space.Output("train/out.txt");
        _space.Stage("train").Version = "2";
        File.Delete(_space["artifacts/train/out.txt"]);
        _space.Run();
        Assert.Equal(trained, _space.Output("train/out.txt"));
    }

    [Fact]
    public void LostResultIsNotBuiltBehindItsBack()
    {
        _space.Run();
        var trained = _space.Output("train/out.txt");
        _space.Stage("train").Version = "2";
        File.Delete(_space["artifacts/train/out.txt"]);
        _space.Lose(trained);
        var failed = Assert.Single(_space.Run("train"));
        Assert.Equal(Failed("train", $"it is frozen, but its last result is lost: Artifact " +
            $"{ContentHash.Of(trained).Short} is not in the store. Take Frozen away to build it anew."), failed);
    }

    [Fact]
    public void ForecastSaysSo()
    {
        _space.Run();
        _space.Stage("train").Version = "2";
        Assert.Equal(
        [
            "split/in: up to date",
            "train: would be kept as it is: it is frozen (a week of GPU time); it would run because " +
            "code of train.Run changed: 1 -> 2",
            "report: up to date",
        ], new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code).Of(new("report"))
            .Select(line => $"{line}"));
    }

    [Fact]
    public void EffectCannotBeFrozen()
    {
        _space.Stage("train").Kind = StageKind.Effect;
        Assert.Equal("Stage 'train' is frozen and always runs. Declare one of the two.",
            Assert.Throws<PipelineException>(() => _space.Pipeline()).Message);
    }

    public void Dispose() => _space.Dispose();
}
