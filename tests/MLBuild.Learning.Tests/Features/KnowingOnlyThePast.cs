using MLBuild.Learning.Features;

namespace MLBuild.Learning.Tests.Features;

/// <summary>A feature over history sees what had happened and had arrived before the moment of prediction, and nothing
/// else.</summary>
public sealed class KnowingOnlyThePast
{
    private static readonly TimeSpan?[] Windows = [TimeSpan.FromHours(5), TimeSpan.FromDays(7), null];

    private static readonly FeatureSet<Fare> Set = Windows.Aggregate(new FeatureSet<Fare>(), (set, over) =>
        Enum.GetValues<Aggregation>().Aggregate(set, (longer, of) =>
            longer.Aggregate($"{of} over {over}", Fare.ByZone, of, over)));

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 400)]
    [InlineData(3, 4_000)]
    [InlineData(4, 1_000)]
    public void EveryValueIsThatOfReadingTheWholeHistory(int seed, int count)
    {
        var random = new Random(seed);
        var rows = Fare.Some(random, count);
        var fitted = Fare.Fit(Set, rows);
        foreach (var row in rows.Where((_, i) => i % (count / 30) == 0).Concat(Fare.Some(random, 100, firstId: 9_000)))
        {
            var expected = Bits(Windows.SelectMany(over => BruteForce(rows, row, over)));
            Assert.Equal(expected, Bits(Others(fitted, row)));
            Assert.Equal(expected, Bits(Training(fitted, row)));
        }
    }

    // More than 64 x 64 events, so that there are blocks of blocks.
    [Fact]
    public void OneKeyOfManyRowsToo()
    {
        var random = new Random(8);
        var rows = Fare.Some(random, 10_000).Select(row => row with { Zone = "z1" }).ToArray();
        var fitted = Fare.Fit(Set, rows);
        foreach (var row in rows[..30].Concat(Fare.Some(random, 30, firstId: 20_000))
            .Concat([rows[0] with { At = Fare.Start.AddDays(90) }]))
            Assert.Equal(Bits(Windows.SelectMany(over => BruteForce(rows, row, over))), Bits(Others(fitted, row)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void LaterAndLateRowsChangeNoEarlierValue(int seed)
    {
        var random = new Random(seed);
        var rows = Fare.Some(random, 1_000);
        var before = Fare.Fit(Set, rows);
        for (var round = 0; round < 20; round++)
        {
            var row = rows[random.Next(rows.Length)];
            // Of the future; known in the future; of this very moment; known at this very moment.
            Fare[] unknown =
            [
                .. Fare.Some(random, 200, firstId: 10_000).SelectMany(other => (Fare[])
                [
                    other with { At = row.At.AddHours(1 + random.Next(99)), KnownAt = row.At.AddHours(-1) },
                    other with { KnownAt = row.At.AddHours(random.Next(99)) },
                    other with { At = row.At, KnownAt = row.At.AddHours(-1) },
                    other with { At = row.At.AddHours(-1), KnownAt = row.At },
                    other with { At = row.At.AddHours(-1), KnownAt = null },
                ]),
            ];
            var after = Fare.Fit(Set, rows.Concat(unknown));
            Assert.Equal(Bits(Training(before, row)), Bits(Training(after, row)));
            Assert.Equal(Bits(Others(before, row)), Bits(Others(after, row)));
            // The same rows known in time do change it: the comparison above can fail.
            var known = unknown.Select(other => other with
            {
                Zone = "z1",
                Price = 1e6,
                At = row.At.AddHours(-1),
                KnownAt = row.At.AddTicks(-1),
            });
            var asking = row with { Zone = "z1" };
            Assert.NotEqual(
                Bits(Others(before, asking)), Bits(Others(Fare.Fit(Set, rows.Concat(known)), asking)));
        }
    }

    [Fact]
    public void TheOldestMomentOfAWindowCountsAndTheNewestDoesNot()
    {
        var set = new FeatureSet<Fare>().Aggregate("fares", Fare.ByZone, Aggregation.Count, TimeSpan.FromHours(5));
        var fitted = Fare.Fit(set,
        [
            At(-5.01), At(-5), At(-1), At(-0.0), At(1), At(-1) with { KnownAt = Fare.Start },
            At(-1) with { KnownAt = Fare.Start.AddTicks(-1) },
        ]);
        var values = new float[1];
        fitted.Others.Compute(At(0), values);
        Assert.Equal(3f, values[0]);

        static Fare At(double hours) => new(1, "z", 1, Fare.Start.AddHours(hours), Fare.Start.AddHours(-9));
    }

    [Fact]
    public void AWindowRunsDryAfterTheHistoryEnds()
    {
        var set = new FeatureSet<Fare>()
            .Aggregate("day", Fare.ByZone, Aggregation.Mean, TimeSpan.FromDays(1))
            .Aggregate("ever", Fare.ByZone, Aggregation.Mean);
        var fitted = Fare.Fit(set, [new(1, "z", 8, Fare.Start, Fare.Start)]);
        Assert.Equal(Fare.Start, fitted.State.HistoryUntil);
        Assert.Equal([8f, 8f], After(hours: 1));
        Assert.Equal([float.NaN, 8f], After(hours: 25));

        float[] After(int hours)
        {
            var values = new float[2];
            fitted.Others.Compute(new(2, "z", null, Fare.Start.AddHours(hours), null), values);
            return values;
        }
    }

    // The values are eighths, so sums of them are exact in any order.
    private static IEnumerable<float> BruteForce(Fare[] rows, Fare row, TimeSpan? over)
    {
        if (row.Zone is null)
            return Enum.GetValues<Aggregation>().Select(_ => float.NaN);
        var known = rows.Where(other => other.Zone == row.Zone && other.Price is not null
            && other.At < row.At && other.KnownAt < row.At
            && (over is null || other.At >= row.At - over)).Select(other => other.Price!.Value).ToArray();
        return Enum.GetValues<Aggregation>().Select(of => of switch
        {
            Aggregation.Count => known.Length,
            Aggregation.Sum => (float)known.Sum(),
            _ when known.Length == 0 => float.NaN,
            Aggregation.Mean => (float)(known.Sum() / known.Length),
            Aggregation.Min => (float)known.Min(),
            _ => (float)known.Max(),
        });
    }

    private static float[] Others(FittedFeatures<Fare> fitted, Fare row)
    {
        var values = new float[Set.Width];
        fitted.Others.Compute(row, values);
        return values;
    }

    private static float[] Training(FittedFeatures<Fare> fitted, Fare row)
    {
        var values = new float[Set.Width];
        fitted.ComputeTraining(row, row.Key, values);
        return values;
    }

    private static int[] Bits(IEnumerable<float> values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
