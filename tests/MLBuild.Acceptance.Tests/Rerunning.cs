namespace MLBuild.Acceptance.Tests;

/// <summary>A second start runs what changed and nothing else.</summary>
public sealed class Rerunning
{
    [Fact]
    public void ColdTrainingRunsEveryStage()
    {
        using var project = new TaxiProject("2019-01", "2019-02");
        var run = project.Run("Train").Succeeded();
        Assert.Equal(["Ingest 2 of 2 partitions", "Validate", "Split", "Features", "Train"], run.Ran);
        Assert.Equal(
            [
                "2,991 rows, 2,961 accepted, 30 set aside",
                "2,359 rows to train on, 602 held out",
                "13 features of 2,359 + 602 rows",
                "LightGbm on 2,359 rows and 13 features",
            ],
            // On a busy machine training says how far it is.
            run.Log.Where(line => line != "building for the first time"
                && !line.StartsWith("2019-", StringComparison.Ordinal)
                && !line.StartsWith("iteration ", StringComparison.Ordinal)).SkipLast(1));
        Assert.Matches(@"^kept 300 iterations of 300, RMSE 0\.\d+$", run.Log.Last());
    }

    [Fact]
    public void NothingToDoIsSaid()
    {
        using var project = TaxiProject.Trained();
        var run = project.Run("Train").Succeeded();
        Assert.Empty(run.Ran);
        Assert.Empty(run.Log);
        Assert.All(TaxiProject.TrainStages, stage => Assert.StartsWith("Up to date: ", run.Remarks[stage]));
        Assert.Matches(@"\nnothing to do: 5 stages up to date \([0-9.]+ s\)\n$", run.Text);
    }

    [Fact]
    public void NothingToDoLoadsNoMachineLearning()
    {
        using var project = TaxiProject.Trained();
        project.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        project.Environment[StartupHook.FileVariable] = project.PathOf("loaded.txt");
        Assert.Empty(project.Run("Train").Succeeded().Ran);
        var loaded = File.ReadAllLines(project.PathOf("loaded.txt"));
        Assert.Contains("MLBuild.Engine", loaded);
        string[] heavy =
        [
            "Microsoft.ML", "CsvHelper", "Parquet", "Microsoft.Data", "SQLite", "e_sqlite3", "lightgbm", "Apache",
            "Serilog.Sinks", "RegularExpressions",
        ];
        Assert.DoesNotContain(loaded, name =>
            heavy.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void ChangedParameterRerunsItsStageAndThoseBehind()
    {
        using var project = TaxiProject.Trained();
        var train = project.Run("Train", "--learning-rate", "0.2").Succeeded();
        Assert.Equal(["Train"], train.Ran);
        Assert.Contains("rebuilding because parameter 'LearningRate' changed: 0.1 -> 0.2", train.Log);

        var split = project.Run("Train", "--split-seed", "2", "--learning-rate", "0.2").Succeeded();
        Assert.Equal(["Split", "Features", "Train"], split.Ran);
        Assert.Contains("rebuilding because parameter 'SplitSeed' changed: 1 -> 2", split.Log);

        var back = project.Run("Train").Succeeded();
        Assert.Empty(back.Ran);
        Assert.Equal(["Split", "Features", "Train"], back.Restored);
    }

    [Fact]
    public void NewMonthIsReadAloneAndRemovedOneIsForgotten()
    {
        using var project = TaxiProject.Trained();
        var before = project.Artifacts();

        project.AddMonth("2019-03");
        var more = project.Run("Train").Succeeded();
        Assert.Equal(["Ingest 1 of 3 partitions", "Validate", "Split", "Features", "Train"], more.Ran);
        Assert.Contains(
            "rebuilding because input 'Ingest/2019-03/ingest.json' is new; input 'Ingest/2019-03/rows.parquet' is " +
            "new", more.Log);
        Assert.Contains("Ingest/2019-03/rows.parquet", project.Artifacts().Keys);

        File.Delete(project.PathOf("data/2019-03.csv"));
        Assert.Empty(project.Run("Train").Succeeded().Ran);
        Assert.Equal(before, project.Artifacts());
    }

    [Fact]
    public void TouchedFilesRerunNothing()
    {
        using var project = TaxiProject.Trained();
        foreach (var file in Directory.EnumerateFiles(project.Root, "*", SearchOption.AllDirectories))
        {
            var attributes = File.GetAttributes(file);
            File.SetAttributes(file, FileAttributes.Normal);
            File.SetLastWriteTimeUtc(file, new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            File.SetAttributes(file, attributes);
        }
        var run = project.Run("Train").Succeeded();
        Assert.Empty(run.Ran);
        Assert.Empty(run.Restored);
    }

    [Fact]
    public void EditedAndDeletedOutputsArePutBack()
    {
        using var project = TaxiProject.Trained();
        var before = project.Artifacts();
        File.SetAttributes(project.PathOf("artifacts/Split/split.json"), FileAttributes.Normal);
        project.Write("artifacts/Split/split.json", "{}");
        Directory.Delete(project.PathOf("artifacts/Train"), recursive: true);
        project.Write("artifacts/Features/stray.txt", "not of this stage");

        var run = project.Run("Train").Succeeded();
        Assert.Empty(run.Ran);
        Assert.Equal(["Split", "Train"], run.Restored);
        Assert.Equal(before, project.Artifacts());
    }

    [Fact]
    public void SameInputsInAnotherFolderGiveTheSameFingerprintsAndBytes()
    {
        using var first = TaxiProject.Trained();
        using var second = new TaxiProject("2019-01", "2019-02");
        second.Run("Evaluate").Succeeded();
        first.Run("Evaluate").Succeeded();
        Assert.Equal(first.Records().Keys, second.Records().Keys);
        Assert.Equal(first.Artifacts(), second.Artifacts());
    }
}
