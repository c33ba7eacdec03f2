using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;

namespace MLBuild.Learning.Tests.Monitoring;

/// <summary>Errors of a window beside those on held-out rows: measured where labels are, estimated where they are
/// not.</summary>
public sealed class JudgingPerformance
{
    private static readonly ErrorProfile Held = HeldOut(20_000, seed: 1);

    [Theory]
    [InlineData(200)]
    [InlineData(2_000)]
    public void WhatHasNotChangedIsSeldomWorse(int rows)
    {
        var worse = Enumerable.Range(0, 300).Count(draw =>
            Judge(Window(rows, seed: 100 + draw, factor: 1)).Verdict == PerformanceVerdict.Degraded);
        Assert.InRange(worse, 0, 9);
    }

    [Fact]
    public void LargerErrorsAreWorse()
    {
        var report = Judge(Window(2_000, seed: 7, factor: 1.6));
        Assert.Equal(PerformanceVerdict.Degraded, report.Verdict);
        Assert.StartsWith("mean absolute error has grown to ", report.Sentence(), StringComparison.Ordinal);
        Assert.Contains("; labels of 2,000 of 2,000 rows (100 %); estimated without labels ", report.Sentence(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ARiseBelowTheMarginIsNoneHoweverSure() => Assert.Equal(
        PerformanceVerdict.Fine, Judge(Window(200_000, seed: 7, factor: 1.1)).Verdict);

    [Fact]
    public void TooFewLabelsSayNothing()
    {
        var few = Judge(Window(2_000, seed: 7, factor: 1, labelled: 60));
        Assert.Equal(PerformanceVerdict.NotEnoughData, few.Verdict);
        Assert.StartsWith(
            "mean absolute error is not known: labels of 60 of 2,000 rows (3 %), it takes about ", few.Sentence(),
            StringComparison.Ordinal);
        // Enough in number, and only the first to arrive.
        Assert.Equal(
            PerformanceVerdict.NotEnoughData, Judge(Window(20_000, seed: 7, factor: 1, labelled: 5_000)).Verdict);
        Assert.Equal(PerformanceVerdict.Fine, Judge(Window(20_000, seed: 7, factor: 1, labelled: 12_000)).Verdict);
    }

    // Errors here vary as much as they are large: a hundred labels cannot show a rise by a fifth.
    [Fact]
    public void LabelsThatCouldNotShowARiseAreTooFew()
    {
        var report = Judge(Window(100, seed: 3, factor: 1));
        Assert.Equal(PerformanceVerdict.NotEnoughData, report.Verdict);
        Assert.InRange(report.LabelsNeeded, 101, 400);
    }

    [Fact]
    public void APredictionThatIsNoNumberIsWorse()
    {
        var counter = new ErrorCounter(Held);
        foreach (var (score, label) in Rows(1_000, seed: 2, factor: 1))
            counter.Add([score], label);
        counter.Add([float.NaN], 5);
        var report = Judge(counter.ToTally());
        Assert.Equal(PerformanceVerdict.Degraded, report.Verdict);
        Assert.Equal(
            new MetricValue.Missing("1 of 1,001 rows with a label have no finite error"), report.Measured.Mean);
        Assert.Equal(new MetricValue.Missing("1 of 1,001 predictions are not finite"), report.Estimated.Mean);
        Assert.Matches(
            @"^mean absolute error cannot be told: 1 of 1,001 predictions are not finite; on held-out rows [0-9.]+ "
            + @"\([0-9.]+ to [0-9.]+\); labels of 1,001 of 1,001 rows \(100 %\)\.$", report.Sentence());
    }

    [Fact]
    public void WhyAnErrorCannotBeToldIsSaidOfWhereItLies()
    {
        // No label is waited for.
        var counter = new ErrorCounter(Held);
        counter.Add([float.NaN], double.NaN);
        var unasked = Judge(counter.ToTally(), isAsked: false);
        Assert.Equal(PerformanceVerdict.Degraded, unasked.Verdict);
        Assert.StartsWith(
            "mean absolute error cannot be told: 1 of 1 predictions are not finite; ", unasked.Sentence(),
            StringComparison.Ordinal);
        // A label of no class.
        var held = new ErrorProfileBuilder(LearningTaskKind.Binary);
        held.Add(1, [0.5]);
        counter = new ErrorCounter(held.Build());
        counter.Add([0.5], 2);
        Assert.StartsWith(
            "Brier score cannot be told: 1 of 1 rows with a label have no finite error; ",
            PerformanceReport.Of(held.Build(), counter.ToTally(), new(), isAsked: true).Sentence(),
            StringComparison.Ordinal);
        held.Add(2, [0.5]);
        Assert.StartsWith(
            "Brier score cannot be told: 1 of 2 held-out rows have no finite error; ",
            PerformanceReport.Of(held.Build(), ErrorTally.None(held.Build()), new(), isAsked: false).Sentence(),
            StringComparison.Ordinal);
        Assert.Null(Judge(Window(2_000, seed: 7, factor: 1.6)).NonFinite);
    }

    // The likeliest class is chosen among the others.
    [Fact]
    public void AProbabilityOfAnyClassThatIsNoNumberIsNoPrediction()
    {
        var held = new ErrorProfileBuilder(LearningTaskKind.Multiclass);
        held.Add(0, [0.7, 0.2, 0.1]);
        var counter = new ErrorCounter(held.Build());
        counter.Add([0.7, double.NaN, 0.3], double.NaN);
        counter.Add([double.NaN, 0.7, 0.3], double.NaN);
        counter.Add([0.7, 0.2, 0.1], double.NaN);
        Assert.Equal(2, counter.ToTally().NonFinite);
        Assert.Equal(
            double.NaN, PredictionError.Predicted(LearningTaskKind.Multiclass, [0.7, double.NaN, 0.3]));
    }

    // Other rows of the same kind: the larger the prediction the larger the error.
    [Fact]
    public void TheEstimateKnowsThatOtherRowsCome()
    {
        var counter = new ErrorCounter(Held);
        var errors = new SumCounter();
        foreach (var (score, label) in Rows(40_000, seed: 5, factor: 1).Where(row => row.Score > 30))
        {
            counter.Add([score], double.NaN);
            errors.Add(Math.Abs(score - label));
        }
        var report = Judge(counter.ToTally(), isAsked: false);
        Assert.Equal(PerformanceVerdict.NotAsked, report.Verdict);
        Assert.InRange(errors.ToTally().Mean, Number(report.Estimated.Low), Number(report.Estimated.High));
        Assert.True(Number(report.Estimated.Mean) > 1.3 * Number(report.Reference.Mean));
        Assert.Equal(new MetricValue.Missing("there are no rows with a label"), report.Measured.Mean);
    }

    // The interval is one of 95 %: of a mean that is a little apart each time.
    [Fact]
    public void TheEstimateHoldsTheTruthAsOftenAsItSays()
    {
        var inside = 0;
        for (var draw = 0; draw < 200; draw++)
        {
            var window = Window(1_000, seed: 500 + draw, factor: 1);
            var report = Judge(window);
            inside += window.Errors.Mean >= Number(report.Estimated.Low)
                && window.Errors.Mean <= Number(report.Estimated.High) ? 1 : 0;
        }
        Assert.InRange(inside, 180, 199);
    }

    // Of calibrated probabilities: as CBPE, with the calibration that the held-out rows show.
    [Fact]
    public void OfProbabilitiesTheBrierScoreIsEstimated()
    {
        var random = new Random(4);
        var builder = new ErrorProfileBuilder(LearningTaskKind.Binary);
        for (var row = 0; row < 20_000; row++)
        {
            var p = random.NextDouble();
            builder.Add(random.NextDouble() < p ? 1 : 0, [(float)p]);
        }
        var held = builder.Build();
        var counter = new ErrorCounter(held);
        for (var row = 0; row < 20_000; row++)
            counter.Add([(float)(0.4 + (0.2 * random.NextDouble()))], double.NaN);
        var report = PerformanceReport.Of(held, counter.ToTally(), new(), isAsked: false);
        Assert.Equal("Brier score", report.Error);
        Assert.Equal(1 / 6.0, Number(report.Reference.Mean), 0.005);
        // The mean of p (1 - p) over 0.4..0.6.
        Assert.Equal(0.2467, Number(report.Estimated.Mean), 0.005);
    }

    [Fact]
    public void PartsAddUp()
    {
        var rows = Rows(3_000, seed: 6, factor: 1).ToArray();
        var (whole, first, second) = (Count(rows), Count(rows[..1_000]), Count(rows[1_000..]));
        var sum = first.Plus(second);
        Assert.Equal((whole.Rows, whole.Labelled), (sum.Rows, sum.Labelled));
        Assert.Equal(whole.Errors.Mean, sum.Errors.Mean, 1e-9);
        Assert.Equal(whole.Errors.Variance, sum.Errors.Variance, 1e-9);
        Assert.Equal(whole.Levels.ToArray(), sum.Levels.ToArray());
    }

    [Fact]
    public void ClassesAreScoredByAllTheirProbabilities()
    {
        Assert.Equal(0.14, PredictionError.Of(LearningTaskKind.Multiclass, 2, [0.1f, 0.2f, 0.7f]), 1e-6);
        Assert.Equal(2, PredictionError.Predicted(LearningTaskKind.Multiclass, [0.1f, 0.2f, 0.7f]));
        Assert.Equal(double.NaN, PredictionError.Of(LearningTaskKind.Multiclass, 3, [0.1f, 0.2f, 0.7f]));
        Assert.Equal(double.NaN, PredictionError.Of(LearningTaskKind.Binary, 2, [0.1f]));
    }

    [Fact]
    public void OptionsOutOfRangeAreAllNamed() => Assert.Equal(
        "PerformanceOptions: Margin is NaN, expected a finite number above 0; Significance is 0.5, expected above "
        + "0 and below 0.5; MinLabelled is 29, expected at least 30; MinCoverage is 2, expected 0 to 1.",
        Assert.Throws<ArgumentException>(() => new PerformanceOptions
        {
            Margin = double.NaN,
            Significance = 0.5,
            MinLabelled = 29,
            MinCoverage = 2,
        }.Validate()).Message);

    private static PerformanceReport Judge(ErrorTally window, bool isAsked = true) =>
        PerformanceReport.Of(Held, window, new(), isAsked);

    private static ErrorProfile HeldOut(int rows, int seed)
    {
        var builder = new ErrorProfileBuilder(LearningTaskKind.Regression);
        foreach (var (score, label) in Rows(rows, seed, factor: 1))
            builder.Add(label, [score]);
        return builder.Build();
    }

    private static ErrorTally Window(int rows, int seed, double factor, int? labelled = null) =>
        Count([.. Rows(rows, seed, factor).Select((row, i) =>
            i < (labelled ?? rows) ? row : (row.Score, double.NaN))]);

    private static ErrorTally Count(IEnumerable<(float Score, double Label)> rows)
    {
        var counter = new ErrorCounter(Held);
        foreach (var (score, label) in rows)
            counter.Add([score], label);
        return counter.ToTally();
    }

    // Predictions from 5 to 50, errors of about a tenth of them on both sides.
    private static IEnumerable<(float Score, double Label)> Rows(int rows, int seed, double factor)
    {
        var random = new Random(seed);
        for (var row = 0; row < rows; row++)
        {
            var score = 5 + (45 * Math.Pow(random.NextDouble(), 2));
            var error = -Math.Log(1 - random.NextDouble()) * score / 10 * (random.Next(2) == 0 ? -1 : 1);
            yield return ((float)score, score + (factor * error));
        }
    }

    private static double Number(MetricValue value) => Assert.IsType<MetricValue.Value>(value).Number;
}
