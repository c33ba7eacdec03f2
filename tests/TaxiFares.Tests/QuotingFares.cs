using System.Globalization;
using MLBuild.Learning.Features;
using MLBuild.Learning.Rows;

namespace TaxiFares.Tests;

/// <summary>A quote needs the columns that are known when a trip starts, and no others.</summary>
public sealed class QuotingFares
{
    public static TheoryData<string> Columns => [.. RowSchema<TaxiTrip>.Instance.Columns.Select(column => column.Name)];

    [Theory]
    [MemberData(nameof(Columns))]
    public void FeaturesReadTheColumnsKnownAtTheStartAndNoOthers(string name)
    {
        var column = RowSchema<TaxiTrip>.Instance.Find(name)!;
        var changed = column.Use(new Changed(Trips.Good));
        Assert.NotEqual(column.Text(Trips.Good), column.Text(changed));
        Assert.Equal(TaxiModel.KnownAtStart.Contains(name), Features(Trips.Good) != Features(changed));
        if (!TaxiModel.KnownAtStart.Contains(name))
            Assert.Equal(Features(Trips.Good), Features(column.Use(new Absent(Trips.Good))));
    }

    [Fact]
    public void AQuoteWithNothingElseHasTheFeaturesOfTheWholeTrip()
    {
        var quote = new TaxiTrip();
        foreach (var name in TaxiModel.KnownAtStart)
            RowSchema<TaxiTrip>.Instance.Find(name)!.Use(new Copied(Trips.Good, quote));
        Assert.Equal(default, quote.DropoffAt);
        Assert.Equal(0, quote.FareAmount);
        Assert.Equal(Features(Trips.Good), Features(quote));
    }

    [Fact]
    public void FeaturesAreTheseNumbers() => Assert.Equal(
        "trip_distance=3.2 pickup_hour=18 pickup_weekday=4 pickup_minute_of_day=1110 pickup_day=409.77084 " +
        "pickup_zone=161 " +
        "dropoff_zone=236 lower_zone=161 higher_zone=236 same_zone=0 rate_code=1 passengers=1 vendor=2",
        Features(Trips.Good));

    [Fact]
    public void WhatIsUnknownIsNotZero() => Assert.Contains(
        "rate_code=NaN passengers=NaN vendor=NaN",
            Features(Trips.Good with { RateCode = null, PassengerCount = null, VendorId = null }));

    [Theory]
    [InlineData(0, "night")]
    [InlineData(5, "night")]
    [InlineData(6, "morning")]
    [InlineData(9, "morning")]
    [InlineData(10, "midday")]
    [InlineData(15, "midday")]
    [InlineData(16, "evening")]
    [InlineData(19, "evening")]
    [InlineData(20, "late")]
    [InlineData(23, "late")]
    public void AnHourIsInOneBand(int hour, string band) =>
        Assert.Equal(band, Group("hours", Trips.Good with { PickupAt = new(2019, 2, 14, hour, 59, 59) }));

    [Theory]
    [InlineData(1, "standard")]
    [InlineData(2, "jfk")]
    [InlineData(3, "newark")]
    [InlineData(4, "suburbs")]
    [InlineData(5, "negotiated")]
    [InlineData(6, "other")]
    [InlineData(99, "other")]
    [InlineData(null, "other")]
    public void ARateCodeHasAName(int? code, string name) =>
        Assert.Equal(name, Group("rate", Trips.Good with { RateCode = code }));

    [Fact]
    public void TripsAreGroupedByWhereTheyStart() =>
        Assert.Equal("Manhattan", Group("pickup", Trips.Good with { DropoffZone = 132 }));

    private static string Group(string name, TaxiTrip trip) =>
        TaxiModel.Definition.Groups.Single(group => group.Name == name).Of(trip);

    private static string Features(TaxiTrip trip)
    {
        var features = TaxiModel.Features.Serve(FeatureState.None, trip);
        return string.Join(' ',
            TaxiModel.Features.Names.Zip(features, (name, value) =>
                string.Create(CultureInfo.InvariantCulture, $"{name}={value:R}")));
    }

    private sealed class Changed(TaxiTrip trip) : IColumnUser<TaxiTrip, TaxiTrip>
    {
        public TaxiTrip Use<TValue>(Column<TaxiTrip, TValue> column)
        {
            object other = column.Get(trip) switch
            {
                int number => number + 1,
                double number => number + 1.5,
                DateTime time => time.AddMinutes(61),
                string text => text + "x",
                var value => throw new NotSupportedException($"Say how to change {value}."),
            };
            var changed = trip with { };
            column.Set(changed, (TValue)other);
            return changed;
        }
    }

    private sealed class Absent(TaxiTrip trip) : IColumnUser<TaxiTrip, TaxiTrip>
    {
        public TaxiTrip Use<TValue>(Column<TaxiTrip, TValue> column)
        {
            var changed = trip with { };
            column.Set(changed, default!);
            return changed;
        }
    }

    private sealed class Copied(TaxiTrip from, TaxiTrip to) : IColumnUser<TaxiTrip, TaxiTrip>
    {
        public TaxiTrip Use<TValue>(Column<TaxiTrip, TValue> column)
        {
            column.Set(to, column.Get(from));
            return to;
        }
    }
}
