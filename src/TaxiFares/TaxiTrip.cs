using MLBuild.Learning.Rows;

namespace TaxiFares;

/// <summary>One yellow-taxi trip, as the New York City Taxi and Limousine Commission publishes it. Money in US dollars,
/// distance in miles, times local without a zone. Absent is null: some trips come without vendor, passengers, rate
/// code, flag and payment.</summary>
public sealed record TaxiTrip
{
    [Column("vendor_id")]
    public int? VendorId { get; set; }

    [Column("pickup_datetime")]
    public DateTime PickupAt { get; set; }

    [Column("dropoff_datetime")]
    public DateTime DropoffAt { get; set; }

    [Column("passenger_count")]
    public int? PassengerCount { get; set; }

    [Column("trip_distance")]
    public double TripDistance { get; set; }

    /// <summary>1 standard, 2 JFK, 3 Newark, 4 Nassau or Westchester, 5 negotiated, 6 group; 99 unknown.</summary>
    [Column("rate_code_id")]
    public int? RateCode { get; set; }

    /// <summary><c>Y</c> if the trip was held in the vehicle before it was sent, else <c>N</c>.</summary>
    [Column("store_and_fwd_flag")]
    public string? StoreAndForward { get; set; }

    [Column("pickup_location_id")]
    public int PickupZone { get; set; }

    [Column("dropoff_location_id")]
    public int DropoffZone { get; set; }

    [Column("payment_type")]
    public int? PaymentType { get; set; }

    /// <summary>What the meter says for time and distance: what the model predicts.</summary>
    [Column("fare_amount")]
    public double FareAmount { get; set; }

    [Column("extra")]
    public double Extra { get; set; }

    [Column("mta_tax")]
    public double MtaTax { get; set; }

    [Column("tip_amount")]
    public double TipAmount { get; set; }

    [Column("tolls_amount")]
    public double TollsAmount { get; set; }

    [Column("improvement_surcharge")]
    public double ImprovementSurcharge { get; set; }

    [Column("total_amount")]
    public double TotalAmount { get; set; }

    /// <summary>Charged since February 2019.</summary>
    [Column("congestion_surcharge")]
    public double? CongestionSurcharge { get; set; }

    /// <summary>Minutes from pick-up to drop-off.</summary>
    public double DurationMinutes => (DropoffAt - PickupAt).TotalMinutes;
}
