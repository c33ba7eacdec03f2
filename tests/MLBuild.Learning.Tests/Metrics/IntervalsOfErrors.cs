using MLBuild.Learning.Metrics;
using MLBuild.Learning.Tests.Gates;
using MLBuild.Learning.Tests.Statistics;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>How sure the errors of a regression are.</summary>
public sealed class IntervalsOfErrors
{
    private static readonly BootstrapOptions Options = new() { Resamples = 999 };

    private static RegressionAccumulator Of(IEnumerable<double> errors, BootstrapOptions? options = null)
    {
        var metrics = new RegressionAccumulator(options ?? Options);
        foreach (var error in errors)
            metrics.Add(actual: 100, predicted: 100 + error);
        return metrics;
    }

    private static IEnumerable<double> Normals(int count, ulong seed)
    {
        var draws = new SeededDraws(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 3 * draws.Normal())];
    }

    [Fact]
    public void FewRowsAreBootstrappedAndManyAreNot()
    {
        Assert.Equal(IntervalMethod.Bootstrap, Of(Normals(2_000, 1)).ToIntervals()!.Mae.Method);
        Assert.Equal(IntervalMethod.Normal, Of(Normals(2_001, 1)).ToIntervals()!.Mae.Method);
    }

    [Fact]
    public void NormalEndsAreThoseOfTheTextbook()
    {
        // Errors 3 and 5 in turn: squares 9 and 25 have the mean 17 and the variance 64 n / (n - 1).
        var intervals = Of(Enumerable.Range(0, 4_000).Select(i => i % 2 == 0 ? 3.0 : -5)).ToIntervals()!;
        var reach = 1.959963984540054 * Math.Sqrt(64.0 / 3_999);
        Near.Equal(Math.Sqrt(17 - reach), Number(intervals.Rmse.Low));
        Near.Equal(Math.Sqrt(17 + reach), Number(intervals.Rmse.High));
        Near.Equal(4 - (reach / 8), Number(intervals.Mae.Low));
        Near.Equal(4 + (reach / 8), Number(intervals.Mae.High));
        Assert.Equal((IntervalMethod.Normal, 0.95), (intervals.Rmse.Method, intervals.Rmse.Confidence));
    }

    [Fact]
    public void BothMethodsSayTheSameOfManyRows()
    {
        var errors = Normals(2_000, 2).ToArray();
        var (few, many) = (Of(errors).ToIntervals()!, Of([.. errors, .. errors]).ToIntervals()!);
        // Twice the rows, an interval that is narrower by the root of 2.
        var (wide, narrow) = (Number(few.Rmse.High) - Number(few.Rmse.Low),
            Number(many.Rmse.High) - Number(many.Rmse.Low));
        Assert.InRange(wide / narrow, 1.3, 1.55);
    }

    [Theory]
    [InlineData(100, 0.88)]
    [InlineData(2_500, 0.93)]
    public void IntervalsHoldTheTrueErrorAboutAsOftenAsTheySay(int rows, double least)
    {
        var held = Enumerable.Range(0, 200).Count(i =>
        {
            var interval = Of(Normals(rows, (ulong)i + 7)).ToIntervals()!.Rmse;
            return Number(interval.Low) <= 3 && 3 <= Number(interval.High);
        });
        Assert.InRange(held / 200.0, least, 0.995);
    }

    [Fact]
    public void SeedDecidesTheResamples()
    {
        var errors = Normals(500, 3).ToArray();
        Assert.Equal(Of(errors).ToIntervals(), Of(errors).ToIntervals());
        Assert.NotEqual(
            Of(errors).ToIntervals(), Of(errors, Options with { Seed = 2 }).ToIntervals());
    }

    [Fact]
    public void FewRowsHaveNone()
    {
        var interval = Of(Normals(29, 1)).ToIntervals()!.Rmse;
        Assert.Equal(
            new MetricValue.Missing("29 rows are too few for an interval, which needs 30"), interval.Low);
        Assert.IsType<MetricValue.Value>(Of(Normals(30, 1)).ToIntervals()!.Rmse.Low);
    }

    [Fact]
    public void ARowThatIsNotFiniteLeavesNone() => Assert.Equal(
        new MetricValue.Missing("1 of 101 rows have a value that is not finite"),
        Of([.. Normals(100, 1), double.NaN]).ToIntervals()!.Mae.High);

    [Fact]
    public void NobodyWhoDoesNotAskGetsSome() => Assert.Null(new RegressionAccumulator().ToIntervals());

    [Fact]
    public void OptionsOutOfRangeAreNamed() => Assert.StartsWith(
        "Confidence is 2; expected",
        Assert.Throws<ArgumentException>(() => new RegressionAccumulator(new() { Confidence = 2 })).Message);

    private static double Number(MetricValue value) => Assert.IsType<MetricValue.Value>(value).Number;
}
