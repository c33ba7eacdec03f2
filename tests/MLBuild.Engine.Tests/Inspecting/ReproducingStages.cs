using MLBuild.Engine.Inspection;
using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Inspecting;

/// <summary>A stage that is run once more gives what is stored, or says where it differs.</summary>
public sealed class ReproducingStages : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.csv", "1").WithStage("ingest", reads: "jan.csv")
        .WithStage("train", reads: "ingest", writes: "out.txt plots/");

    [Fact]
    public async Task EqualBitsAreSaid()
    {
        _space.Run();
        var (before, stored) = (_space.Artifacts(), StoreLayout.FilesIn(_space["store/cas"]));
        var record = _space.Workspace().Last("train")!;
        Assert.Equal([$"train: reproduced bit for bit (out.txt {record.Outputs[0].Artifact.Hash.Short}, plots/ " +
            $"{record.Outputs[1].Artifact.Hash.Short}, 0.00 s)"], await Lines("train"));
        Assert.Equal(["ingest/jan", "train"], (await Lines("train", deep: true)).Select(line => line.Split(':')[0]));
        Assert.Equal(before, _space.Artifacts());
        Assert.Equal(stored, StoreLayout.FilesIn(_space["store/cas"]));
        Assert.Empty(StoreLayout.FilesIn(_space["store/work"]));
        Assert.Empty(_space.Run());
    }

    [Fact]
    public async Task OtherBitsAreNamedWithTheFirstDifference()
    {
        var calls = 0;
        _space.Stage("train").Body = run =>
        {
            File.WriteAllText(run.Output("out.txt"), $"loss {++calls}");
            File.WriteAllText(Path.Combine(run.Output("plots/"), calls == 1 ? "a.svg" : "b.svg"), "plot");
        };
        _space.Run();
        var lines = (await Lines("train"))[0].Split('\n');
        Assert.Matches("^train/out.txt was not reproduced: stored [0-9a-f]{8}, now [0-9a-f]{8}; byte 5 was 0x31, now " +
            "is 0x32$", lines[0]);
        Assert.Equal(
        [
            "train/plots/a.svg was not reproduced: it is stored, and was not written now",
            "train/plots/b.svg was not reproduced: it is stored nowhere, and was written now",
        ], lines[1..]);
        Assert.EndsWith("; the loss differs", (await Lines("train", differences: new Losses()))[0].Split('\n')[0]);
    }

    [Fact]
    public async Task WhatCannotBeComparedIsRefused()
    {
        Assert.Equal("ingest/jan has no stored result to compare with: it would run because it was never built. Run " +
            "./build.sh ingest first, or check out what made the result.", (await Fault("train")).Message);
        _space.Run();
        _space.Stage("train").Version = "2";
        Assert.Equal("train has no stored result to compare with: it would run because code of train.Run changed: 1 " +
            "-> 2. Run ./build.sh train first, or check out what made the result.", (await Fault("train")).Message);
        _space.Stage("train").Kind = StageKind.Effect;
        Assert.Equal("train acts on something outside, so it cannot be run for comparison. Reproduce a stage that it " +
            "reads.", (await Fault("train")).Message);
    }

    public void Dispose() => _space.Dispose();

    private Task<PipelineException> Fault(string stage) =>
        Assert.ThrowsAsync<PipelineException>(() => Lines(stage));

    private async Task<string[]> Lines(string stage, bool deep = false, params IArtifactDifference[] differences)
    {
        var pipeline = _space.Pipeline();
        return [.. (await new Reproduction(
            pipeline, _space.Workspace(), _space.Code, new TestObserver(), differences)
            .Run(pipeline.Find(stage), deep, default)).Select(line => line.ToString())];
    }

    private sealed class Losses : IArtifactDifference
    {
        public bool Compares(string output) => output == "out.txt";

        public string? FirstDifference(string expectedPath, string actualPath) => "the loss differs";
    }
}
