namespace TaxiFares.Tests;

/// <summary>A trip without faults, to change one thing of.</summary>
internal static class Trips
{
    public static readonly TaxiTrip Good = new()
    {
        VendorId = 2,
        PickupAt = new(2019, 2, 14, 18, 30, 0),
        DropoffAt = new(2019, 2, 14, 18, 47, 30),
        PassengerCount = 1,
        TripDistance = 3.2,
        RateCode = 1,
        StoreAndForward = "N",
        PickupZone = 161,
        DropoffZone = 236,
        PaymentType = 1,
        FareAmount = 14,
        Extra = 1,
        MtaTax = 0.5,
        TipAmount = 3.66,
        TollsAmount = 0,
        ImprovementSurcharge = 0.3,
        TotalAmount = 21.96,
        CongestionSurcharge = 2.5,
    };
}
