using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;

namespace MLBuild.Serving.Tests;

/// <summary>A row with a column of every type, and what a team writes about it.</summary>
public sealed class Ride
{
    [Column("distance")]
    public double Distance { get; set; }

    [Column("zone")]
    public int Zone { get; set; }

    [Column("pickup")]
    public DateTime PickupAt { get; set; }

    [Column("passengers")]
    public int? Passengers { get; set; }

    [Column("shared")]
    public bool? Shared { get; set; }

    [Column("flag")]
    public string? Flag { get; set; }

    [Column("meter")]
    public long? Meter { get; set; }

    [Column("dropoff")]
    public DateTime DropoffAt { get; set; }

    [Column("fare")]
    public double Fare { get; set; }

    public static FeatureSet<Ride> Features { get; } = new FeatureSet<Ride>()
        .Numeric("distance", ride => ride.Distance)
        .Categorical("zone", ride => ride.Zone)
        .Numeric("hour", ride => ride.PickupAt.TimeOfDay.TotalHours)
        .Numeric("passengers", ride => ride.Passengers)
        .Categorical("shared", ride => ride.Shared is { } shared ? shared ? 1 : 0 : null)
        .Numeric("flagged", ride => ride.Flag == "Y" ? 1 : 0)
        .Numeric("meter", ride => ride.Meter);

    public static ModelDefinition<Ride> Definition { get; } = new(
        "ride-fare", Features, ride => ride.Fare, ride => RowKey.Of($"{ride.Zone}|{ride.PickupAt.Ticks}"), Groups: []);

    public static ServedRow<Ride> Served { get; } =
        new(["distance", "zone", "pickup", "passengers", "shared", "flag", "meter"]);

    /// <summary>Rides that differ in every column, with a fare that follows from them.</summary>
    public static Ride Number(int i) => new()
    {
        Distance = i * 7 % 41 / 4.0,
        Zone = i % 5,
        PickupAt = new DateTime(2019, 2, 1, 6, 0, 0).AddMinutes(i * 17 % 900),
        Passengers = i % 3 == 0 ? null : i % 4,
        Shared = i % 7 == 0 ? null : i % 2 == 0,
        Flag = i % 11 == 0 ? null : i % 3 == 0 ? "Y" : "N",
        Meter = i % 13 == 0 ? null : i * 1000L,
        Fare = 2.5 + 3 * (i * 7 % 41 / 4.0) + i % 5,
    };

    public float ScoreBy(RegressionModel model)
    {
        var features = new float[Features.Width];
        Features.Compute(this, features);
        return model.Score(features);
    }
}
