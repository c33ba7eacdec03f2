using System.Globalization;
using MLBuild.Learning.Features;
using MLBuild.Learning.Leakage;
using MLBuild.Learning.Rows;

namespace MLBuild.Learning.Tests.Leakage;

/// <summary>A feature that tells the label by itself is found; honest ones are not.</summary>
public sealed class FindingLabelLeaks
{
    private const int Rows = 5_000;

    [Fact]
    public void HonestFeaturesAreNone()
    {
        var leaks = Look(FeatureKind.Numeric, (x, noise, i) => x + (0.5 * noise), (x, _) => x);
        Assert.Equal(LeakVerdict.None, leaks.Verdict);
        Assert.InRange(leaks.Told!.Value, 0.6, 0.95);
        Assert.False(leaks.IsCopy);
    }

    [Fact]
    public void NoiseTellsNothing() =>
        Assert.InRange(Look(FeatureKind.Numeric, (_, noise, _) => noise, (x, _) => x).Told!.Value, -0.05, 0.05);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-2.5, 7)]
    public void ACopyIsFoundWhateverItsUnit(double slope, double start)
    {
        var leaks = Look(FeatureKind.Numeric, (x, _, i) => i % 50 == 0 ? double.NaN : (x - start) / slope, (x, _) => x);
        Assert.True(leaks.IsCopy);
        Assert.Equal(LeakVerdict.Fail, leaks.Verdict);
    }

    // Where the label is 0, all that is lost is the rounding of the rows that make the line.
    [Fact]
    public void ACopyIsFoundWhereLabelsAreZero() => Assert.True(Look(
        FeatureKind.Numeric, (x, _, i) => i % 20 == 0 ? 0 : x, (x, i) => i % 20 == 0 ? 0 : x + 1e-9).IsCopy);

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void ACopyIsFoundAmongFewRows(int rows, bool isFound)
    {
        var leaks = new LabelLeaks(new([new("x", FeatureKind.Numeric)]));
        for (var i = 0; i < rows; i++)
            leaks.Add([i], 3 + (2 * i), RowKey.Of(i.ToString(CultureInfo.InvariantCulture)));
        var found = leaks.Complete(new());
        Assert.False(found.IsEnough);
        Assert.Equal(
            new("x", null, isFound, isFound ? LeakVerdict.Fail : LeakVerdict.None), found.Features.Single());
    }

    [Fact]
    public void RowsInAnyOrderGiveTheSameAlsoWhereNotAllAreLookedAt()
    {
        var random = new Random(11);
        var rows = Enumerable.Range(0, 120_000).Select(i => (X: random.NextSingle(), Noise: random.NextSingle(),
            Key: RowKey.Of(i.ToString(CultureInfo.InvariantCulture)))).ToArray();
        var first = Look();
        random.Shuffle(rows);
        var second = Look();
        Assert.InRange(first.Rows, 25_000, 50_000);
        Assert.Equal((first.Rows, first.Features.Single()), (second.Rows, second.Features.Single()));

        LabelLeakage Look()
        {
            var leaks = new LabelLeaks(new([new("x", FeatureKind.Numeric)]));
            foreach (var (x, noise, key) in rows)
                leaks.Add([x + noise], x, key);
            return leaks.Complete(new());
        }
    }

    [Fact]
    public void ARowInHundredThatIsNoCopyIsNoCopy() => Assert.False(
        Look(FeatureKind.Numeric, (x, noise, i) => i % 100 == 0 ? noise + 3 : x, (x, _) => x).IsCopy);

    [Fact]
    public void AnIncreasingFunctionOfTheLabelIsFoundAmongExtremeLabels()
    {
        var leaks = Look(FeatureKind.Numeric, (x, _, _) => x, (x, i) => i % 1000 == 0 ? 1e9 : Math.Exp(9 * x));
        Assert.Equal(LeakVerdict.Fail, leaks.Verdict);
        Assert.InRange(leaks.Told!.Value, 0.99, 1);
        Assert.False(leaks.IsCopy);
    }

    [Fact]
    public void AFunctionThatRisesAndFallsIsFound() => Assert.Equal(LeakVerdict.Fail,
        Look(FeatureKind.Numeric, (x, _, _) => x, (x, _) => Math.Abs(x - 0.5)).Verdict);

    [Fact]
    public void ACategoryOfTheLabelIsFoundAndOneOfTheRowIsNot()
    {
        Assert.Equal(LeakVerdict.Fail,
            Look(FeatureKind.Categorical, (x, _, _) => Math.Floor(x * 7) * 13 % 7, (x, _) => Math.Floor(x * 7))
                .Verdict);
        // A number of its own for each row: within the row's own fifth it would tell all.
        Assert.InRange(Look(FeatureKind.Categorical, (_, _, i) => i, (x, _) => x).Told!.Value, -0.05, 0.05);
    }

    [Fact]
    public void BetweenTheLimitsIsAWarning()
    {
        var leaks = Look(FeatureKind.Numeric, (x, noise, _) => x + (0.17 * noise), (x, _) => x);
        Assert.InRange(leaks.Told!.Value, 0.95, 0.99);
        Assert.Equal(LeakVerdict.Warn, leaks.Verdict);
    }

    [Fact]
    public void AConstantTellsNothing()
    {
        Assert.Null(Look(FeatureKind.Numeric, (x, _, _) => x, (_, _) => 1).Told);
        Assert.Equal(LeakVerdict.None, Look(FeatureKind.Numeric, (_, _, _) => 1, (x, _) => x).Verdict);
    }

    [Fact]
    public void LimitsOutOfRangeAreNamedTogether() => Assert.Equal(
        "WarnSingleFeature is NaN, expected 0..1; MaxTwinShare is -1, expected 0..1.",
        Assert.Throws<ArgumentException>(
            () => new LeakageLimits { WarnSingleFeature = double.NaN, MaxTwinShare = -1 }.Validate()).Message);

    [Fact]
    public void ALimitThatEndsTheBuildBeforeItIsSaidIsRefused() => Assert.Equal(
        "WarnSingleFeature is 0.95, expected at most FailSingleFeature, 0.5.",
        Assert.Throws<ArgumentException>(() => new LeakageLimits { FailSingleFeature = 0.5 }.Validate()).Message);

    /// <param name="feature">Of a number that makes the label, of noise, and of the row's position.</param>
    private static LabelLeak Look(
        FeatureKind kind, Func<double, double, int, double> feature, Func<double, int, double> label)
    {
        var random = new Random(7);
        var leaks = new LabelLeaks(new([new("x", kind)]));
        for (var i = 0; i < Rows; i++)
        {
            var (x, noise) = ((double)random.NextSingle(), random.NextDouble() - 0.5);
            leaks.Add([(float)feature(x, noise, i)], label(x, i), RowKey.Of(i.ToString(CultureInfo.InvariantCulture)));
        }
        return leaks.Complete(new()).Features.Single();
    }
}
