using System.Globalization;
using MLBuild.Learning.Drift;
using MLBuild.Learning.Statistics;
using Xunit.Abstractions;

namespace MLBuild.Learning.Tests.Drift;

/// <summary>How often draws from the reference itself raise an alarm, over fifteen features of which some depend on
/// each other, and how often a shift is found.</summary>
/// <remarks><c>MLBUILD_SOAK=1000</c> makes a thousand draws of each kind and holds them to the promise; fewer are held
/// to what a thousand leave to chance.</remarks>
public sealed class AlarmingOnTheReferenceItself(ITestOutputHelper output)
{
    private const int ReferenceRows = 40_000;
    private const int Numbers = 11;
    private const int Shifted = 0;

    private static readonly int Draws =
        int.TryParse(Environment.GetEnvironmentVariable("MLBUILD_SOAK"), CultureInfo.InvariantCulture, out var many)
            ? many
            : 20;

    private static readonly Trip[] Population = Trip.Draw(ReferenceRows, seed: 1);
    private static readonly FeatureProfile[] Profiles = Profile();

    [Theory]
    [InlineData(200)]
    [InlineData(2_000)]
    [InlineData(20_000)]
    public void IsRare(int rows)
    {
        var (alarms, notClear) = (0, 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            switch (Compare(rows, seed: 1000 + draw, shift: 0).Verdict)
            {
                case DriftVerdict.Drift:
                    alarms++;
                    break;
                case DriftVerdict.NotEnoughData:
                    notClear++;
                    break;
            }
        }
        output.WriteLine($"{alarms} of {Draws} draws of {rows} rows alarm, {notClear} are too few to say");
        Assert.True(alarms <= 0.05 * Draws, $"{alarms} of {Draws} draws of {rows} rows alarm.");
        Assert.True(notClear == 0, $"{notClear} of {Draws} draws of {rows} rows are too few to say.");
    }

    [Fact]
    public void DoesNotHideHalfAStandardDeviation()
    {
        var missed = Enumerable.Range(0, Draws).Count(draw =>
            Compare(2_000, seed: 9000 + draw, shift: 0.5).Features[Shifted].Verdict != DriftVerdict.Drift);
        output.WriteLine($"{missed} of {Draws} shifts were missed");
        Assert.True(missed < 0.01 * Draws, $"{missed} of {Draws} shifts were missed.");
    }

    // Significant for certain, and too small to matter: one feature by a tenth of a standard deviation.
    [Fact]
    public void DoesNotComeFromManyRowsAlone()
    {
        var report = Compare(1_000_000, seed: 5, shift: 0.1);
        var shifted = Assert.IsType<FeatureDrift.Measured>(report.Features[Shifted]);
        Assert.True(shifted.AdjustedPValue < 1e-6, shifted.Sentence());
        Assert.Equal(DriftVerdict.None, report.Verdict);
    }

    private static DriftReport Compare(int rows, ulong seed, double shift)
    {
        var random = new SplitMix64(seed);
        var counters = Profiles.Select(profile => profile.NewCounter()).ToArray();
        for (var row = 0; row < rows; row++)
        {
            var trip = Population[random.Below(Population.Length)];
            for (var i = 0; i < Numbers; i++)
                ((NumericBinCounter)counters[i]).Add(trip.Numbers[i] + (i == Shifted ? shift : 0));
            for (var i = Numbers; i < counters.Length; i++)
                ((CategoricalBinCounter)counters[i]).Add(trip.Categories[i - Numbers]);
        }
        return DriftReport.Compare(counters, new());
    }

    private static DriftReport Compare(int rows, int seed, double shift) => Compare(rows, (ulong)seed, shift);

    private static FeatureProfile[] Profile()
    {
        var profiles = new List<FeatureProfile>();
        for (var i = 0; i < Numbers; i++)
        {
            var feature = i;
            profiles.Add(Samples.Numbers($"number{i}", Population.Select(trip => trip.Numbers[feature])));
        }
        for (var i = 0; i < Population[0].Categories.Length; i++)
        {
            var feature = i;
            profiles.Add(Samples.Categories($"category{i}", Population.Select(trip => trip.Categories[feature])));
        }
        return [.. profiles];
    }

    /// <summary>Eleven numbers, the first with mean 0 and deviation 1, and four categories: few, many, two, with
    /// nulls.</summary>
    private sealed record Trip(double?[] Numbers, string?[] Categories)
    {
        public static Trip[] Draw(int count, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ => One(random))];
        }

        private static Trip One(Random random)
        {
            var (normal, other) = (Normal(random), Normal(random));
            var distance = Math.Exp(0.8 * other);
            var hour = Math.Floor(24 * Math.Pow(random.NextDouble(), 0.7));
            var zone = (int)(250 * Math.Pow(random.NextDouble(), 2));
            return new(
                [
                    normal, other, distance, distance + (0.2 * normal), hour, (hour * 60) + random.Next(60), zone,
                    random.Next(20) == 0 ? 1 : 0, random.NextDouble(), -Math.Log(1 - random.NextDouble()),
                    random.Next(33) == 0 ? null : random.Next(1, 7),
                ],
                [
                    $"{hour % 7}", $"{zone}", random.Next(10) < 7 ? "card" : "cash",
                    random.Next(33) == 0 ? null : $"{random.Next(1, 4)}",
                ]);
        }

        private static double Normal(Random random) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
