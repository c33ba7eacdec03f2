namespace MLBuild.Acceptance.Tests;

/// <summary>What <c>--dry-run</c> says is what then happens, and nothing happens because of it.</summary>
public sealed class DryRunning : IDisposable
{
    private readonly TaxiProject _project = TaxiProject.Trained();

    [Fact]
    public void NothingToDo() => Assert.Equal(
    [
        "Ingest: up to date (2 partitions)",
        "Validate: up to date",
        "Split: up to date",
        "Features: up to date",
        "Train: up to date",
        "nothing would run, 5 stages are up to date",
    ], Dry("Train"));

    [Fact]
    public void WhatItSaysIsWhatThenHappens()
    {
        _project.AddMonth("2019-03");
        var (artifacts, records) = (_project.Artifacts(), _project.Records());
        var lines = Dry("Train", "--learning-rate", "0.2");
        Assert.Equal(
        [
            "Ingest: 1 of 3 partitions would run (2019-03: it was never built)",
            "Validate: would run because input 'Ingest/2019-03/ingest.json' is new; input " +
                "'Ingest/2019-03/rows.parquet' is new; what Ingest gives may add to that",
            "Split: depends on what Validate gives, which would run first",
            "Features: depends on what Split gives, which is not decided either",
            "Train: would run because parameter 'LearningRate' changed: 0.1 -> 0.2; " +
                "what Features gives may add to that",
        ], lines.Take(5));
        Assert.Matches("^3 stages would run, 2 stages may run; about [0-9.]+ s of work by past runs, up to " +
            "[0-9.]+ s if all that may run does$", lines[5]);
        Assert.Equal(6, lines.Length);
        Assert.Equal(artifacts, _project.Artifacts());
        Assert.Equal(records, _project.Records());

        var run = _project.Run("Train", "--learning-rate", "0.2").Succeeded();
        Assert.Equal(["Ingest 1 of 3 partitions", "Validate", "Split", "Features", "Train"], run.Ran);
    }

    [Fact]
    public void SkippedAndPlainTargetsAreNamedAndPartitionsListedInFull()
    {
        _project.AddMonth("2019-03");
        Assert.Equal(
        [
            "Ingest: would be skipped; its last result stands",
            "Validate: up to date",
            "Split: up to date",
            "Sample: is not a stage, would be run; what it does is not foreseen",
            "nothing would run, 2 stages are up to date, 1 stage would be left out",
        ], Dry("Sample", "Split", "--skip", "Ingest"));
        Assert.Equal(
        [
            "Ingest/2019-01: up to date",
            "Ingest/2019-02: up to date",
            "Ingest/2019-03: would run because it was never built",
        ], Dry("Ingest", "--verbosity", "Verbose").Take(3));
    }

    [Fact]
    public void MissingParametersAreRefusedAsInARun()
    {
        var run = _project.Run("Deploy", "--dry-run");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(_project.Run("Deploy").Refusal, run.Refusal);
    }

    public void Dispose() => _project.Dispose();

    private string[] Dry(params string[] arguments) =>
        [.. _project.Run([.. arguments, "--dry-run"]).Succeeded().Lines.Skip(1).Where(line => line.Length > 0)];
}
