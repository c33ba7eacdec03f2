namespace MLBuild.Acceptance.Tests;

/// <summary>Where other build and pipeline tools were seen to fail, one test for each failure, on real processes.
/// </summary>
public sealed class WhereOthersFail
{
    /// <summary>make keeps the half-written target of a killed recipe, and takes it for up to date. What is half
    /// written when a build is killed: <see cref="RunningCommands.NoProcessOutlivesTheBuild"/>.</summary>
    [Fact]
    public void KilledStageIsNoResult()
    {
        using var project = TaxiProject.Trained();
        var before = project.Artifacts();
        var command = TaxiProject.LongTraining;
        KillAtWork(project, stage => stage == "Train", command);
        Assert.Equal(before, project.Artifacts());

        Assert.Equal(["Train"], project.Run(command).Succeeded().Ran);
        Assert.Empty(project.Run(command).Succeeded().Ran);
        Assert.Equal(["Train"], project.Run("Train").Succeeded().Restored);
        Assert.Equal(before, project.Artifacts());
    }

    /// <summary>Snakemake stays locked, and then wants to be told that outputs are incomplete.</summary>
    [Fact]
    public void NoFlagUnlockOrCleanUpIsNeededAfterACrash()
    {
        using var trained = TaxiProject.Trained();
        using var project = new TaxiProject("2019-01", "2019-02");
        var command = TaxiProject.LongTraining;
        KillAtWork(project, _ => true, command);
        for (var kills = 0; kills < 2; kills++)
            KillAtWork(project, stage => stage != "Ingest", command);
        var finished = project.Records();
        Assert.NotEmpty(finished);

        var run = project.Run(command).Succeeded();
        Assert.DoesNotContain("waiting for", run.Text);
        Assert.All(finished, record => Assert.Equal(record.Value, project.Records()[record.Key]));
        project.Run("Train").Succeeded();
        Assert.Equal(trained.Artifacts(), project.Artifacts());
        Assert.Empty(Directory.GetFileSystemEntries(project.PathOf(".nuke/mlbuild/work")));
    }

    /// <summary>DVC and SCons restore a damaged object of their cache as it is.</summary>
    [Fact]
    public void DamagedObjectIsNeverRestoredAsGood()
    {
        using var project = TaxiProject.Trained();
        var before = project.Artifacts();
        var stored = project.StoredPathOf("Ingest/2019-01/rows.parquet");
        var modified = File.GetLastWriteTimeUtc(stored);
        var bytes = File.ReadAllBytes(stored);
        bytes[^1] ^= 1;
        File.SetAttributes(stored, FileAttributes.Normal);
        File.WriteAllBytes(stored, bytes);
        File.SetLastWriteTimeUtc(stored, modified);
        Directory.Delete(project.PathOf("artifacts/Ingest"), recursive: true);

        Assert.Equal(["Ingest 1 of 2 partitions"], project.Run("Ingest").Succeeded().Ran);
        Assert.Equal(before, project.Artifacts());
        Assert.Single(Directory.GetFiles(project.PathOf(".nuke/mlbuild/quarantine")));
    }

    /// <summary>All but one of the tools compared trust size and modification time.</summary>
    [Fact]
    public void EditThatKeepsSizeAndModificationTimeIsSeen()
    {
        using var project = TaxiProject.Trained();
        Assert.Empty(project.Run("Ingest").Succeeded().Ran);
        var file = project.PathOf("data/2019-01.csv");
        var (size, modified) = (new FileInfo(file).Length, File.GetLastWriteTimeUtc(file));
        var lines = File.ReadAllLines(file);
        // The last trip becomes another one of the file's.
        var other = lines[1..].First(line => line.Length == lines[^1].Length && line != lines[^1]);
        File.WriteAllText(file, string.Concat(lines[..^1].Append(other).Select(line => line + "\n")));
        File.SetLastWriteTimeUtc(file, modified);
        Assert.Equal((size, modified), (new FileInfo(file).Length, File.GetLastWriteTimeUtc(file)));

        Assert.Equal(["Ingest 1 of 2 partitions"], project.Run("Ingest").Succeeded().Ran);
    }

    /// <summary>Two at once make DVC, Snakemake and redun fail midway; doit and R targets run everything twice.
    /// </summary>
    [Fact]
    public async Task BuildsAtOnceNeitherFailNorRunAnythingTwice()
    {
        using var trained = TaxiProject.Trained();
        using var project = new TaxiProject("2019-01", "2019-02");
        var runs = await Task.WhenAll(new[] { "Validate", "Split", "Train", "Train" }
            .Select(target => Task.Run(() => project.Run(target))));
        Assert.All(runs, run => run.Succeeded());
        Assert.Equal(["Features", "Split", "Train", "Validate"], runs.SelectMany(run => run.Ran)
            .Where(stage => !stage.StartsWith("Ingest", StringComparison.Ordinal)).Order());
        // A build may have run one month while another ran the other.
        Assert.Single(runs.SelectMany(run => run.Log),
            line => line.StartsWith("2019-01: 1,500 rows", StringComparison.Ordinal));
        Assert.Equal(trained.Artifacts(), project.Artifacts());
    }

    private static void KillAtWork(TaxiProject project, Predicate<string> stage, params string[] arguments)
    {
        using var build = project.Start(arguments);
        var drained = build.StandardOutput.ReadToEndAsync();
        while (!build.HasExited && !project.IsAtWork(build, stage))
            Thread.Sleep(1);
        build.Kill();
        build.WaitForExit();
        Assert.NotEqual(0, build.ExitCode);
        drained.Wait();
    }
}
