using MLBuild.Learning.Features;

namespace MLBuild.Learning.Tests.Features;

/// <summary>Features that training rows tell of, and what they say for rows that were and were not among
/// them.</summary>
public sealed class FittingFeatures
{
    private static readonly FeatureSet<Fare> Set = new FeatureSet<Fare>()
        .Encoded("zone_price", fare => fare.Zone, fare => fare.Price, smoothing: 2)
        .Frequency("zone_share", fare => fare.Zone)
        .Aggregate("zone_fares", Fare.ByZone, Aggregation.Count);

    private static readonly Fare[] Rows =
    [
        Of(1, "a", 10), Of(2, "a", 20), Of(3, "a", 60), Of(4, "b", 100), Of(5, "b", null), Of(6, null, 1000),
    ];

    [Fact]
    public void AnEncodingIsTheMeanOfItsCategoryDrawnToTheMeanOfAll()
    {
        var fitted = Fare.Fit(Set, Rows).Others;
        // The mean of all four that have a zone and a price is 47.5.
        Assert.Equal((float)((90 + (2 * 47.5)) / 5), Values(fitted, Of(9, "a", null))[0]);
        Assert.Equal((float)((100 + (2 * 47.5)) / 3), Values(fitted, Of(9, "b", null))[0]);
        Assert.Equal(47.5f, Values(fitted, Of(9, "never seen", null))[0]);
        Assert.Equal(float.NaN, Values(fitted, Of(9, null, null))[0]);
    }

    [Fact]
    public void AFrequencyIsTheShareOfTrainingRows()
    {
        var fitted = Fare.Fit(Set, Rows).Others;
        Assert.Equal([0.6f, 0.4f, 0f, float.NaN],
            ((string?[])["a", "b", "never seen", null]).Select(zone => Values(fitted, Of(9, zone, 1))[1]));
    }

    [Fact]
    public void ATrainingRowIsEncodedWithoutItsFold()
    {
        var rows = Enumerable.Range(0, 400).Select(i => Of(i, $"z{i % 3}", i % 7)).ToArray();
        var fitted = Fare.Fit(Set, rows);
        foreach (var row in rows)
        {
            var others = rows.Where(other => other.Key.Value % 5 != row.Key.Value % 5).ToArray();
            var prior = others.Sum(other => other.Price!.Value) / others.Length;
            var same = others.Where(other => other.Zone == row.Zone).ToArray();
            Assert.Equal(
                (float)((same.Sum(other => other.Price!.Value) + (2 * prior)) / (same.Length + 2)),
                Training(fitted, row)[0]);
        }
    }

    [Fact]
    public void ItsOwnLabelHasNoPartInATrainingRow()
    {
        var rows = Fare.Some(new Random(1), 300);
        for (var i = 0; i < rows.Length; i += 10)
        {
            var other = rows.ToArray();
            other[i] = rows[i] with { Price = 1e6 };
            Assert.Equal(Training(Fare.Fit(Set, rows), rows[i]), Training(Fare.Fit(Set, other), other[i]));
        }
    }

    [Fact]
    public void ACopyWithAnotherLabelTellsNothingEither()
    {
        var rows = Fare.Some(new Random(2), 300);
        var row = rows[7] with { Zone = "z1", Price = 50 };
        Assert.Equal(
            Training(Fare.Fit(Set, [.. rows[..7], row]), row)[0],
            Training(Fare.Fit(Set, [.. rows[..7], row, row with { Price = 1e6 }]), row)[0]);
    }

    [Fact]
    public void EqualRowsInAnyOrderGiveEqualBytes()
    {
        var random = new Random(3);
        var rows = Fare.Some(random, 2_000).Select(row => row with { Price = row.Price / 3 }).ToArray();
        var bytes = Bytes(Fare.Fit(Set, rows).State);
        for (var round = 0; round < 5; round++)
        {
            random.Shuffle(rows);
            Assert.Equal(bytes, Bytes(Fare.Fit(Set, rows).State));
        }
        Assert.NotEqual(bytes, Bytes(Fare.Fit(Set, rows[1..]).State));
    }

    [Fact]
    public void AStateReadsBackToTheSameBytesAndValues()
    {
        var rows = Fare.Some(new Random(4), 1_000);
        var fitted = Fare.Fit(Set, rows);
        var state = Read(Bytes(fitted.State));
        Assert.Equal(Bytes(fitted.State), Bytes(state));
        Assert.Equal(["fares", "zone_price", "zone_share"], state.Names);
        Assert.Equal(fitted.State.HistoryUntil, state.HistoryUntil);
        var read = Set.Using(state);
        foreach (var row in Fare.Some(new Random(5), 500, firstId: 5_000))
            Assert.Equal(Bits(Values(fitted.Others, row)), Bits(Values(read, row)));
    }

    [Fact]
    public void BytesThatAreNoStateAreRefused()
    {
        Assert.Equal("These bytes are no state of features.",
            Assert.Throws<FormatException>(() => Read([3, 65, 66, 67])).Message);
        var bytes = Bytes(Fare.Fit(Set, Fare.Some(new Random(6), 50)).State);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<FormatException>(() => Read(bytes[..length]));
        Assert.Equal("These bytes are no state of features: there are too many.",
            Assert.Throws<FormatException>(() => Read([.. bytes, 0])).Message);
    }

    // Without looking at it first, there would be room made for all of them.
    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void ANumberOfEventsThatCannotBeIsRefused(int count)
    {
        var one = new FeatureSet<Fare>().Aggregate("x", Fare.ByZone, Aggregation.Count);
        var bytes = Bytes(Fare.Fit(one, [Of(1, "a", 1)]).State);
        // Before the one event of the one list.
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 28), count);
        Assert.Equal($"These bytes are no state of features: {count} things are to come in 24 bytes.",
            Assert.Throws<FormatException>(() => Read(bytes)).Message);
    }

    [Fact]
    public void FeaturesWithoutTrainingRowsAreRefused()
    {
        var set = new FeatureSet<Fare>().Numeric("hour", fare => fare.At.Hour).Frequency("share", fare => fare.Zone);
        Assert.Equal(
            "Feature 'share' needs 'share' of training rows, and the state that came with the model has "
            + "'fares', 'zone_price', 'zone_share'. "
            + "Train again, or use the feature code that the model was trained with.",
            Assert.Throws<FeatureSchemaException>(() => set.Using(Fare.Fit(Set, Rows).State)).Message);
        Assert.Equal(
            "Feature 'share' needs 'share' of training rows, and the state that came with the model has nothing. "
            + "Train again, or use the feature code that the model was trained with.",
            Assert.Throws<FeatureSchemaException>(() => set.Using(FeatureState.None)).Message);
    }

    [Fact]
    public void PlainFeaturesNeedNoState()
    {
        var set = new FeatureSet<Fare>().Numeric("hour", fare => fare.At.Hour);
        Assert.False(set.NeedsFit);
        Assert.Empty(Fare.Fit(set, Rows).State.Names);
        Assert.Equal(Bytes(FeatureState.None), Bytes(Fare.Fit(set, Rows).State));
        Assert.Equal([0f], set.Serve(FeatureState.None, Rows[0]));
    }

    [Fact]
    public void DeclarationsThatCannotBeMeantAreRefused()
    {
        Assert.Equal("Feature 'x' has the smoothing -1, expected 0 or more rows.",
            Refusal(() => Set.Encoded("x", fare => fare.Zone, fare => fare.Price, smoothing: -1)));
        Assert.Equal("Feature 'x' looks back 00:00:00, expected more than zero.",
            Refusal(() => Set.Aggregate("x", Fare.ByZone, Aggregation.Mean, TimeSpan.Zero)));
        Assert.Equal(
            "Two things are fitted under the name 'fares'. Declare a history once and pass it to each of its features, "
            + "and give others names of their own.",
            Refusal(() => Set.Aggregate("x", Fare.ByZone with { }, Aggregation.Mean)));
        Assert.Equal("The history of feature 'x' has no name.",
            Refusal(() => Set.Aggregate("x", Fare.ByZone with { Name = "" }, Aggregation.Mean)));
    }

    [Fact]
    public void NumbersThatCannotBeSummedAreNamed()
    {
        Assert.Equal(
            $"Feature 'zone_price': the target of row {Of(1, "a", 0).Key} is NaN, expected a finite number up to "
            + "1e290. Let it be null for a row that tells nothing.",
            Refusal(() => Fare.Fit(
                new FeatureSet<Fare>().Encoded("zone_price", fare => fare.Zone, fare => fare.Price),
                [Of(1, "a", double.NaN)])));
        Assert.Equal(
            $"History 'fares': the value of row {Of(1, "a", 0).Key} is Infinity, expected a finite number up to "
            + "1e290. Let it be null for a row that tells nothing.",
            Refusal(() => Fare.Fit(
                new FeatureSet<Fare>().Aggregate("x", Fare.ByZone, Aggregation.Sum),
                [Of(1, "a", double.PositiveInfinity)])));
    }

    private static Fare Of(int id, string? zone, double? price) => new(id, zone, price, Fare.Start, Fare.Start);

    private static string Refusal(Func<object> declare) => Assert.Throws<ArgumentException>(declare).Message;

    private static float[] Values(FeatureComputer<Fare> features, Fare row)
    {
        var values = new float[Set.Width];
        features.Compute(row, values);
        return values;
    }

    private static float[] Training(FittedFeatures<Fare> features, Fare row)
    {
        var values = new float[Set.Width];
        features.ComputeTraining(row, row.Key, values);
        return values;
    }

    private static byte[] Bytes(FeatureState state)
    {
        using var bytes = new MemoryStream();
        state.Write(bytes);
        return bytes.ToArray();
    }

    private static FeatureState Read(byte[] bytes) => FeatureState.Read(new MemoryStream(bytes));

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
