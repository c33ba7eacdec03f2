using MLBuild.Engine.Stages;
using MLBuild.Engine.Tests.Spaces;
using static MLBuild.Engine.Tests.Spaces.Event;

namespace MLBuild.Engine.Tests.Running;

/// <summary>Stages over many files: each file is cached by itself.</summary>
public sealed class ReadingPartitions : IDisposable
{
    private readonly TestSpace _space = new TestSpace().With("jan.csv", "1").With("feb.csv", "2")
        .WithStage("ingest", reads: "jan.csv feb.csv mar.csv", writes: "rows report")
        .WithStage("join", reads: "ingest/rows");

    [Fact]
    public void AddedPartitionRunsAloneAndThenWhatReadsAll()
    {
        Assert.Equal([Built("ingest/jan"), Built("ingest/feb"), Built("join")], _space.Run());
        _space.Write("mar.csv", "3");
        Assert.Equal(
        [
            Built("ingest/mar"),
            Built("join", "input 'ingest/mar/rows' is new"),
        ], _space.Run());
        Assert.Equal(["ingest/mar", "join"], _space.Observer.Begun);
    }

    [Fact]
    public void RemovedPartitionRunsWhatReadsAll()
    {
        _space.Run();
        File.Delete(_space["jan.csv"]);
        Assert.Equal([Built("join", "input 'ingest/jan/rows' is gone")], _space.Run());
    }

    [Fact]
    public void InputsComeInOrderOfTheirNamesWhateverTheOrderOfTheFiles()
    {
        var seen = new List<string?>();
        _space.Stage("join").Body = run =>
        {
            seen.AddRange(run.Inputs("rows").Select(input => input.Partition));
            File.WriteAllText(run.Output("out.txt"), "");
        };
        _space.Run();
        Assert.Equal(["feb", "jan"], seen);
    }

    [Fact]
    public void MovedFileIsTheSameFile()
    {
        _space.Run();
        _space.Write("elsewhere/jan.csv", "1");
        _space.Stage("ingest").Sources = () => [new("jan", _space["elsewhere/jan.csv"]), new("feb", _space["feb.csv"])];
        Assert.Empty(_space.Run());
    }

    [Fact]
    public void RenamedFileIsAnotherInput()
    {
        _space.Run();
        _space.Write("January.csv", "1");
        _space.Stage("ingest").Sources = () => [new("jan", _space["January.csv"]), new("feb", _space["feb.csv"])];
        _space.Stage("ingest").Body = run =>
            File.WriteAllText(run.Output("rows"), File.ReadAllText(run.Source.Path) + Report(run));
        Assert.Equal("input 'January.csv' is new; input 'jan.csv' is gone", _space.Run()[0].Because);

        static string Report(StageRun run)
        {
            File.WriteAllText(run.Output("report"), "");
            return "";
        }
    }

    [Fact]
    public void FileUnderAnotherKeyIsAnotherPartition()
    {
        _space.Stage("ingest").Body = run =>
        {
            File.WriteAllText(run.Output("rows"), run.Source.Key);
            File.WriteAllText(run.Output("report"), "");
        };
        _space.Stage("ingest").Sources = () => [new("winter", _space["jan.csv"])];
        _space.Run();
        _space.Stage("ingest").Sources = () => [new("january", _space["jan.csv"])];
        Assert.Equal(Built("ingest/january"), _space.Run()[0]);
        Assert.Equal("january", _space.Output("ingest/january/rows"));
    }

    [Fact]
    public void PointsWithEqualOptionsAreStillEachTheirOwn()
    {
        _space.WithStage("folds", body: run => File.WriteAllText(run.Output("out.txt"), run.Partition));
        _space.Stage("folds").Partitioning = new Partitioning.Points(() => [1, 2]);
        Assert.Equal([Built("folds/1"), Built("folds/2")], _space.Run("folds"));
        Assert.Equal("1", _space.Output("folds/1/out.txt"));
        Assert.Equal("2", _space.Output("folds/2/out.txt"));
    }

    [Fact]
    public void MissingSourceIsNamed()
    {
        _space.Stage("ingest").Sources = () => [new("jan", _space["none.csv"])];
        Assert.Equal($"There is no file '{_space["none.csv"]}'.", _space.Run()[0].Because);
    }

    [Fact]
    public void FirstOfManyMissingSourcesIsNamed()
    {
        var there = Enumerable.Range(0, 30).Select(i => new SourceFile($"f{i}", _space["jan.csv"]));
        _space.Stage("ingest").Sources = () =>
            [.. there, .. Enumerable.Range(0, 30).Select(i => new SourceFile($"n{i}", _space[$"none{i}.csv"]))];
        Assert.Equal($"There is no file '{_space["none0.csv"]}'.", _space.Run()[0].Because);
    }

    [Fact]
    public void TroubleWithFindingTheFilesFailsTheStage()
    {
        _space.Stage("ingest").Sources = () => SourceFiles.Find([_space["trips"]], ".csv", "--data");
        Assert.Equal(
            Failed("ingest", $"--data '{_space["trips"]}' does not exist. " +
                "Name a file, a folder with .csv files, or a glob such as 'trips/2019-*.csv'."),
            _space.Run()[0]);
    }

    public void Dispose() => _space.Dispose();
}
