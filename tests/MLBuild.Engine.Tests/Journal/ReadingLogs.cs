using MLBuild.Engine.History;
using MLBuild.Engine.Inspection;
using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;

namespace MLBuild.Engine.Tests.Journal;

/// <summary>What Logs prints of a stage's last work.</summary>
public sealed class ReadingLogs : IDisposable
{
    private readonly TestSpace _space = new TestSpace { HasSystemClock = true }
        .With("a.txt", "a").With("b.txt", "b")
        .WithStage("split", reads: "a.txt b.txt").WithStage("train", reads: "split");

    [Fact]
    public void LastWorkIsShown()
    {
        Says("train", "12 rows");
        _space.Run();
        var lines = Lines("train");
        Assert.Matches(@"^train worked \d{4}-\d\d-\d\d \d\d:\d\d UTC in [0-9.]+ s, recipe [0-9a-f]{8}$", lines[0]);
        Assert.Equal(["", "12 rows"], lines.Skip(1));
    }

    [Fact]
    public void WhatFailedIsShownWithWhatItHadWritten()
    {
        _space.Run();
        _space.Write("a.txt", "other");
        Says("train", "12 rows", "no more rows");
        _space.Run();
        var lines = Lines("train");
        Assert.Matches(@"^train failed \d{4}-\d\d-\d\d \d\d:\d\d UTC$", lines[0]);
        Assert.Equal(["what it had written: store/failed/train/out", "", "12 rows"], lines.Skip(1).Take(3));
        Assert.Contains("no more rows", string.Join('\n', lines.Skip(4)));

        // What succeeded since counts, although what was left behind is there.
        Says("train", "13 rows");
        _space.Run();
        Assert.True(Directory.Exists(_space["store/failed/train"]));
        Assert.Equal(["", "13 rows"], Lines("train").Skip(1));
    }

    [Fact]
    public void PartitionThatWorkedLastIsShownAndTheOthersNamed()
    {
        _space.Run();
        _space.Write("a.txt", "other");
        Says("split", "one row", "no rows");
        _space.Run();
        var lines = Lines("split");
        Assert.StartsWith("split/a failed ", lines[0]);
        Assert.Equal("what it had written: store/failed/split/a/out", lines[1]);
        Assert.Equal("others: b; --of-stage split/b shows one", lines[2]);

        Assert.StartsWith("split/b worked ", Lines("split", "B")[0]);
        Assert.Equal(["", "It said nothing."], Lines("split", "b").TakeLast(2));
    }

    [Fact]
    public void WhatWasKilledIsShownBeforeAndAfterItsFolderIsSwept()
    {
        // As a process that was killed leaves it.
        _space.Write("store/work/1-dead.lock", "");
        _space.Write("store/work/1-dead/split/a/log.txt", "half of a\n");
        _space.Write("store/work/1-dead/split/a/out/log.txt", "what it wrote\n");
        Assert.Matches(@"^split/a was killed; it last said something \d{4}-\d\d-\d\d \d\d:\d\d UTC$",
            Lines("split")[0]);
        Assert.Equal(["", "half of a"], Lines("split").Skip(1));

        _space.Run("split", "train");
        Assert.False(Directory.Exists(_space["store/work/1-dead"]));
        Assert.Equal("half of a\n", File.ReadAllText(_space["store/killed/split/a/log.txt"]));
        // What succeeded since counts.
        Assert.StartsWith("split/a worked ", Lines("split", "a")[0]);
        File.SetLastWriteTimeUtc(_space["store/killed/split/a/log.txt"], DateTime.UtcNow.AddMinutes(1));
        Assert.StartsWith("split/a was killed; ", Lines("split", "a")[0]);
    }

    [Fact]
    public void WhatIsRunningWasNotKilled()
    {
        _space.Stage("train").Body = run =>
        {
            run.Log("in the middle");
            Assert.Equal("train never worked, so it said nothing. ./build.sh train runs it.", Fault("train", null));
            _space.Stage("train").Mix(run);
        };
        _space.Run();
        Assert.StartsWith("train worked ", Lines("train")[0]);
    }

    [Fact]
    public void MistakesAreNamed()
    {
        Assert.Equal("train never worked, so it said nothing. ./build.sh train runs it.", Fault("train", null));
        _space.Run();
        Assert.Equal("split never worked on a partition 'c'. It did on: a, b. Did you mean 'a'?", Fault("split", "c"));
        Assert.Equal("train has no partitions. Name the stage alone: --of-stage train.", Fault("train", "a"));
    }

    [Fact]
    public void DataHasNamesThatStay()
    {
        Says("train", "12 rows");
        _space.Run();
        var file = _space["log.json"];
        _ = new StageLogs(_space.Workspace()).Of(_space.Pipeline().Find("train"), null, Page.Endless).In(file)
            .ToArray();
        var text = System.Text.RegularExpressions.Regex.Replace(
            File.ReadAllText(file).ReplaceLineEndings("\n"), "(Utc|Seconds|recipe)\": [^,]+,", "$1\": …,");
        Assert.Equal(
            """
            {
              "work": {
                "unit": "train",
                "outcome": "Worked",
                "endedUtc": …,
                "durationSeconds": …,
                "recipe": …,
                "failure": null
              },
              "others": [],
              "lines": [
                "12 rows"
              ]
            }

            """.ReplaceLineEndings("\n"), text);
    }

    public void Dispose() => _space.Dispose();

    private void Says(string stage, string line, string? failure = null) => _space.Stage(stage).Body = run =>
    {
        run.Log(line);
        if (failure is not null)
            throw new PipelineException(failure);
        _space.Stage(stage).Mix(run);
    };

    private string[] Lines(string stage, string? partition = null) =>
        [.. new StageLogs(_space.Workspace()).Of(_space.Pipeline().Find(stage), partition, Page.Endless).In(null)];

    private string Fault(string stage, string? partition) =>
        Assert.Throws<PipelineException>(() => Lines(stage, partition)).Message;
}
