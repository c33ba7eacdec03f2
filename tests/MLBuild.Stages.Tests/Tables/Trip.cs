using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>A row of the real data: the 18 columns of the city's yellow-taxi files.</summary>
public sealed class Trip
{
    [Column("vendor_id")] public int? VendorId { get; set; }
    [Column("pickup_datetime")] public DateTime PickupTime { get; set; }
    [Column("dropoff_datetime")] public DateTime DropoffTime { get; set; }
    [Column("passenger_count")] public int? PassengerCount { get; set; }
    [Column("trip_distance")] public double TripDistance { get; set; }
    [Column("rate_code_id")] public int? RateCodeId { get; set; }
    [Column("store_and_fwd_flag")] public string? StoreAndForwardFlag { get; set; }
    [Column("pickup_location_id")] public int PickupLocationId { get; set; }
    [Column("dropoff_location_id")] public int DropoffLocationId { get; set; }
    [Column("payment_type")] public int? PaymentType { get; set; }
    [Column("fare_amount")] public double FareAmount { get; set; }
    [Column("extra")] public double Extra { get; set; }
    [Column("mta_tax")] public double MtaTax { get; set; }
    [Column("tip_amount")] public double TipAmount { get; set; }
    [Column("tolls_amount")] public double TollsAmount { get; set; }
    [Column("improvement_surcharge")] public double ImprovementSurcharge { get; set; }
    [Column("total_amount")] public double TotalAmount { get; set; }
    [Column("congestion_surcharge")] public double? CongestionSurcharge { get; set; }
}
