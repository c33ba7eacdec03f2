using System.Globalization;
using MLBuild.Learning.Contracts;

namespace TaxiFares.Tests;

/// <summary>Which trips are set aside, at the edges of each rule, and when the data was drawn.</summary>
public sealed class KeepingTheContract
{
    private static readonly DateTime AsOf = new(2019, 3, 2);

    public static TheoryData<string, Func<TaxiTrip, TaxiTrip>> Broken => new()
    {
        { "pick-up outside the file's month", trip => At(trip, new(2019, 1, 31, 23, 59, 59)) },
        { "pick-up outside the file's month", trip => At(trip, new(2019, 3, 1)) },
        { "time after the data was drawn", trip => trip with { DropoffAt = AsOf.AddSeconds(1) } },
        { "drop-off before pick-up", trip => trip with { DropoffAt = trip.PickupAt.AddSeconds(-1) } },
        { "drop-off at pick-up", trip => trip with { DropoffAt = trip.PickupAt } },
        { "trip over six hours", trip =>
            trip with { DropoffAt = trip.PickupAt.AddHours(6).AddSeconds(1) } },
        { "negative total", trip => trip with { TotalAmount = -0.01 } },
        { "fare under 2.50 or over 250", trip => trip with { FareAmount = 2.49 } },
        { "fare under 2.50 or over 250", trip => trip with { FareAmount = 250.01 } },
        { "fare under 2.50 or over 250", trip => trip with { FareAmount = 1000 } },
        { "fare over 1,000", trip => trip with { FareAmount = 1000.01 } },
        { "no fare", trip => trip with { FareAmount = 0 } },
        { "negative fare", trip => trip with { FareAmount = -14 } },
        { "no distance", trip => trip with { TripDistance = 0 } },
        { "negative distance", trip => trip with { TripDistance = -0.01 } },
        { "distance over 100", trip => trip with { TripDistance = 100.01 } },
        { "zone outside 1..265", trip => trip with { PickupZone = 0 } },
        { "zone outside 1..265", trip => trip with { DropoffZone = 266 } },
    };

    public static TheoryData<Func<TaxiTrip, TaxiTrip>> Kept =>
    [
        trip => trip,
        trip => At(trip, new(2019, 2, 1)),
        trip => At(trip, new(2019, 2, 28, 23, 59, 59)),
        trip => trip with { PickupAt = new(2019, 2, 28, 23, 0, 0), DropoffAt = new(2019, 3, 1, 5, 0, 0) },
        trip => trip with { DropoffAt = trip.PickupAt.AddSeconds(1) },
        trip => trip with { DropoffAt = trip.PickupAt.AddHours(6) },
        trip => trip with { TotalAmount = 0 },
        trip => trip with { FareAmount = 2.5 },
        trip => trip with { FareAmount = 250 },
        trip => trip with { TripDistance = 0.01 },
        trip => trip with { TripDistance = 100 },
        trip => trip with { PickupZone = 1, DropoffZone = 265 },
        trip => trip with { VendorId = null, PassengerCount = null, RateCode = null, StoreAndForward = null,
            PaymentType = null },
        trip => trip with { PassengerCount = 0 },
        trip => trip with { RateCode = 99 },
        trip => trip with { PickupZone = 264, DropoffZone = 265 },
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public void ATripThatBreaksARuleIsSetAside(string rule, Func<TaxiTrip, TaxiTrip> change) =>
        Assert.Equal(new RowOutcome.SetAside(rule), Check(change(Trips.Good)));

    [Theory]
    [MemberData(nameof(Kept))]
    public void ATripThatBreaksNoneIsKept(Func<TaxiTrip, TaxiTrip> change) =>
        Assert.IsType<RowOutcome.Accepted>(Check(change(Trips.Good)));

    [Fact]
    public void AFileThatIsNotNamedAfterAMonthMayHaveTripsOfAny() =>
        Assert.IsType<RowOutcome.Accepted>(Check(At(Trips.Good, new(2012, 5, 6)), "trips.csv"));

    [Theory]
    [InlineData("2019-01.csv", "2019-02-02")]
    [InlineData("2018-12.csv 2019-02.csv 2019-01.csv", "2019-03-02")]
    [InlineData("readme.csv 2019-02.csv", "2019-03-02")]
    [InlineData("2019-12.csv", "2020-01-02")]
    [InlineData("2019-13.csv", null)]
    [InlineData("2019-02.v2.csv", null)]
    [InlineData("trips.csv", null)]
    public void TheDataWasDrawnADayAfterTheLastMonth(string files, string? expected) =>
        Assert.Equal(expected,
            TaxiContract.EndOf(files.Split(' '))?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static TaxiTrip At(TaxiTrip trip, DateTime pickup) =>
        trip with { PickupAt = pickup, DropoffAt = pickup.AddMinutes(10) };

    private static RowOutcome Check(TaxiTrip trip, string file = "2019-02.csv")
    {
        var check = TaxiContract.For(AsOf).Begin();
        check.Open(file, []);
        return check.Check(trip, new(file, 2));
    }
}
