using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Long work says how far it is, but not all the time.</summary>
public sealed class TellingProgress : IDisposable
{
    private readonly TestSpace _space = new TestSpace().WithStage("train");

    public void Dispose() => _space.Dispose();

    [Fact]
    public void ALineComesEveryFewSecondsWithTheTimeThatIsLeft()
    {
        Work(iterations: 30, seconds: 1, count: 30);
        Assert.Equal(
        [
            "train: tree 6 of 30, about 24.0 s left",
            "train: tree 11 of 30, about 19.0 s left",
            "train: tree 16 of 30, about 14.0 s left",
            "train: tree 21 of 30, about 9.00 s left",
            "train: tree 26 of 30, about 4.00 s left",
        ], _space.Observer.Lines);
    }

    [Fact]
    public void WhatIsQuickSaysNothing()
    {
        Work(iterations: 300, seconds: 0.01, count: 300);
        Assert.Empty(_space.Observer.Lines);
    }

    [Fact]
    public void WhatIsSlowSaysEachStep()
    {
        Work(iterations: 100, seconds: 60, count: 3);
        Assert.Equal(
            ["train: tree 2 of 100, about 1 h 38 min left", "train: tree 3 of 100, about 1 h 37 min left"],
            _space.Observer.Lines);
    }

    [Fact]
    public void WhoCanShowItInPlaceGetsSeveralLinesEachSecondUntilTheWorkEnds()
    {
        Work(iterations: 40, seconds: 0.05, count: 40);
        Assert.Equal(
        [
            "train: tree 5 of 40, about 1.75 s left", "train: tree 9 of 40, about 1.55 s left",
            "train: tree 13 of 40, about 1.35 s left", "train: tree 17 of 40, about 1.15 s left",
            "train: tree 21 of 40, about 0.95 s left", "train: tree 25 of 40, about 0.75 s left",
            "train: tree 29 of 40, about 0.55 s left", "train: tree 33 of 40, about 0.35 s left",
            "train: tree 37 of 40, about 0.15 s left", "train ended",
        ], _space.Observer.Glances);
        Assert.Empty(_space.Observer.Lines);
    }

    [Fact]
    public void WorkThatFailedHasEndedAndSaysNoMore()
    {
        StageRun? left = null;
        _space.Stage("train").Body = run =>
        {
            left = run;
            run.Progress(1, 10, "tree 1 of 10");
            throw new InvalidOperationException("no more");
        };
        _space.Run();
        _space.Clock.Advance(TimeSpan.FromSeconds(1));
        left!.Progress(2, 10, "tree 2 of 10");
        Assert.Equal(["train ended"], _space.Observer.Glances);
    }

    private void Work(int iterations, double seconds, int count)
    {
        _space.Stage("train").Body = run =>
        {
            for (var i = 1; i <= count; i++)
            {
                _space.Clock.Advance(TimeSpan.FromSeconds(seconds));
                run.Progress(i, iterations, $"tree {i} of {iterations}");
            }
            File.WriteAllText(run.Output("out.txt"), "");
        };
        Assert.Equal([Built("train")], _space.Run());
    }
}
