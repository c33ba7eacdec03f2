using System.Globalization;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Rows;

namespace TaxiFares;

/// <summary>When two rows are about the same trip, and what that means.</summary>
public static class TaxiKeys
{
    /// <summary>Times, zones and distance name a trip.</summary>
    public static RowKey Of(TaxiTrip trip) => RowKey.Of(string.Create(CultureInfo.InvariantCulture,
        $"{trip.PickupAt.Ticks}|{trip.DropoffAt.Ticks}|{trip.PickupZone}|{trip.DropoffZone}|{trip.TripDistance:R}"));

    /// <summary>Names a trip by what is known when it starts.</summary>
    public static RowKey OfQuote(TaxiTrip trip) => RowKey.Of(string.Create(CultureInfo.InvariantCulture,
        $"{trip.PickupAt.Ticks}|{trip.PickupZone}|{trip.DropoffZone}|{trip.TripDistance:R}|{trip.VendorId}"));

    /// <summary>A refund repeats its trip with the amounts negated: the two undo each other. Otherwise the row with the
    /// higher total is the later, corrected one.</summary>
    public static readonly DuplicateRules<TaxiTrip> Duplicates = DuplicateRules
        .ByKey<TaxiTrip>(trip => trip.PickupAt, trip => trip.DropoffAt, trip => trip.PickupZone,
            trip => trip.DropoffZone, trip => trip.TripDistance)
        .Cancels((one, other) =>
            one.FareAmount == -other.FareAmount && one.TotalAmount == -other.TotalAmount && one.TotalAmount != 0)
        .Prefers((one, other) => one.TotalAmount.CompareTo(other.TotalAmount));
}
