using System.Globalization;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;
using MLBuild.Stages.Predictions;
using MLBuild.Stages.Rollouts;
using MLBuild.Stages.Tests.Pipelines;
using MLBuild.Stages.Tests.Predictions;

namespace MLBuild.Stages.Tests.Rollouts;

/// <summary>Predictions that were logged are joined with labels by their key, as both appear.</summary>
public sealed class CountingLosses : IDisposable
{
    private static readonly DateTimeOffset Began = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlbuild-losses-");
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void EachVersionHasTheMeanOfItsOwnRows()
    {
        Log("a", Row(1, id: 1, score: 11), Row(1, id: 2, score: 23), Row(2, id: 3, score: 35), Row(7, id: 3, score: 0));
        Label("a", (1, 10), (2, 20), (3, 30), (4, 40));
        var counts = Labels().Counts(Rollout(), Began);
        Assert.Equal("mean absolute error", counts.Loss);
        Assert.Equal((2, 2.0), (counts.Champion.Count, counts.Champion.Mean));
        Assert.Equal((1, 5.0), (counts.Candidate.Count, counts.Candidate.Mean));
    }

    [Fact]
    public void AKeyCountsOnceForEachVersionAndOnlySinceTheStepBegan()
    {
        Log("a", Row(2, id: 1, score: 90, minute: -1), Row(2, id: 1, score: 11), Row(2, id: 1, score: 90));
        Log("b", Row(2, id: 1, score: 90), Row(1, id: 1, score: 12));
        Label("a", (1, 10));
        var counts = Labels().Counts(Rollout(), Began);
        Assert.Equal((1, 1.0), (counts.Candidate.Count, counts.Candidate.Mean));
        Assert.Equal((1, 2.0), (counts.Champion.Count, counts.Champion.Mean));
    }

    // A log shows milliseconds, and the registry knows more of them.
    [Fact]
    public void ARowOfTheMomentInWhichTheStepBeganIsOneOfTheStep()
    {
        Log("a", Row(1, id: 1, score: 12), Row(2, id: 1, score: 11));
        Label("a", (1, 10));
        var rollout = Rollout();
        var later = TimeSpan.FromMilliseconds(0.9);
        var counts = Labels().Counts(
            rollout with { Last = rollout.Last with { RecordedUtc = Began + later } }, Began + later);
        Assert.Equal((1, 1), (counts.Champion.Count, counts.Candidate.Count));
    }

    [Fact]
    public void FilesMayAppearInAnyOrderAndAreReadOnce()
    {
        var labels = Labels();
        Label("a", (1, 10), (2, 10));
        Assert.Equal(0, labels.Counts(Rollout(), Began).Candidate.Count);
        Log("a", Row(2, id: 1, score: 11), Row(2, id: 3, score: 12));
        Assert.Equal(1, labels.Counts(Rollout(), Began).Candidate.Count);
        File.Delete(Path.Combine(_folder.FullName, "labels", "a.csv"));
        Label("b", (3, 10));
        var counts = labels.Counts(Rollout(), Began);
        Assert.Equal((2, 1.5), (counts.Candidate.Count, counts.Candidate.Mean));
        // Nothing new: what is known.
        Assert.Same(counts, labels.Counts(Rollout(), Began));
    }

    [Fact]
    public void AKeyOfTwoLabelsIsLeftOut()
    {
        Log("a", Row(2, id: 1, score: 11), Row(2, id: 2, score: 12));
        Label("a", (1, 10), (2, 10), (1, 10));
        Label("b", (2, -10));
        Assert.Equal((1, 1.0), Means(Labels().Counts(Rollout(), Began).Candidate));
    }

    // It answers nothing then.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AtAHundredPercentTheChampionsRowsOfTheStepBeforeCount(bool isInterrupted)
    {
        Log("a", Row(1, id: 1, score: 11), Row(2, id: 1, score: 90));
        Label("a", (1, 10), (2, 20), (3, 30));
        var labels = Labels();
        labels.Counts(Rollout(), Began);
        Log("b", Row(1, id: 2, score: 23), Row(2, id: 2, score: 25, minute: 10));
        if (isInterrupted)
            labels = Labels();

        var counts = labels.Counts(Rollout(percent: 100, minute: 10), Began);

        Assert.Equal((2, 2.0), Means(counts.Champion));
        Assert.Equal((1, 5.0), Means(counts.Candidate));
        // Back at a part both begin anew.
        Log("c", Row(1, id: 3, score: 33, minute: 20));
        counts = labels.Counts(Rollout(percent: 50, minute: 20), Began.AddMinutes(20));
        Assert.Equal(((1, 3.0), 0), (Means(counts.Champion), counts.Candidate.Count));
    }

    [Fact]
    public void LinesThatAreNoRowsAreSaid()
    {
        Log("a", Row(2, id: 1, score: 11));
        Label("a", (1, 10));
        File.AppendAllText(Path.Combine(_folder.FullName, "labels", "a.csv"), "2,2019-01-01 10:00:00,west,50,2,dear\n");
        Assert.Equal(1, Labels().Counts(Rollout(), Began).Candidate.Count);
        Assert.StartsWith(
            "Labels: 1 line of 'a.csv' is passed over. The first: ", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotThereOrOfAnotherTaskIsSaidOnce()
    {
        var labels = Labels();
        labels.Counts(Rollout(), Began);
        labels.Counts(Rollout(), Began);
        Assert.Equal(2, _said.Count);
        Assert.StartsWith(
            "Nothing of it is judged yet, and it is looked for again: --prediction-log '", _said[0],
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Nothing of it is judged yet, and it is looked for again: --canary-labels '", _said[1],
            StringComparison.Ordinal);

        Log("a", Row(2, id: 1, score: 11));
        new ArrivingLabels<Sale>(
            Sales.Model with { Task = LearningTask.Multiclass("a", "b", "c") }, Place("log"), [Place("labels")],
            _said.Add).Counts(Rollout(), Began);
        Assert.Contains(_said, line => line.StartsWith(
            "Nothing of it is judged yet, and it is looked for again: a.parquet row 1: version 2 served the scores ",
            StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutAPredictionLogLabelsTellNothing() => Assert.Equal(
        "--canary-labels says what requests turned out to be, and not what was predicted of them. Name the folder " +
        "that the servers log to: --prediction-log FOLDER.",
        Assert.Throws<RolloutException>(() => ArrivingLabels<Sale>.Of(Sales.Model, null, ["a"], _said.Add)).Message);

    private static (long, double) Means(Learning.Statistics.RunningMoments losses) => (losses.Count, losses.Mean);

    private string Place(string name) => Path.Combine(_folder.FullName, name);

    private ArrivingLabels<Sale> Labels() => new(Sales.Model, Place("log"), [Place("labels")], _said.Add);

    private void Log(string name, params ServedRow[] rows)
    {
        var columns = new ServedColumns([], [.. Sales.Features.Names]);
        ServedFile.Write(
            Path.Combine(Place("log"), $"{name}.parquet"), columns,
            [.. rows.Select(row => row with { Columns = columns })]);
    }

    private static ServedRow Row(int version, int id, float score, int minute = 0) => new(
        "", $"{Sales.Key(new() { Id = id })}", version, Began.AddMinutes(minute).UtcDateTime, new([], []), [score],
        [1, 2, 3]);

    private void Label(string name, params (int Id, double Price)[] sales)
    {
        Directory.CreateDirectory(Place("labels"));
        File.WriteAllText(Path.Combine(Place("labels"), $"{name}.csv"), Sales.Header + string.Concat(
            sales.Select(sale => string.Create(
                CultureInfo.InvariantCulture, $"{sale.Id},2019-01-01 10:00:00,west,50,2,{sale.Price}\n"))));
    }

    private static ActiveRollout Rollout(int percent = 50, int minute = 0)
    {
        var started = new RolloutEntry(
            "sales", "production", 1, RolloutChange.Started, 2, 1, RolloutStrategy.Canary, 0, null, "ann", "deployed",
            Began.AddHours(-1));
        return new(started, started with
        {
            Position = 2 + minute,
            Change = RolloutChange.Shared,
            Percent = percent,
            RecordedUtc = Began.AddMinutes(minute),
        });
    }
}
