namespace TaxiFares.Tests;

/// <summary>When two rows are about one trip, and which of them counts.</summary>
public sealed class NamingTrips
{
    [Fact]
    public void TimesZonesAndDistanceNameATrip()
    {
        var key = TaxiKeys.Of(Trips.Good);
        Assert.NotEqual(key, TaxiKeys.Of(Trips.Good with { PickupAt = Trips.Good.PickupAt.AddSeconds(1) }));
        Assert.NotEqual(key, TaxiKeys.Of(Trips.Good with { DropoffAt = Trips.Good.DropoffAt.AddSeconds(1) }));
        Assert.NotEqual(key, TaxiKeys.Of(Trips.Good with { PickupZone = 162 }));
        Assert.NotEqual(key, TaxiKeys.Of(Trips.Good with { DropoffZone = 237 }));
        Assert.NotEqual(key, TaxiKeys.Of(Trips.Good with { TripDistance = 3.21 }));
        Assert.Equal(key, TaxiKeys.Of(Trips.Good with
        {
            VendorId = null,
            PassengerCount = 3,
            RateCode = null,
            StoreAndForward = null,
            PaymentType = 4,
            FareAmount = -14,
            Extra = 0,
            MtaTax = 0,
            TipAmount = 0,
            TollsAmount = 5,
            ImprovementSurcharge = 0,
            TotalAmount = -1,
            CongestionSurcharge = null,
        }));
    }

    // Python: hashlib.sha256(b"636857658000000000|636857668500000000|161|236|3.2").hexdigest()[:32], the times in
    // ticks. Another key would deal training and held-out trips anew, and no champion could be compared with honestly.
    [Fact]
    public void TheKeyOfATripNeverChanges() =>
        Assert.Equal("8f3008d619fdbb41f8d4f37e37e8f9ec", TaxiKeys.Of(Trips.Good).ToString());

    [Theory]
    [InlineData(14, 21.96, -14, -21.96, true)]
    [InlineData(-14, -21.96, 14, 21.96, true)]
    [InlineData(14, 21.96, -14, -20, false)]
    [InlineData(14, 21.96, -13, -21.96, false)]
    [InlineData(14, 21.96, 14, 21.96, false)]
    [InlineData(0, 0, 0, 0, false)]
    public void AChargeAndItsRefundUndoEachOther(double fare, double total, double otherFare, double otherTotal,
        bool cancel) =>
        Assert.Equal(cancel, TaxiKeys.Duplicates.Cancel!(
            Trips.Good with { FareAmount = fare, TotalAmount = total },
                Trips.Good with { FareAmount = otherFare, TotalAmount = otherTotal }));

    [Fact]
    public void TheHigherTotalIsPreferred()
    {
        Assert.True(TaxiKeys.Duplicates.Prefer(Trips.Good with { TotalAmount = 22 }, Trips.Good) > 0);
        Assert.True(TaxiKeys.Duplicates.Prefer(Trips.Good, Trips.Good with { TotalAmount = 22 }) < 0);
        Assert.Equal(0, TaxiKeys.Duplicates.Prefer(Trips.Good, Trips.Good with { TipAmount = 9 }));
    }
}
