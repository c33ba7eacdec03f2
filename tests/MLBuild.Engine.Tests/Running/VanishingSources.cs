using MLBuild.Engine.Running;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>A source file that is no longer there is said, with what its last build said of it.</summary>
public sealed class VanishingSources : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.csv", "1").With("feb.csv", "2")
        .WithStage("ingest", reads: "jan.csv feb.csv", writes: "rows")
        .WithStage("join", reads: "ingest/rows");

    public VanishingSources() => _space.Stage("ingest").Body = run =>
    {
        run.Log("looking");
        run.Log("10,000 rows, 3 quarantined");
        _space.Stage("ingest").Mix(run);
    };

    [Fact]
    public void SinceTheLastBuild()
    {
        _space.Run();
        File.Delete(_space["jan.csv"]);
        Assert.Equal([Built("join", "input 'ingest/jan/rows' is gone")], _space.Run());
        Assert.Equal(
            ["ingest: 'jan' is gone: its source file was there for the last build, which said: " +
                "10,000 rows, 3 quarantined."],
            _space.Observer.Lines);
        Assert.Empty(_space.Run());
        Assert.Empty(_space.Observer.Lines);
    }

    // A build may have another way, in which the stage has no part.
    [Fact]
    public void WhereABuildAsksForNoneNothingIsGone()
    {
        _space.Run();
        var artifacts = Directory.GetFiles(_space["artifacts/ingest"], "*", SearchOption.AllDirectories);
        _space.Stage("ingest").Sources = () => [];
        Assert.Equal(["join"], new Forecast(_space.Pipeline(), _space.Workspace(), _space.Code).Of(new("join"))
            .Select(line => line.Unit));
        _space.Run();
        Assert.Empty(_space.Observer.Lines);
        Assert.Equal(2, artifacts.Length);
        Assert.All(artifacts, file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public void OfALogThatCannotBeReadNothingIsSaid()
    {
        _space.Run();
        foreach (var log in Directory.GetFiles(_space["."], "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("quarantined", StringComparison.Ordinal)).ToArray())
        {
            File.Delete(log);
            Directory.CreateDirectory(log);
        }
        File.Delete(_space["jan.csv"]);
        Assert.Equal([Built("join", "input 'ingest/jan/rows' is gone")], _space.Run());
        Assert.Equal(["ingest: 'jan' is gone: its source file was there for the last build."], _space.Observer.Lines);
    }

    [Fact]
    public void OfALargeLogTheEndIsSaid()
    {
        _space.Stage("ingest").Body = run =>
        {
            run.Log(new string('é', 3000));
            run.Log("10,000 rows");
            _space.Stage("ingest").Mix(run);
        };
        _space.Run();
        File.Delete(_space["jan.csv"]);
        _space.Run();
        Assert.Equal(
            ["ingest: 'jan' is gone: its source file was there for the last build, which said: 10,000 rows."],
            _space.Observer.Lines);
    }

    [Fact]
    public void BetweenPlanningAndReading()
    {
        _space.Stage("ingest").Body = run =>
        {
            File.Delete(_space["jan.csv"]);
            File.Delete(_space["feb.csv"]);
            _space.Stage("ingest").Mix(run);
        };
        var failure = _space.Run()[0];
        Assert.Equal("failed", failure.What);
        Assert.Contains($"Could not find file '{_space["jan.csv"]}'.", failure.Because);
    }

    public void Dispose() => _space.Dispose();
}
