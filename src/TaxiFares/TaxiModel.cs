using MLBuild.Learning.Features;
using MLBuild.Learning.Models;

namespace TaxiFares;

/// <summary>The fare model: what is known when a trip starts, to what the meter will say.</summary>
public static class TaxiModel
{
    /// <summary>In the registry.</summary>
    public const string Name = "taxi-fare";

    // Days are counted from here, so that the number of a day keeps its minutes as a float.
    private static DateTime FirstDay => new(2018, 1, 1);

    /// <summary>Times, zones, planned distance, rate code, passengers, vendor. Nothing that is known only at the end:
    /// no drop-off time, no tolls, tip, surcharge or total.</summary>
    public static readonly FeatureSet<TaxiTrip> Features = new FeatureSet<TaxiTrip>()
        .Numeric("trip_distance", trip => trip.TripDistance)
        .Numeric("pickup_hour", trip => trip.PickupAt.Hour)
        .Categorical("pickup_weekday", trip => (int)trip.PickupAt.DayOfWeek)
        .Numeric("pickup_minute_of_day", trip => trip.PickupAt.TimeOfDay.TotalMinutes)
        .Numeric("pickup_day", trip => (trip.PickupAt - FirstDay).TotalDays)
        .Categorical("pickup_zone", trip => trip.PickupZone)
        .Categorical("dropoff_zone", trip => trip.DropoffZone)
        .Numeric("lower_zone", trip => Math.Min(trip.PickupZone, trip.DropoffZone))
        .Numeric("higher_zone", trip => Math.Max(trip.PickupZone, trip.DropoffZone))
        .Numeric("same_zone", trip => trip.PickupZone == trip.DropoffZone ? 1 : 0)
        .Categorical("rate_code", trip => trip.RateCode)
        .Numeric("passengers", trip => trip.PassengerCount)
        .Categorical("vendor", trip => trip.VendorId);

    public static readonly ModelDefinition<TaxiTrip> Definition = new(
        Name,
        Features,
        Label: trip => trip.FareAmount,
        Key: TaxiKeys.Of,
        Groups:
        [
            new("pickup", trip => Zones.GroupOf(trip.PickupZone).ToString()),
            new("hours", trip => HourBand(trip.PickupAt.Hour)),
            new("rate", trip => RateName(trip.RateCode)),
        ])
    {
        ServedKey = TaxiKeys.OfQuote,
        PredictedAt = trip => trip.PickupAt,
    };

    /// <summary>The columns that a quote needs: what is known when a trip starts.</summary>
    public static readonly IReadOnlyList<string> KnownAtStart =
    [
        "vendor_id", "pickup_datetime", "passenger_count", "trip_distance", "rate_code_id", "pickup_location_id",
        "dropoff_location_id",
    ];

    private static string HourBand(int hour) => hour switch
    {
        < 6 => "night",
        < 10 => "morning",
        < 16 => "midday",
        < 20 => "evening",
        _ => "late",
    };

    private static string RateName(int? code) => code switch
    {
        1 => "standard",
        2 => "jfk",
        3 => "newark",
        4 => "suburbs",
        5 => "negotiated",
        _ => "other",
    };
}
